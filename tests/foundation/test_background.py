"""What runs in the background: what ends is said and seen, and a stop waits for nothing that is away."""

import asyncio
import logging

import pytest

from db.engine import Database
from rxapp import background, rxapp
from rxapp.background import clean_up, running
from rxapp.live.bus import Bus
from rxapp.live.redis_link import RedisLink
from rxapp.observability.health import Health, Status
from rxapp.services.backend import Backend, make_backend
from rxapp.services.cursor_batch import CursorBatch
from rxapp.watching import telling_health
from tests.browser.waiting import until as until_async
from tests.live.waiting import until
from tests.redis_server import RedisServer
from tests.team import make_team


class Failed(Exception):
    """What the work ends with."""


async def for_ever() -> None:
    await asyncio.Event().wait()


async def fail() -> None:
    raise Failed


async def never_ending(made: Backend) -> None:
    del made
    await asyncio.Event().wait()


async def failing(made: Backend) -> None:
    del made
    raise Failed


async def test_what_ends_by_itself_is_said_once_and_the_rest_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    async with running(for_ever(), fail(), for_ever(), wait_for(ended())) as tasks:
        tasks[2].cancel()
        await until(lambda: all(task.done() for task in tasks[1:]), "all but the first end")
        assert not tasks[0].done()
        assert caplog.text.count("Work in the background ended for good; restart this process") == 3
        assert caplog.text.count("Failed") >= 1
    assert tasks[0].cancelled()
    assert caplog.text.count("ended for good") == 3


async def test_where_one_kind_of_work_fails_the_others_end_with_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "keep_rerendering", never_ending)
    monkeypatch.setattr(background, "keep_purging", failing)
    monkeypatch.setattr(background, "keep_removing", never_ending)
    before = asyncio.all_tasks()
    with pytest.raises(ExceptionGroup) as raised:
        await clean_up(make_backend(database))
    assert raised.group_contains(Failed)
    assert asyncio.all_tasks() == before


async def test_health_sees_what_ended(database_url: str) -> None:
    health, goes_on = Health(), asyncio.Event()
    async with (
        running(for_ever(), wait_for(goes_on)) as tasks,
        telling_health(health, database_url, None, tasks),
    ):
        assert (await health.read())[0] is Status.READY
        goes_on.set()
        await until(lambda: tasks[1].done(), "it ends")
        await becomes_not_ready(health)
        assert (await health.read())[1]["jobs"] == "failing"


async def test_health_sees_a_worker_that_hears_the_others_no_more(
    database_url: str, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    link = RedisLink(redis_server.url)
    bus, health = Bus(link, "a test"), Health()
    backend = make_backend(Database.at(database_url, pool_size=1))
    await link.start()
    await bus.start(hear=backend.hub.hear, changed=backend.hub.others_changed)
    assert len(bus.tasks) == 3
    async with telling_health(health, database_url, bus, []):
        assert (await health.read())[0] is Status.READY
        bus.tasks[-1].cancel()
        await becomes_not_ready(health)
        assert (await health.read())[1]["jobs"] == "failing"
    assert caplog.text.count("ended for good") == 1
    await bus.close()
    assert caplog.text.count("ended for good") == 1
    await link.close()
    await backend.database.close()


async def test_what_was_read_in_the_last_moment_is_lost_aloud_when_the_database_is_away(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    team = await make_team(make_backend(database))
    away = Database.at("postgresql://nobody@127.0.0.1:1/nothing", pool_size=1)
    cursors = CursorBatch(make_backend(away))
    cursors.note(actor=team.member, channel_id=team.general, seq=1)
    with caplog.at_level(logging.WARNING):
        await rxapp._write_what_was_read(cursors)
    assert "What was read in the last moment could not be written" in caplog.text
    await away.close()


def ended() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


async def wait_for(event: asyncio.Event) -> None:
    await event.wait()


async def becomes_not_ready(health: Health) -> None:
    """An answer of health holds for a second."""

    async def is_not_ready() -> bool:
        return (await health.read())[0] is Status.NOT_READY

    await until_async(is_not_ready, "it is not ready")
