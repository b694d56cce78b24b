"""A process may have as many files open as the system lets it."""

import subprocess
import sys

import pytest

ASKED = """
import logging, resource
logging.basicConfig(format="%(message)s")
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
from rxapp.open_files import allow_many_open_files
allow_many_open_files()
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


@pytest.mark.parametrize(("soft", "hard", "got", "says"), [(256, 10_000, 10_000, ""), (256, 1_000, 1_000, "ulimit -n")])
def test_the_limit_is_raised_to_what_is_allowed_and_too_little_is_said(
    soft: int, hard: int, got: int, says: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKED.format(soft=soft, hard=hard)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == got
    assert says in done.stderr
    assert bool(says) == bool(done.stderr)
