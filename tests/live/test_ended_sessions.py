"""A session that ended in another process, or expired, loses its tabs with the next round."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, update

from db.engine import Database
from db.models import Session, User
from rxapp.actor import Actor
from rxapp.auth.sessions import living_sessions, open_session
from rxapp.live import heads
from rxapp.live.heads import close_ended_sessions, keep_rounds
from rxapp.services.heads import read_heads
from rxapp.services.rights import lost_rooms
from tests.live.waiting import until
from tests.live.world import World

Ending = Callable[[Actor], Any]

ENDINGS: dict[str, Ending] = {
    "revoked": lambda actor: update(Session).where(Session.id == actor.session_id).values(revoked_at=func.now()),
    "expired": lambda actor: (
        update(Session).where(Session.id == actor.session_id).values(expires_at=func.now() - timedelta(seconds=1))
    ),
    "deactivated": lambda actor: update(User).where(User.id == actor.user_id).values(deactivated_at=func.now()),
}


async def sign_in(world: World, actor: Actor) -> Actor:
    opened = await open_session(
        world.backend.database, user_id=actor.user_id, lifetime_days=1, address="127.0.0.1", agent="a test"
    )
    return Actor(actor.user_id, opened.id)


async def end(database: Database, ending: Ending, actor: Actor) -> None:
    async with database.transaction() as session:
        await session.execute(ending(actor))


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
async def test_a_session_that_ended_elsewhere_loses_its_tabs(ending: Ending, world: World) -> None:
    hub, database = world.backend.hub, world.backend.database
    bob, cyd = await sign_in(world, world.bob), await sign_in(world, world.cyd)
    hub.connect("bob", bob)
    hub.connect("cyd", cyd)

    async def living(ids: Any) -> set[UUID]:
        return await living_sessions(database, ids)

    await close_ended_sessions(hub, living)
    assert world.wire.closed == []
    await end(database, ending, bob)
    await close_ended_sessions(hub, living)
    assert world.wire.closed == ["bob"]
    assert [op["k"] for op in world.wire.take("bob")] == ["signed_out"]
    assert hub.sessions() == {cyd.session_id}


async def test_without_tabs_nothing_is_asked(world: World) -> None:
    async def living(_: Any) -> set[UUID]:
        raise AssertionError("asked for the sessions of nobody")

    await close_ended_sessions(world.backend.hub, living)


async def test_rounds_go_on_after_the_database_was_away(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(heads, "HEADS_SECONDS", 0.01)
    bob = await sign_in(world, world.bob)
    world.backend.hub.connect("bob", bob)
    is_away, rounds = True, asyncio.Event()

    async def living(ids: Any) -> set[UUID]:
        if is_away:
            rounds.set()
            raise ConnectionError("the database is away")
        return await living_sessions(world.backend.database, ids)

    rounds_kept = keep_rounds(
        world.backend.hub,
        lambda rooms: read_heads(world.backend, rooms),
        living,
        lambda held: lost_rooms(world.backend, held),
    )
    task = asyncio.create_task(rounds_kept)
    await rounds.wait()
    await end(world.backend.database, ENDINGS["revoked"], bob)
    is_away = False
    await until(lambda: world.wire.closed == ["bob"], "the tab is closed")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert "trying again" in caplog.text
