"""Folders in the data folder that are needed for a while and hold what nobody else should read."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch_folder(data_dir: Path, prefix: str) -> Generator[Path]:
    """A folder for the block. What runs that were killed have left under the prefix is removed first."""
    for left in data_dir.glob(f"{prefix}*"):
        with _held(left) as is_ours:
            if is_ours:
                shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=data_dir, prefix=prefix) as folder, _held(Path(folder)):
        yield Path(folder)


@contextmanager
def _held(folder: Path) -> Generator[bool]:
    """Whether nobody else is at work in it; the system lets go of it even after kill -9."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)
