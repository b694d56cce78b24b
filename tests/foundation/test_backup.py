"""Backup and restore: one file holds it all, and a restore changes everything or nothing."""

import io
import json
import os
import signal
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from db.engine import Database
from db.migrate import migrate
from rxapp.backup import DATABASE, MANIFEST, back_up
from rxapp.data_folder import FILES, prepare_data_folder
from rxapp.operator_error import OperatorError
from rxapp.restore import restore
from rxapp.running_database import migrated_database
from rxapp.scratch import LOCK, PREFIX
from rxapp.secret_file import SECRET_FILE, load_secrets
from rxapp.settings import Settings
from tests.foundation.processes import until
from tests.foundation.team import make_team

WAITING_FOR_A_TABLE = """
select count(*) from pg_stat_activity
where datname = current_database() and application_name = 'pg_dump' and wait_event_type = 'Lock'
"""
EVERYTHING = """
select (select jsonb_agg(u order by u.id) from public.users u),
  (select jsonb_agg(c order by c.id) from public.channels c),
  (select jsonb_agg(m order by m.id) from public.chat m),
  (select jsonb_agg(e order by e.message_id) from public.emojis e),
  (select jsonb_agg(s order by s.channel_id, s.user_id) from public.channel_members s),
  (select jsonb_agg(i) from private.installation i)
"""


def installation(folder: Path, url: str | None) -> Settings:
    folder.mkdir(mode=0o711, exist_ok=True)
    prepare_data_folder(folder / "data")
    return Settings(CONFAB_DATA=folder / "data", DATABASE_URL=url, _env_file=None)


async def contents(url: str) -> object:
    database = Database.at(url, pool_size=1)
    try:
        async with database.session() as session:
            return tuple((await session.execute(text(EVERYTHING))).one())
    finally:
        await database.close()


async def fill(settings: Settings, url: str) -> None:
    """A team, a file and secrets."""
    database = Database.at(url, pool_size=1)
    await make_team(database)
    await database.close()
    (settings.data_dir / FILES / "ab").mkdir()
    (settings.data_dir / FILES / "ab" / "picture").write_bytes(b"\x89PNG\x00")
    load_secrets(settings)


def entries_of(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        return {member.name: file.read() for member in tar if (file := tar.extractfile(member)) is not None}


def write_archive(path: Path, entries: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in entries.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return path


async def test_an_embedded_installation_comes_back_whole_in_another_place(reachable_dir: Path) -> None:
    old, new = (installation(reachable_dir / name, None) for name in ("old", "new"))
    archive = reachable_dir / "backup.tar.gz"
    with migrated_database(old, lambda _: None) as url:
        await fill(old, url)
        before = await contents(url)
        back_up(old, archive)  # while it runs
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    restore(new, archive, replace=False)
    with migrated_database(new, lambda _: None) as url:
        assert await contents(url) == before
    assert (new.data_dir / FILES / "ab" / "picture").read_bytes() == b"\x89PNG\x00"
    assert load_secrets(new) == load_secrets(old)
    assert stat.S_IMODE((new.data_dir / SECRET_FILE).stat().st_mode) == 0o600
    assert sorted(path.name for path in new.data_dir.iterdir()) == [FILES, "postgres", SECRET_FILE]


async def test_a_backup_that_is_ended_on_the_way_leaves_nothing(tmp_path: Path, database_url: str) -> None:
    settings = installation(tmp_path, database_url)
    await fill(settings, database_url)
    killed = settings.data_dir / f"{PREFIX}of-one-that-was-killed"
    killed.mkdir()
    (killed / LOCK).touch()
    with psycopg.connect(database_url) as other, psycopg.connect(database_url, autocommit=True) as watching:
        other.execute("lock table public.chat in access exclusive mode")
        process = subprocess.Popen(
            [sys.executable, "-m", "rxapp", "backup", str(tmp_path / "backup.tar.gz")],
            env={**os.environ, "DATABASE_URL": database_url, "CONFAB_DATA": str(settings.data_dir)},
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        until(lambda: watching.execute(WAITING_FOR_A_TABLE.encode()).fetchone() == (1,), "it waits for a table")
        assert not killed.exists()
        assert len(list(settings.data_dir.glob(f"{PREFIX}*"))) == 1
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate()
    assert (process.returncode, said) == (143, "")
    assert not list(settings.data_dir.glob(f"{PREFIX}*"))
    assert not list(tmp_path.glob("*backup*"))


async def test_a_target_that_holds_something_is_refused_unless_told(tmp_path: Path, database_url: str) -> None:
    settings = installation(tmp_path, database_url)
    await fill(settings, database_url)
    archive = tmp_path / "backup.tar.gz"
    back_up(settings, archive)
    before = await contents(database_url)
    database = Database.at(database_url, pool_size=1)
    async with database.transaction() as session:
        await session.execute(text("update public.chat set source = 'changed since'"))
    await database.close()
    changed = await contents(database_url)
    (settings.data_dir / FILES / "later").touch()

    with pytest.raises(OperatorError, match="files is not empty: restore with --replace"):
        restore(settings, archive, replace=False)
    for path in (settings.data_dir / FILES / "later", settings.data_dir / FILES / "ab" / "picture"):
        path.unlink()
    (settings.data_dir / FILES / "ab").rmdir()
    with pytest.raises(OperatorError, match="The database is not empty: restore with --replace"):
        restore(settings, archive, replace=False)
    assert await contents(database_url) == changed

    restore(settings, archive, replace=True)
    assert await contents(database_url) == before
    assert [path.name for path in (settings.data_dir / FILES).iterdir()] == ["ab"]
    assert migrate(database_url) == []


async def test_triggers_and_keys_work_again_after_a_restore(tmp_path: Path, database_url: str) -> None:
    settings = installation(tmp_path, database_url)
    await fill(settings, database_url)
    archive = tmp_path / "backup.tar.gz"
    back_up(settings, archive)
    query = """
    select (select jsonb_agg(conname order by conname) from pg_constraint where connamespace = 'public'::regnamespace),
      (select jsonb_agg(jsonb_build_array(tgname, tgenabled) order by tgname) from pg_trigger where not tgisinternal)
    """
    database = Database.at(database_url, pool_size=1)
    async with database.session() as session:
        before = (await session.execute(text(query))).one()
    await database.close()
    restore(settings, archive, replace=True)
    async with database.session() as session:
        assert (await session.execute(text(query))).one() == before
    await database.close()


async def test_a_running_confab_is_not_replaced(tmp_path: Path, database_url: str, database: Database) -> None:
    settings = installation(tmp_path, database_url)
    archive = tmp_path / "backup.tar.gz"
    back_up(settings, archive)
    async with database.session() as session:
        await session.execute(text("select 1"))
        with pytest.raises(OperatorError, match="Confab is running on this database: stop it"):
            restore(settings, archive, replace=True)


@pytest.fixture
def archive(tmp_path: Path, database_url: str) -> Path:
    path = tmp_path / "backup.tar.gz"
    back_up(installation(tmp_path, database_url), path)
    return path


def test_a_backup_of_a_newer_version_is_refused(tmp_path: Path, archive: Path, empty_database_url: str) -> None:
    entries = entries_of(archive)
    manifest = json.loads(entries[MANIFEST])
    manifest["migrations"].append("99990101000000")
    newer = write_archive(tmp_path / "newer.tar.gz", {**entries, MANIFEST: json.dumps(manifest).encode()})
    with pytest.raises(OperatorError, match="migration 99990101000000, which this version"):
        restore(installation(tmp_path / "target", empty_database_url), newer, replace=False)


def test_a_damaged_dump_leaves_the_database_as_it_was(tmp_path: Path, archive: Path, empty_database_url: str) -> None:
    entries = entries_of(archive)
    whole = entries[DATABASE]
    broken = write_archive(tmp_path / "broken.tar.gz", {**entries, DATABASE: whole[: len(whole) // 2]})
    target = installation(tmp_path / "target", empty_database_url)
    with pytest.raises(OperatorError, match=r"damaged: take another backup file\. The database is as it was before"):
        restore(target, broken, replace=False)
    restore(target, archive, replace=False)  # so it was empty still


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "files/../../outside", "other"])
def test_a_file_never_leads_out_of_the_data_folder(
    tmp_path: Path, archive: Path, name: str, empty_database_url: str
) -> None:
    evil = write_archive(tmp_path / "evil.tar.gz", {**entries_of(archive), name: b"x"})
    with pytest.raises(OperatorError, match=f"holds '{name}', which no backup does"):
        restore(installation(tmp_path / "target", empty_database_url), evil, replace=False)
    assert not list(tmp_path.rglob("outside"))


def test_a_link_is_no_file_of_a_backup(tmp_path: Path, archive: Path, empty_database_url: str) -> None:
    evil = tmp_path / "evil.tar.gz"
    with tarfile.open(evil, "w:gz") as tar:
        link = tarfile.TarInfo("files/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(OperatorError, match="holds 'files/link', which no backup does"):
        restore(installation(tmp_path / "target", empty_database_url), evil, replace=False)


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b\x08\x00 no gzip either"])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes, empty_database_url: str) -> None:
    path = tmp_path / "some.tar.gz"
    path.write_bytes(content)
    with pytest.raises(OperatorError, match=r"cannot be read .*take another backup file"):
        restore(installation(tmp_path / "target", empty_database_url), path, replace=False)


def test_a_backup_that_cannot_be_written_leaves_nothing(tmp_path: Path, database_url: str) -> None:
    settings = installation(tmp_path, database_url)
    with pytest.raises(
        OperatorError, match=r"could not be written \(No such file or directory\): choose another place"
    ):
        back_up(settings, tmp_path / "absent" / "backup.tar.gz")
    assert [path.name for path in settings.data_dir.iterdir()] == [FILES]
