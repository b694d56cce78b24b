"""A server spares what it has loaded from collections of garbage."""

import subprocess
import sys

SCRIPT = """
import gc
from rxapp.garbage import spare_what_stays
loaded = [[] for _ in range(1000)]
before = len(gc.get_objects())
spare_what_stays()
print(gc.get_freeze_count() >= 1000, len(gc.get_objects()) < before / 2, gc.get_threshold()[2] > 10)
"""


def test_what_is_loaded_is_looked_through_no_more() -> None:
    ended = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["True", "True", "True"]
