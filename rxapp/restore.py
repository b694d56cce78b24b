"""Bring an installation back from a backup."""

import os
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from db.dump import Dump, load_database
from db.migrate import migrate, prepared_connection
from rxapp.backup import DATABASE, FORMAT, MANIFEST, Manifest
from rxapp.data_folder import FILES
from rxapp.operator_error import OperatorError
from rxapp.running_database import reachable_database
from rxapp.scratch import scratch_folder
from rxapp.secret_file import SECRET_FILE
from rxapp.settings import Settings
from rxapp.signals import undisturbed


def restore(settings: Settings, source: Path, *, replace: bool) -> Manifest:
    """Make the data folder and the database hold what the backup holds; raises OperatorError.

    A target that holds anything is refused unless `replace`. The database changes in one transaction, then files and
    secrets are put in place.
    """
    with (
        reachable_database(settings) as url,
        scratch_folder(settings.data_dir) as unpacked,
    ):
        manifest = _unpack(source, unpacked)
        files = settings.data_dir / FILES
        if any(files.iterdir()) and not replace:
            raise OperatorError(
                f"{files} is not empty: restore with --replace to delete what is there, or into a new data "
                "folder (CONFAB_DATA)."
            )
        with prepared_connection(url) as connection:
            dump = Dump(unpacked / DATABASE, manifest.migrations)
            load_database(connection, dump, replace=replace, embedded=settings.database_url is None)
        with undisturbed():
            _put(unpacked, settings.data_dir)
        migrate(url)
    return manifest


def _unpack(source: Path, folder: Path) -> Manifest:
    """Take out the members that a backup has, and nothing else: a name never leads out of the folder."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                name = PurePosixPath(member.name)
                expected = member.name in {MANIFEST, DATABASE, SECRET_FILE} or name.parts[:1] == (FILES,)
                if not expected or ".." in name.parts or not (member.isfile() or member.isdir()):
                    raise OperatorError(
                        f"{source} holds {member.name!r}, which no backup does: take a file that `backup` wrote."
                    )
                _take(archive, member, folder / name)
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_text())
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValidationError) as error:
        reason = getattr(error, "strerror", None) or "it is damaged, or no backup"
        raise OperatorError(f"The backup {source} cannot be read ({reason}): take another backup file.") from error
    if manifest.format != FORMAT:
        raise OperatorError(
            f"{source} is a backup of format {manifest.format}, this version reads {FORMAT}: restore it with "
            f"Confab {manifest.confab}."
        )
    return manifest


def _take(archive: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
    content = archive.extractfile(member)
    if content is None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with content, os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        shutil.copyfileobj(content, file)


def _put(unpacked: Path, data_dir: Path) -> None:
    """Swap the files in: the old ones go when the new ones are in place."""
    fresh = unpacked / FILES
    fresh.mkdir(mode=0o700, exist_ok=True)
    (data_dir / FILES).rename(unpacked / "replaced")
    fresh.rename(data_dir / FILES)
    if (unpacked / SECRET_FILE).exists():
        (unpacked / SECRET_FILE).replace(data_dir / SECRET_FILE)
