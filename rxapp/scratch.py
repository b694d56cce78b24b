"""Folders in the data folder that are needed for a while and hold what nobody else should read."""

import fcntl
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

# Not what anybody would call a folder of their own beside it.
PREFIX = ".confab-scratch-"
LOCK = "lock"


@contextmanager
def scratch_folder(data_dir: Path) -> Generator[Path]:
    """A folder for the block. What runs that were killed have left is removed first, where that is possible."""
    for left in data_dir.glob(f"{PREFIX}*"):
        with suppress(OSError), (left / LOCK).open("r+") as lock:  # somebody is at work in it, or it is another's
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=data_dir, prefix=PREFIX) as made:
        folder = Path(made)
        with _locked(folder):
            yield folder


def _locked(folder: Path) -> IO[str]:
    """Held until it is closed, by kill -9 too. It has its name once it is held: nobody finds it free before."""
    draft = folder / f"{LOCK}.new"
    lock = draft.open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    draft.rename(folder / LOCK)
    return lock
