"""Whatever happens, and whatever the network does: what is unread in each tab of a person is what the database says."""

import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from db.engine import Database
from rxapp.actor import Actor
from rxapp.errors import ConfabError
from rxapp.live import ticks
from rxapp.live.heads import say_heads
from rxapp.live.ops import Op
from rxapp.services.channel_people import add_people, join_channel, leave_channel, remove_person
from rxapp.services.cursor_batch import CursorBatch
from rxapp.services.cursors import mark_all_read, mark_unread
from rxapp.services.heads import read_heads
from rxapp.services.history import read_older
from rxapp.services.members import add_member, remove_member
from rxapp.services.messages import delete_message, edit_message, restore_message
from rxapp.services.workspaces import Role
from tests.live.browser_store import BrowserStores
from tests.live.tab import Tab, opened_tab
from tests.live.world import World, make_people, make_world

# A longer run: CONFAB_EXAMPLES=2000 ./test tests/live/test_badges.py
EXAMPLES = int(os.environ.get("CONFAB_EXAMPLES", "40"))
# A direct conversation counts so many, and says that there are more.
COUNTED = 100

# What is missed of cursors and ticks is asked for when the same is said twice, and what that brings is then compared.
HEADS = 3

# What is unread by the database: each channel that the person is in, and how many messages stand after their cursor.
UNREAD = text("""
    select channel.id::text, channel.kind, count(message.id)
    from public.channel_members seat
    join public.channels channel on channel.id = seat.channel_id
    left join public.chat message on message.channel_id = channel.id and message.seq > seat.read_seq
        and message.root_id is null and message.deleted_at is null
    where seat.user_id = :user and channel.workspace_id = :workspace
    group by channel.id, channel.kind
""")


@dataclass(slots=True)
class Screen:
    """A tab, whether it is looked at, and the ops that are still on their way to it."""

    tab: Tab
    on_the_way: list[Op] = field(default_factory=list)
    heard: list[Op] = field(default_factory=list)

    async def fold(self, ops: list[Op]) -> None:
        self.heard += ops
        await self.tab.ask(self.tab.store.apply(ops))

    def read(self, batch: CursorBatch) -> None:
        """As list.js does a moment after the end of the channel came onto the screen."""
        moved = self.tab.store.read_to(self.tab.channel)
        if moved is not None:
            batch.note(actor=self.tab.actor, channel_id=self.tab.channel, seq=moved["seq"], read_rev=moved["rr"])

    async def go(self, channel: Any) -> None:
        """Open a channel, the same one too."""
        self.tab.channel = channel
        self.tab.store.look(channel)
        await self.tab.look()


@dataclass(slots=True)
class Office:
    """A workspace and everybody's tabs in it."""

    world: World
    direct: UUID
    batch: CursorBatch
    screens: list[Screen]

    def someone(self, chance: Random) -> Actor:
        return chance.choice([self.world.ada, self.world.bob, self.world.bob, self.world.cyd])

    def guest(self, chance: Random) -> Actor:
        return chance.choice([self.world.bob, self.world.cyd])

    def place(self, chance: Random) -> Any:
        return chance.choice([self.world.general, self.world.secret, self.direct])

    def screen(self, chance: Random) -> Screen:
        return chance.choice(self.screens)


Step = Callable[[Office, Random], Awaitable[object]]


async def say(now: Office, chance: Random) -> None:
    await now.world.say(now.someone(chance), now.place(chance), str(chance.random()))


async def _any_message(now: Office, chance: Random) -> str:
    page = await read_older(now.world.backend, actor=now.world.ada, channel_id=now.place(chance), before_seq=99)
    newest = page["ms"][-chance.randrange(1, 5) :]
    return str(chance.choice(newest)["id"]) if newest else ""


async def edit(now: Office, chance: Random) -> None:
    message_id = await _any_message(now, chance)
    for actor in (now.world.ada, now.world.bob, now.world.cyd):
        with suppress(ConfabError):
            await edit_message(now.world.backend, actor=actor, message_id=message_id, source=str(chance.random()))


async def delete(now: Office, chance: Random) -> None:
    await delete_message(now.world.backend, actor=now.world.ada, message_id=await _any_message(now, chance))


async def restore(now: Office, chance: Random) -> None:
    view = await now.world.say(now.world.ada, now.place(chance), "a slip")
    await delete_message(now.world.backend, actor=now.world.ada, message_id=view["id"])
    if chance.random() < 0.5:
        await now.batch.flush()
    await restore_message(now.world.backend, actor=now.world.ada, message_id=view["id"])


async def read(now: Office, chance: Random) -> None:
    now.screen(chance).read(now.batch)


async def go(now: Office, chance: Random) -> None:
    await now.screen(chance).go(now.place(chance))


async def mark(now: Office, chance: Random) -> None:
    seq = chance.randrange(1, 12)
    await mark_unread(now.world.backend, actor=now.someone(chance), channel_id=now.place(chance), seq=seq)


async def mark_all(now: Office, chance: Random) -> None:
    await mark_all_read(now.world.backend, actor=now.someone(chance), workspace_id=now.world.workspace)


async def flush(now: Office, chance: Random) -> None:
    del chance
    await now.batch.flush()


async def join(now: Office, chance: Random) -> None:
    await join_channel(now.world.backend, actor=now.guest(chance), channel_id=now.world.general)


async def leave(now: Office, chance: Random) -> None:
    await leave_channel(now.world.backend, actor=now.guest(chance), channel_id=now.place(chance))


async def add(now: Office, chance: Random) -> None:
    user_ids = [now.guest(chance).user_id]
    await add_people(now.world.backend, actor=now.world.ada, channel_id=now.world.secret, user_ids=user_ids)


async def take_out(now: Office, chance: Random) -> None:
    user_id = now.guest(chance).user_id
    await remove_person(now.world.backend, actor=now.world.ada, channel_id=now.world.secret, user_id=user_id)


async def dismiss_and_take_back(now: Office, chance: Random) -> None:
    user_id, workspace = now.guest(chance).user_id, now.world.workspace
    with suppress(ConfabError):
        await remove_member(now.world.backend, actor=now.world.ada, workspace_id=workspace, user_id=user_id)
    await add_member(now.world.backend, user_id=user_id, workspace_id=workspace, role=Role.MEMBER)


async def network(now: Office, chance: Random) -> None:
    """What came to a tab is lost, comes twice, comes later, comes in another order."""
    screen = now.screen(chance)
    ops, arrived = screen.on_the_way + screen.tab.take(), []
    screen.on_the_way = []
    for op in ops:
        fate = chance.choice(["arrive", "arrive", "arrive", "lose", "twice", "delay"])
        if fate in ("arrive", "twice"):
            arrived.append(op)
        if fate in ("twice", "delay"):
            screen.on_the_way.append(op)
    if chance.random() < 0.5:
        chance.shuffle(arrived)
    await screen.fold(arrived)


async def good_network(now: Office, chance: Random) -> None:
    del chance
    for screen in now.screens:
        await screen.fold(screen.tab.take())


async def reconnect(now: Office, chance: Random) -> None:
    await now.screen(chance).tab.connect()


STEPS: list[Step] = [
    say, say, say, say, say, edit, delete, delete, restore, read, read, read, go, go, mark, mark, mark_all,
    flush, flush, join, leave, add, take_out, dismiss_and_take_back,
    network, network, network, good_network, good_network, reconnect,
]  # fmt: skip

steps = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2**16)), min_size=1, max_size=60)


async def unread_by_database(world: World, actor: Actor) -> dict[str, dict[str, Any]]:
    """Each channel of a person, as its badge has to be."""
    async with world.backend.database.session() as session:
        rows = await session.execute(UNREAD, {"user": actor.user_id, "workspace": world.workspace})
        return {
            channel: {"unread": count > 0, "count": min(count, COUNTED) if kind == "direct" else 0}
            for channel, kind, count in rows
        }


async def settle(now: Office) -> None:
    await now.batch.flush()
    for screen in now.screens:
        await screen.tab.settle()


async def assert_badges_are_true(now: Office, stores: BrowserStores) -> None:
    """In all tabs of everybody, and in a new one."""
    for screen in [*now.screens]:
        tab = screen.tab
        true = await unread_by_database(now.world, tab.actor)
        assert tab.store.badges(now.world.workspace) == true
        total = {
            "count": sum(badge["count"] for badge in true.values()),
            "unread": any(b["unread"] for b in true.values()),
        }
        assert tab.store.total() == total
    for actor in (now.world.ada, now.world.bob, now.world.cyd):
        fresh = await opened_tab(now.world, stores, actor, now.world.general)
        assert fresh.store.badges(now.world.workspace) == await unread_by_database(now.world, actor)


@pytest.fixture
def quick_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticks, "TICK_SECONDS", 0.0)


@pytest.mark.slow
@pytest.mark.usefixtures("quick_ticks")
@given(done=steps, comes_back=st.booleans(), seed=st.integers(0, 2**16))
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,  # the same histories in every run: a failure is a failure of this change
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_after_any_history_on_any_network_every_badge_is_true(
    done: list[tuple[Step, int]], comes_back: bool, seed: int, database: Database, stores: BrowserStores
) -> None:
    world = await make_world(database, await make_people(database))
    await add_people(
        world.backend, actor=world.ada, channel_id=world.secret, user_ids=[world.bob.user_id, world.cyd.user_id]
    )
    looks = [
        (world.ada, world.general),
        (world.bob, world.general),
        (world.bob, world.secret),
        (world.cyd, world.secret),
    ]
    direct = await world.talk(world.ada, world.bob)
    now = Office(world, direct, CursorBatch(world.backend), [])
    for actor, channel in looks:
        now.screens.append(Screen(await opened_tab(world, stores, actor, channel)))

    for step, step_seed in done:
        with suppress(ConfabError):  # who is not there any more is refused, and tries
            await step(now, Random(step_seed))

    if comes_back:
        for screen in now.screens:
            await screen.tab.connect()
        await settle(now)
    else:  # the heads are enough
        for _ in range(HEADS):
            await settle(now)
            await say_heads(world.backend.hub, lambda rooms: read_heads(world.backend, rooms))
        await settle(now)
    await assert_badges_are_true(now, stores)

    # What comes late, twice and in any order changes nothing.
    for screen in now.screens:
        late = screen.heard + screen.on_the_way
        Random(seed).shuffle(late)
        await screen.fold(late)
    await settle(now)
    await assert_badges_are_true(now, stores)

    # Who opens a channel and sees its end has read it, in all their tabs.
    for screen in now.screens:
        await screen.go(screen.tab.channel)
    await settle(now)
    for screen in now.screens:
        screen.read(now.batch)
    await settle(now)
    for screen in now.screens:
        badge = screen.tab.store.badges(world.workspace).get(str(screen.tab.channel))
        assert badge is None or not badge["unread"]
    await assert_badges_are_true(now, stores)
    await world.backend.hub.close()
