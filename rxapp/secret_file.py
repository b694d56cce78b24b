"""The secrets an installation makes for itself, kept beside its data."""

import json
import os
import secrets
from pathlib import Path

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from rxapp.operator_error import OperatorError
from rxapp.settings import Settings

SECRET_FILE = "secrets.json"
KEY_BYTES = 32


class Secrets(BaseModel):
    """What `secrets.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    secret_key: SecretStr


def load_secrets(settings: Settings) -> Secrets:
    """The secrets: those of the settings, else the file's, which the first start writes with mode 600."""
    if settings.secret_key is not None:
        return Secrets(secret_key=settings.secret_key)
    path = settings.data_dir / SECRET_FILE
    if not path.exists():
        _write_once(path, {"secret_key": secrets.token_urlsafe(KEY_BYTES)})
    try:
        return Secrets.model_validate_json(path.read_text())
    except (ValidationError, OSError) as error:
        raise OperatorError(
            f"{path} cannot be read as secrets: restore it from a backup, or delete it to make new ones."
        ) from error


def _write_once(path: Path, values: dict[str, str]) -> None:
    """Write the file whole, or leave the one that another process wrote first."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(values, file)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        finally:
            draft.unlink()
    except OSError as error:
        raise OperatorError(
            f"The data folder {path.parent} cannot be written ({error.strerror}): make it writable, or set "
            "CONFAB_DATA to another folder."
        ) from error
