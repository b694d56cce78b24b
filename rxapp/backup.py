"""One file that holds an installation: its database, its uploaded files and its secrets."""

import os
import tarfile
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from db.dump import dump_database
from db.migrate import prepared_connection
from rxapp import __version__
from rxapp.data_folder import FILES
from rxapp.operator_error import OperatorError
from rxapp.running_database import reachable_database
from rxapp.scratch import scratch_folder
from rxapp.secret_file import SECRET_FILE
from rxapp.settings import Settings

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.dump"


class Manifest(BaseModel):
    """What a backup says about itself."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    format: int
    confab: str
    made_at: datetime
    migrations: list[str]


def back_up(settings: Settings, target: Path) -> Manifest:
    """Write a backup, readable by its owner only, while Confab may go on running; raises OperatorError.

    The database is copied first: a file uploaded meanwhile is in the backup without its row, never the other way round.
    """
    target = target.absolute()
    with (
        reachable_database(settings) as url,
        prepared_connection(url) as connection,
        scratch_folder(settings.data_dir) as folder,
    ):
        dump = dump_database(connection, url, folder / DATABASE, embedded=settings.database_url is None)
        manifest = Manifest(
            format=FORMAT, confab=__version__, made_at=datetime.now(UTC), migrations=list(dump.versions)
        )
        (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2))
        try:
            _pack(settings.data_dir, folder, target)
        except OSError as error:
            raise OperatorError(
                f"The backup {target} could not be written ({error.strerror}): choose another place for it."
            ) from error
    return manifest


def _pack(data_dir: Path, prepared: Path, target: Path) -> None:
    """Write beside the target and rename: a backup is whole or absent."""
    draft = target.with_name(f".{target.name}.draft")
    descriptor = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz") as archive:
                archive.add(prepared / MANIFEST, MANIFEST)
                archive.add(prepared / DATABASE, DATABASE)
                for name in (SECRET_FILE, FILES):
                    if (data_dir / name).exists():
                        archive.add(data_dir / name, name)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
