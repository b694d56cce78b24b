"""Whatever happens, and whatever the network does to the ops: a tab ends equal to one opened now."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.engine import Database
from rxapp.actor import Actor
from rxapp.errors import ConfabError
from rxapp.live.heads import say_heads
from rxapp.live.ops import Op
from rxapp.services import history
from rxapp.services.archiving import archive_channel, unarchive_channel
from rxapp.services.channel_people import add_people, join_channel, leave_channel, remove_person
from rxapp.services.channels import create_channel, rename_channel
from rxapp.services.cursors import mark_all_read, mark_unread, move_cursor
from rxapp.services.direct import close_direct
from rxapp.services.drafts import save_draft
from rxapp.services.heads import read_heads
from rxapp.services.hiding import hide_channel
from rxapp.services.members import add_member, change_role, remove_member
from rxapp.services.messages import delete_message, edit_message, restore_message
from rxapp.services.profiles import change_profile
from rxapp.services.workspaces import Role, access_workspace, rename_workspace
from tests.live.browser_store import BrowserStores
from tests.live.tab import Tab, assert_equals_fresh, opened_tab
from tests.live.world import World, make_people, make_world

# Small pages, so that a short history has several, and more than what is caught up with.
PAGE_MESSAGES = 3
CATCH_UP_MESSAGES = 6


@dataclass(slots=True)
class History:
    """A workspace, Bob's tab in it, and the ops that are still on their way to the tab."""

    world: World
    tab: Tab
    stores: BrowserStores
    on_the_way: list[Op] = field(default_factory=list)
    heard: list[Op] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    plans: str = ""

    def someone(self, chance: Random) -> Actor:
        return chance.choice([self.world.ada, self.world.bob, self.world.cyd])

    def guest(self, chance: Random) -> Actor:
        return chance.choice([self.world.bob, self.world.bob, self.world.cyd])

    def public(self, chance: Random) -> object:
        """One of the channels that are public, at least at first."""
        return chance.choice([self.world.general, self.plans])

    async def fold(self, ops: list[Op]) -> None:
        self.heard += ops
        await self.tab.ask(self.tab.store.apply(ops))


Step = Callable[[History, Random], Awaitable[object]]


async def say(now: History, chance: Random) -> None:
    await now.world.say(now.someone(chance), now.tab.channel, str(chance.random()))


async def _any_message(now: History, chance: Random) -> str:
    """The id of one of the newest twelve messages, or of none."""
    page = await history.read_older(now.world.backend, actor=now.world.ada, channel_id=now.tab.channel, before_seq=99)
    while page["older"] and chance.random() < 0.6:
        page = await history.read_older(
            now.world.backend, actor=now.world.ada, channel_id=now.tab.channel, before_seq=page["ms"][0]["seq"]
        )
    return str(chance.choice(page["ms"])["id"]) if page["ms"] else ""


async def edit(now: History, chance: Random) -> None:
    message_id = await _any_message(now, chance)
    for actor in (now.world.ada, now.world.bob, now.world.cyd):
        with suppress(ConfabError):
            await edit_message(now.world.backend, actor=actor, message_id=message_id, source=str(chance.random()))


async def delete(now: History, chance: Random) -> None:
    message_id = await _any_message(now, chance)
    await delete_message(now.world.backend, actor=now.world.ada, message_id=message_id)
    now.deleted.append(message_id)


async def restore(now: History, chance: Random) -> None:
    message_id = chance.choice(now.deleted) if now.deleted else ""
    await restore_message(now.world.backend, actor=now.world.ada, message_id=message_id)


async def read(now: History, chance: Random) -> None:
    seq = chance.randrange(12)
    await move_cursor(now.world.backend, actor=now.world.bob, channel_id=now.tab.channel, seq=seq)


async def mark(now: History, chance: Random) -> None:
    seq = chance.randrange(1, 12)
    await mark_unread(now.world.backend, actor=now.world.bob, channel_id=now.tab.channel, seq=seq)


async def mark_all(now: History, chance: Random) -> None:
    del chance
    await mark_all_read(now.world.backend, actor=now.world.bob, workspace_id=now.world.workspace)


async def draft(now: History, chance: Random) -> None:
    """From a device that may be late."""
    text, rev = chance.choice(["", str(chance.random())]), chance.randrange(6)
    await save_draft(now.world.backend, actor=now.world.bob, channel_id=now.tab.channel, source=text, rev=rev)


async def join(now: History, chance: Random) -> None:
    await join_channel(now.world.backend, actor=now.guest(chance), channel_id=now.public(chance))


async def leave(now: History, chance: Random) -> None:
    await leave_channel(now.world.backend, actor=now.guest(chance), channel_id=now.public(chance))


async def add(now: History, chance: Random) -> None:
    user_ids = [now.guest(chance).user_id]
    await add_people(now.world.backend, actor=now.world.ada, channel_id=now.world.secret, user_ids=user_ids)


async def take_out(now: History, chance: Random) -> None:
    user_id = now.guest(chance).user_id
    await remove_person(now.world.backend, actor=now.world.ada, channel_id=now.world.secret, user_id=user_id)


async def rename(now: History, chance: Random) -> None:
    channel_id, name = chance.choice([now.world.general, now.world.secret, now.plans]), f"name-{chance.random()}"
    await rename_channel(now.world.backend, actor=now.world.ada, channel_id=channel_id, name=name, topic=name)


async def archive(now: History, chance: Random) -> None:
    """The private one: everybody begins in the other."""
    change = chance.choice([archive_channel, unarchive_channel, unarchive_channel])
    await change(now.world.backend, actor=now.world.ada, channel_id=now.world.secret)


async def hide(now: History, chance: Random) -> None:
    """Once in a while: there is no way back."""
    if chance.random() < 0.3:
        await hide_channel(now.world.backend, actor=now.world.ada, channel_id=now.plans)


async def rename_all(now: History, chance: Random) -> None:
    name = f"Team {chance.random()}"
    await rename_workspace(now.world.backend, actor=now.world.ada, workspace_id=now.world.workspace, name=name)


async def call_oneself(now: History, chance: Random) -> None:
    """Somebody who is there changes their name: of who is out nobody hears until they come back."""
    who = now.someone(chance)
    async with now.world.backend.database.session() as session:
        await access_workspace(session, actor=who, workspace_id=now.world.workspace)
    await change_profile(
        now.world.backend,
        actor=who,
        name=f"Name {chance.random()}",
        handle=who.user_id.hex[-12:],
        title="",
        pronouns="",
        time_zone="",
        hue=chance.randrange(360),
    )


async def promote(now: History, chance: Random) -> None:
    await change_role(
        now.world.backend,
        actor=now.world.ada,
        workspace_id=now.world.workspace,
        user_id=now.world.bob.user_id,
        role=chance.choice([Role.ADMIN, Role.MEMBER]),
    )


async def dismiss(now: History, chance: Random) -> None:
    user_id = now.guest(chance).user_id
    await remove_member(now.world.backend, actor=now.world.ada, workspace_id=now.world.workspace, user_id=user_id)


async def take_back(now: History, chance: Random) -> None:
    user_id = now.guest(chance).user_id
    await add_member(now.world.backend, user_id=user_id, workspace_id=now.world.workspace, role=Role.MEMBER)


async def ask_older(now: History, chance: Random) -> None:
    del chance
    now.on_the_way.append(await now.tab.older())


async def ask_newer(now: History, chance: Random) -> None:
    del chance
    if now.tab.store.feed(now.tab.channel)["newer"]:
        now.on_the_way.append(await now.tab.newer())


async def open_around(now: History, chance: Random) -> None:
    spots: list[dict[str, object]] = [{"m": await _any_message(now, chance)}, {"seq": chance.randrange(30)}, {"at": 0}]
    await now.tab.open(0, chance.choice(spots))


async def jump_to_latest(now: History, chance: Random) -> None:
    del chance
    await now.tab.open()


async def let_rows_go(now: History, chance: Random) -> None:
    now.tab.store.trim(now.tab.channel, chance.randrange(1, 6), newest=chance.random() < 0.5)


async def say_the_heads(now: History, chance: Random) -> None:
    del chance
    await say_heads(now.world.backend.hub, lambda rooms: read_heads(now.world.backend, rooms))


async def network(now: History, chance: Random) -> None:
    """What came is lost, comes twice, comes later, comes in another order."""
    ops = now.on_the_way + now.tab.take()
    now.on_the_way = []
    arrived = []
    for op in ops:
        fate = chance.choice(["arrive", "arrive", "arrive", "lose", "twice", "delay"])
        if fate in ("arrive", "twice"):
            arrived.append(op)
        if fate in ("twice", "delay"):
            now.on_the_way.append(op)
    if chance.random() < 0.5:
        chance.shuffle(arrived)
    await now.fold(arrived)


async def good_network(now: History, chance: Random) -> None:
    del chance
    await now.fold(now.tab.take())


async def reconnect(now: History, chance: Random) -> None:
    del chance
    await now.tab.connect()


async def talk(now: History, chance: Random) -> None:
    channel_id = await now.world.talk(*chance.choice([(now.world.ada, now.world.bob), (now.world.bob, now.world.ada)]))
    await now.world.say(chance.choice([now.world.ada, now.world.bob]), channel_id, str(chance.random()))


async def open_or_close(now: History, chance: Random) -> None:
    channel_id = await now.world.talk(now.world.bob, now.world.ada)
    if chance.random() < 0.6:
        await close_direct(now.world.backend, actor=now.world.bob, channel_id=channel_id)


STEPS: list[Step] = [
    say, say, say, say, edit, edit, delete, delete, restore, restore, read, mark, mark_all, join, leave, add, take_out,
    rename, archive, hide, rename_all, call_oneself, call_oneself, promote, dismiss, take_back, talk, talk,
    open_or_close, ask_older, ask_older, ask_newer, ask_newer, open_around, open_around, jump_to_latest, let_rows_go,
    say_the_heads, network, network, network, good_network, reconnect, draft, draft,
]  # fmt: skip

steps = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2**16)), min_size=1, max_size=50)


async def live_through(now: History, done: list[tuple[Step, int]]) -> None:
    for step, seed in done:
        with suppress(ConfabError):  # who is not there any more is refused, and tries
            await step(now, Random(seed))


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE_MESSAGES", PAGE_MESSAGES)
    monkeypatch.setattr(history, "CATCH_UP_MESSAGES", CATCH_UP_MESSAGES)


@pytest.mark.slow
@pytest.mark.usefixtures("small_pages")
@given(done=steps, where=st.sampled_from(["general", "secret", "plans"]), seed=st.integers(0, 2**16))
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,  # the same histories in every run: a failure is a failure of this change
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_after_any_history_on_any_network_a_tab_that_comes_back_equals_a_new_one(
    done: list[tuple[Step, int]], where: str, seed: int, database: Database, stores: BrowserStores
) -> None:
    world = await make_world(database, await make_people(database))
    await add_people(
        world.backend, actor=world.ada, channel_id=world.secret, user_ids=[world.bob.user_id, world.cyd.user_id]
    )
    view = await create_channel(world.backend, actor=world.ada, workspace_id=world.workspace, name="plans")
    channels = {"general": world.general, "secret": world.secret, "plans": UUID(view["id"])}
    tab = await opened_tab(world, stores, world.bob, channels[where])
    now = History(world, tab, stores, plans=view["id"])
    await live_through(now, done)
    await tab.connect()
    await tab.settle()
    await assert_equals_fresh(tab, stores)

    late = now.heard + now.on_the_way
    Random(seed).shuffle(late)
    await tab.ask(tab.store.apply(late))
    await tab.settle()
    await assert_equals_fresh(tab, stores)
    while tab.store.feed(tab.channel)["older"] and tab.store.feed(tab.channel)["isOpen"]:
        tab.store.apply([await tab.older()])
    await assert_equals_fresh(tab, stores)
    while tab.store.feed(tab.channel)["newer"]:
        tab.store.apply([await tab.newer()])
    await assert_equals_fresh(tab, stores)
    await world.backend.hub.close()
