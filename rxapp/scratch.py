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
            _remove(left)
    folder = Path(tempfile.mkdtemp(dir=data_dir, prefix=PREFIX))
    with _locked(folder):
        try:
            yield folder
        finally:
            _remove(folder)


def _locked(folder: Path) -> IO[str]:
    """Held until it is closed, by kill -9 too. It has its name once it is held: nobody finds it free before."""
    draft = folder / f"{LOCK}.new"
    lock = draft.open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    draft.rename(folder / LOCK)
    return lock


def _remove(folder: Path) -> None:
    """The lock goes last: what is left when this is cut short is removed by the next run."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()
    (folder / LOCK).unlink()
    folder.rmdir()
