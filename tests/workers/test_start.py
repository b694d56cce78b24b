"""Several workers start with a Redis that answers, or not at all, and say what is wrong."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from db.embedded import EmbeddedDatabase
from rxapp.serve import _warn_of_too_many_connections
from rxapp.settings import Settings
from tests.browser.server import free_port

PROJECT = Path(__file__).resolve().parents[2]


def start(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """What a start that is refused says."""
    path = os.pathsep.join((str(PROJECT), os.environ.get("PYTHONPATH", "")))
    own = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": path,
        "PORT": str(free_port()),
        "CONFAB_DATA": str(folder / "data"),
    }
    return subprocess.run(
        [sys.executable, "-m", "rxapp"],
        cwd=folder,
        env={**own, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def test_several_workers_without_redis_are_refused_before_anything_starts(tmp_path: Path) -> None:
    refused = start(tmp_path, WEB_CONCURRENCY="2")
    assert refused.returncode == 1
    assert refused.stderr == (
        "confab: WEB_CONCURRENCY is 2, and several workers need a Redis to tell one another what happens: set "
        "REDIS_URL to its address, or leave WEB_CONCURRENCY out for one worker.\n"
    )
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_redis_that_does_not_answer_is_refused_before_anything_starts(tmp_path: Path, workers: str) -> None:
    refused = start(tmp_path, WEB_CONCURRENCY=workers, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert refused.returncode == 1
    assert refused.stderr.startswith(
        "confab: Redis does not answer at the address of REDIS_URL (Error 111 connecting to "
    )
    assert refused.stderr.count("\n") == 1
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("workers", "is_said"), [(2, False), (20, True)])
def test_more_connections_than_the_database_takes_are_said_at_the_start(
    postgres: EmbeddedDatabase, caplog: pytest.LogCaptureFixture, workers: int, is_said: bool
) -> None:
    with caplog.at_level(logging.WARNING):
        _warn_of_too_many_connections(Settings(workers=workers, database_pool_size=10), postgres.url)
    assert ("lower DATABASE_POOL_SIZE" in caplog.text) is is_said
