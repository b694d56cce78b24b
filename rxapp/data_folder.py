"""The folder that holds what an installation owns."""

import os
import tempfile
from pathlib import Path

from rxapp.operator_error import OperatorError

FILES = "files"


def prepare_data_folder(folder: Path) -> None:
    """Make the folder and prove that it can be written; raises OperatorError."""
    try:
        # The account that root's database runs as has to pass through; what is inside has modes of its own.
        folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        (folder / FILES).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise OperatorError(
            f"The data folder {folder} cannot be written ({error.strerror}): make it writable for this account, "
            "or set CONFAB_DATA to another folder."
        ) from error
