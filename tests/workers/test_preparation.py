"""What is prepared for other workers: by the code on the disk, and given up when all of it stops."""

import asyncio
import os
from pathlib import Path

import psycopg
import pytest

from db.migrate import ADVISORY_LOCK
from rxapp.build import ensure_built
from rxapp.operator_error import OperatorError
from rxapp.preparation import prepare_anew
from rxapp.settings import Settings
from tests.browser.server import children_of
from tests.live.waiting import until

WAITING = (
    "select count(*) from pg_stat_activity where application_name = 'confab-migrate' and wait_event = 'advisory' "
    "and datname = current_database()"
)


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


@pytest.fixture
def environment(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("CONFAB_DATA", str(tmp_path / "data"))


@pytest.mark.usefixtures("environment")
async def test_it_gives_the_page_of_the_code_on_the_disk() -> None:
    assert await prepare_anew() == await asyncio.to_thread(ensure_built, lambda _: None)


@pytest.mark.usefixtures("environment")
async def test_what_is_not_possible_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(OperatorError, match="what has to be done before new workers start failed"):
        await prepare_anew()


@pytest.mark.usefixtures("environment")
async def test_a_stop_in_the_middle_of_it_leaves_nothing_running(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("select pg_advisory_lock(%s)", (ADVISORY_LOCK,))
        preparing = asyncio.create_task(prepare_anew())
        await until(lambda: other.execute(WAITING.encode()).fetchone() == (1,), "it waits for its turn to migrate")
        preparing.cancel()
        await asyncio.gather(preparing, return_exceptions=True)
        assert preparing.cancelled()
        assert not [pid for pid in children_of(os.getpid()) if b"rxapp.preparation" in command_of(pid)]
        await until(lambda: other.execute(WAITING.encode()).fetchone() == (0,), "its connection is closed")
