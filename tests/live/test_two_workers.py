"""What happens at the same time on two workers leaves the tabs of both equal to one that is opened now.

Nothing but the database's locks and `rev`s orders what two workers do; the turns of a hub are one worker's.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from random import Random

import pytest

from db.engine import Database
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.bus import Bus, installation_name
from rxapp.live.heads import say_heads
from rxapp.live.redis_link import RedisLink
from rxapp.services.backend import make_backend
from rxapp.services.channel_people import add_people, join_channel, leave_channel, remove_person
from rxapp.services.channels import rename_channel
from rxapp.services.cursors import mark_all_read, mark_unread, move_cursor
from rxapp.services.direct import close_direct
from rxapp.services.drafts import save_draft
from rxapp.services.heads import read_heads
from rxapp.services.members import add_member, change_role, remove_member
from rxapp.services.preferences import choose
from rxapp.services.profiles import change_profile
from rxapp.services.workspaces import Role, rename_workspace
from tests.live.browser_store import BrowserStores
from tests.live.recording_wire import RecordingWire
from tests.live.tab import Tab, assert_equals_fresh, opened_tab
from tests.live.waiting import until
from tests.live.world import World, make_people, make_world
from tests.redis_server import RedisServer

ROUNDS = 6
AT_ONCE = 8

Step = Callable[[World, Random], Awaitable[object]]


@dataclass(slots=True)
class Worker:
    """One worker, as a world of its own on the database that both have, and Bob's tab there."""

    world: World
    link: RedisLink
    bus: Bus

    async def is_told(self) -> None:
        """All that it said has been heard, and nothing waits for its turn any more."""
        await self.world.backend.hub.here([])
        in_order = self.world.backend.hub._in_order
        assert in_order is not None
        await until(
            lambda: not any(line.waiting for lines in in_order._lines.values() for line in lines.values()),
            "nobody waits",
        )


@asynccontextmanager
async def worker_of(world: World, database: Database, redis: RedisServer) -> AsyncGenerator[Worker]:
    link, wire = RedisLink(redis.url), RecordingWire()
    bus = Bus(link, installation_name("a secret of the test"))
    backend = make_backend(database, wire, redis=link, others=bus)
    await link.start()
    await bus.start(hear=backend.hub.hear, changed=backend.hub.others_changed)
    try:
        yield Worker(replace(world, backend=backend, wire=wire), link, bus)
    finally:
        await backend.hub.close()
        await bus.close()
        await link.close()


async def say(world: World, chance: Random) -> None:
    who = chance.choice([world.ada, world.bob, world.cyd])
    await world.say(who, chance.choice([world.general, world.secret]), str(chance.random()))


async def read(world: World, chance: Random) -> None:
    await move_cursor(world.backend, actor=world.bob, channel_id=world.general, seq=chance.randrange(9))


async def mark(world: World, chance: Random) -> None:
    await mark_unread(world.backend, actor=world.bob, channel_id=world.general, seq=chance.randrange(1, 9))


async def mark_all(world: World, _: Random) -> None:
    await mark_all_read(world.backend, actor=world.bob, workspace_id=world.workspace)


async def join(world: World, _: Random) -> None:
    await join_channel(world.backend, actor=world.bob, channel_id=world.general)


async def leave(world: World, _: Random) -> None:
    await leave_channel(world.backend, actor=world.bob, channel_id=world.general)


async def add(world: World, _: Random) -> None:
    await add_people(world.backend, actor=world.ada, channel_id=world.secret, user_ids=[world.bob.user_id])


async def take_out(world: World, _: Random) -> None:
    await remove_person(world.backend, actor=world.ada, channel_id=world.secret, user_id=world.bob.user_id)


async def rename(world: World, chance: Random) -> None:
    channel, name = chance.choice([world.general, world.secret]), f"name-{chance.randrange(10**6)}"
    await rename_channel(world.backend, actor=world.ada, channel_id=channel, name=name, topic=name)


async def rename_all(world: World, chance: Random) -> None:
    name = f"Team {chance.random()}"
    await rename_workspace(world.backend, actor=world.ada, workspace_id=world.workspace, name=name)


async def talk(world: World, _: Random) -> None:
    await world.say(world.ada, await world.talk(world.ada, world.bob), "psst")


async def close(world: World, _: Random) -> None:
    await close_direct(world.backend, actor=world.bob, channel_id=await world.talk(world.bob, world.ada))


async def promote(world: World, chance: Random) -> None:
    role = chance.choice([Role.ADMIN, Role.MEMBER])
    await change_role(
        world.backend, actor=world.ada, workspace_id=world.workspace, user_id=world.bob.user_id, role=role
    )


async def dismiss(world: World, chance: Random) -> None:
    if chance.random() < 0.5:
        await remove_member(world.backend, actor=world.ada, workspace_id=world.workspace, user_id=world.bob.user_id)


async def take_back(world: World, _: Random) -> None:
    await add_member(world.backend, user_id=world.bob.user_id, workspace_id=world.workspace, role=Role.MEMBER)


async def draft(world: World, chance: Random) -> None:
    await save_draft(
        world.backend, actor=world.bob, channel_id=world.general, source=str(chance.random()), rev=chance.randrange(4)
    )


async def call_oneself(world: World, chance: Random) -> None:
    who = chance.choice([world.ada, world.bob])
    await change_profile(
        world.backend, actor=who, name=f"Name {chance.random()}", handle=who.user_id.hex[-12:],
        title="", pronouns="", time_zone="", hue=chance.randrange(360),
    )  # fmt: skip


async def prefer(world: World, chance: Random) -> None:
    await choose(world.backend, actor=world.bob, name="theme", value=chance.choice(["system", "light", "dark"]))


STEPS: list[Step] = [
    say, say, say, read, mark, mark, mark_all, join, join, leave, add, add, take_out, rename, rename_all, talk, close,
    close, promote, dismiss, take_back, take_back, draft, call_oneself, prefer, prefer,
]  # fmt: skip


async def settle(workers: list[Worker], tabs: list[Tab]) -> None:
    """What was said is heard; then heads tell what was not."""
    for worker in workers:
        await worker.is_told()
    for tab in tabs:
        await tab.settle()
    for worker in workers:
        backend = worker.world.backend
        for _ in range(2):  # cursors and badges are asked for when the same is said twice
            await say_heads(backend.hub, lambda rooms, backend=backend: read_heads(backend, rooms))  # type: ignore[misc]
        await worker.is_told()
    for tab in tabs:
        await tab.settle()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
async def test_after_whatever_happens_on_both_at_once_the_tabs_of_both_equal_a_new_one(
    seed: int, database: Database, stores: BrowserStores, redis_server: RedisServer
) -> None:
    chance = Random(seed)
    made = await make_world(database, await make_people(database))
    async with worker_of(made, database, redis_server) as one, worker_of(made, database, redis_server) as two:
        workers = [one, two]
        tabs = [
            await opened_tab(worker.world, stores, made.bob, channel)
            for worker in workers
            for channel in (made.general, made.secret)
        ]
        for _ in range(ROUNDS):
            steps = [
                chance.choice(STEPS)(chance.choice(workers).world, Random(chance.random())) for _ in range(AT_ONCE)
            ]
            refusals = [refused for refused in await asyncio.gather(*steps, return_exceptions=True) if refused]
            for refused in refusals:
                if not isinstance(refused, ConfabError):
                    raise AssertionError(f"expected yes or a refusal, got {refused!r}")
                assert refused.code is not ErrorCode.UNAVAILABLE, "two of these waited for one another"
            await settle(workers, tabs)
        for tab in tabs:
            await assert_equals_fresh(tab, stores)
    await made.backend.hub.close()


async def test_of_two_choices_at_once_the_one_that_is_stored_last_is_the_later(
    database: Database, redis_server: RedisServer
) -> None:
    made = await make_world(database, await make_people(database))
    async with worker_of(made, database, redis_server) as one, worker_of(made, database, redis_server) as two:
        values = ["light", "dark"] * 10
        views = await asyncio.gather(
            *(
                choose(worker.world.backend, actor=made.bob, name="theme", value=value)
                for worker, value in zip([one, two] * 10, values, strict=True)
            )
        )
        assert len({view["rev"] for view in views}) == len(views)
        stored = await choose(one.world.backend, actor=made.bob, name="clock", value="24")
        assert stored["theme"] == max(views, key=lambda view: view["rev"])["theme"]
    await made.backend.hub.close()
