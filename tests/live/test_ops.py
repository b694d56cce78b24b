"""Each op, applied to a browser's store, equals reading afresh; twice or late it changes nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from db.models import Message
from rxapp.live.ops import Op
from rxapp.services.archiving import archive_channel, unarchive_channel
from rxapp.services.channel_people import add_people, join_channel, leave_channel, remove_person
from rxapp.services.channels import create_channel, list_channels, rename_channel
from rxapp.services.cursors import mark_all_read, mark_unread, move_cursor
from rxapp.services.direct import close_direct
from rxapp.services.drafts import save_draft
from rxapp.services.hiding import hide_channel
from rxapp.services.history import read_older
from rxapp.services.members import add_member, change_role, remove_member
from rxapp.services.messages import delete_message, edit_message, restore_message
from rxapp.services.profiles import change_profile
from rxapp.services.typists import say_typing
from rxapp.services.workspaces import Role, rename_workspace
from tests.live.browser_store import BrowserStores
from tests.live.tab import assert_equals_fresh, opened_tab, until_badges
from tests.live.world import World

Act = Callable[[World], Awaitable[object]]


async def _nothing(_: World) -> None:
    return


@dataclass(frozen=True, slots=True)
class Story:
    """What is there before the tab comes, the act that brings the op, and what makes the op an old one."""

    op: str
    act: Act
    later: Act
    before: Act = _nothing
    in_secret: bool = False


async def _say(world: World) -> None:
    await world.say(world.ada, world.general, "hello")


async def _say_in_secret(world: World) -> None:
    await world.say(world.ada, world.secret, "hush")


async def _say_as_bob(world: World) -> None:
    await world.say(world.bob, world.general, "hello back")


async def _edit(world: World, source: str) -> None:
    view = await world.say(world.ada, world.general, "a *draft*")
    await edit_message(world.backend, actor=world.ada, message_id=view["id"], source=source)


async def _delete(world: World) -> None:
    view = await world.say(world.ada, world.general, "a slip")
    await delete_message(world.backend, actor=world.ada, message_id=view["id"])


async def _newest(world: World) -> str:
    async with world.backend.database.session() as session:
        newest = select(Message.id).where(Message.channel_id == world.general).order_by(Message.seq.desc()).limit(1)
        return str(await session.scalar(newest))


async def _restore(world: World) -> None:
    await restore_message(world.backend, actor=world.ada, message_id=await _newest(world))


async def _delete_newest(world: World) -> None:
    newest = (await read_older(world.backend, actor=world.ada, channel_id=world.general, before_seq=100))["ms"][-1]
    await delete_message(world.backend, actor=world.ada, message_id=newest["id"])


async def _read(world: World) -> None:
    await move_cursor(world.backend, actor=world.bob, channel_id=world.general, seq=1)


async def _say_and_read(world: World) -> None:
    await _say(world)
    await move_cursor(world.backend, actor=world.bob, channel_id=world.general, seq=2)


async def _say_and_mark(world: World) -> None:
    await _say_and_read(world)
    await _mark(world)


async def _mark(world: World) -> None:
    await mark_unread(world.backend, actor=world.bob, channel_id=world.general, seq=1)


async def _mark_all(world: World) -> None:
    await mark_all_read(world.backend, actor=world.bob, workspace_id=world.workspace)


async def _write(world: World, source: str) -> None:
    """As another device of Bob's does that knows the newest draft."""
    draft = await save_draft(world.backend, actor=world.bob, channel_id=world.general, source="", rev=0)
    await save_draft(world.backend, actor=world.bob, channel_id=world.general, source=source, rev=draft["rev"])


async def _rename_workspace(world: World, name: str) -> None:
    await rename_workspace(world.backend, actor=world.ada, workspace_id=world.workspace, name=name)


async def _rename(world: World, *, secret: bool, name: str) -> None:
    channel = world.secret if secret else world.general
    await rename_channel(world.backend, actor=world.ada, channel_id=channel, name=name, topic="about " + name)


async def _make_other(world: World) -> str:
    """A public channel beside the first, with Bob in it."""
    view = await create_channel(world.backend, actor=world.ada, workspace_id=world.workspace, name="other")
    await join_channel(world.backend, actor=world.bob, channel_id=view["id"])
    return str(view["id"])


async def _other(world: World) -> str:
    found = await list_channels(world.backend, actor=world.ada, workspace_id=world.workspace, archived=True)
    return next(str(view["id"]) for view in found["channels"] if view["name"] == "other")


async def _archive(world: World) -> None:
    await archive_channel(world.backend, actor=world.ada, channel_id=await _other(world))


async def _unarchive(world: World) -> None:
    await unarchive_channel(world.backend, actor=world.ada, channel_id=await _other(world))


async def _make_and_archive(world: World) -> None:
    await _make_other(world)
    await _archive(world)


async def _hide(world: World) -> None:
    await hide_channel(world.backend, actor=world.ada, channel_id=await _other(world))


async def _archive_secret(world: World) -> None:
    await archive_channel(world.backend, actor=world.ada, channel_id=world.secret)


async def _unarchive_secret(world: World) -> None:
    await unarchive_channel(world.backend, actor=world.ada, channel_id=world.secret)


async def _add(world: World) -> None:
    await add_people(world.backend, actor=world.ada, channel_id=world.secret, user_ids=[world.bob.user_id])


async def _remove(world: World) -> None:
    await remove_person(world.backend, actor=world.ada, channel_id=world.secret, user_id=world.bob.user_id)


async def _leave(world: World) -> None:
    await leave_channel(world.backend, actor=world.bob, channel_id=world.general)


async def _join(world: World) -> None:
    await join_channel(world.backend, actor=world.bob, channel_id=world.general)


async def _make(world: World, role: Role) -> None:
    await change_role(
        world.backend, actor=world.ada, workspace_id=world.workspace, user_id=world.bob.user_id, role=role
    )


async def _dismiss(world: World) -> None:
    await remove_member(world.backend, actor=world.ada, workspace_id=world.workspace, user_id=world.bob.user_id)


async def _call_ada(world: World, name: str) -> None:
    await change_profile(
        world.backend, actor=world.ada, name=name, handle="ada", title="", pronouns="", time_zone="", hue=7
    )


async def _call_bob(world: World, name: str) -> None:
    await change_profile(
        world.backend, actor=world.bob, name=name, handle="bob", title="", pronouns="", time_zone="", hue=7
    )


async def _take_back(world: World) -> None:
    await add_member(world.backend, user_id=world.bob.user_id, workspace_id=world.workspace, role=Role.MEMBER)


async def _talk(world: World) -> None:
    await world.talk(world.ada, world.bob)


async def _talk_and_write(world: World) -> None:
    await world.say(world.ada, await world.talk(world.ada, world.bob), "psst")


async def _close(world: World) -> None:
    await close_direct(world.backend, actor=world.bob, channel_id=await world.talk(world.ada, world.bob))


async def _reopen(world: World) -> None:
    await world.talk(world.bob, world.ada)


STORIES = (
    Story("new", _say, _delete),
    Story("edit", lambda world: _edit(world, "a **text**"), _say),
    Story("delete", _delete, _say),
    # A tab that comes while the message is deleted knows neither its row nor its author.
    Story("edit", _restore, _delete_newest, before=_delete),
    Story("read", _read, _say_and_read, before=_say),
    Story("read", _read, _mark, before=_say),
    Story("read", _mark, _read, before=_say_and_read),
    Story("read", _mark, _mark_all, before=_say_and_read),
    Story("read", _mark, _say_as_bob, before=_say_and_read),
    Story("read_all", _mark_all, _mark, before=_say),
    Story("read_all", _mark_all, _say_and_read, before=_say_and_mark),
    Story("draft", lambda world: _write(world, "half a"), lambda world: _write(world, "half a *text*")),
    Story("draft", lambda world: _write(world, ""), _say, before=lambda world: _write(world, "sent now")),
    Story("workspace", lambda world: _rename_workspace(world, "One"), lambda world: _rename_workspace(world, "Two")),
    Story(
        "channel",
        lambda world: _rename(world, secret=False, name="one"),
        lambda world: _rename(world, secret=False, name="two"),
    ),
    Story(
        "channel",
        lambda world: _rename(world, secret=True, name="one"),
        lambda world: _rename(world, secret=True, name="two"),
        before=_add,
    ),
    Story(
        "channel",
        lambda world: _rename(world, secret=True, name="one"),
        lambda world: _rename(world, secret=True, name="two"),
        before=_add,
        in_secret=True,
    ),
    Story("joined", _add, _remove),
    Story("joined", _add, _remove, in_secret=True),
    Story("joined", _join, _leave, before=_leave),
    Story("joined", _talk, _reopen),
    Story("joined", _reopen, _close, before=_talk_and_write),
    Story("closed", _close, _reopen, before=_talk_and_write),
    Story("left", _leave, _join),
    Story("channel", _archive, _unarchive, before=_make_other),
    Story("channel", _unarchive, _archive, before=_make_and_archive),
    Story("channel", _archive_secret, _unarchive_secret, before=_add, in_secret=True),
    Story("hidden", _hide, _archive, before=_make_other),
    Story("left", _remove, _add, before=_add),
    Story("left", _remove, _add, before=_add, in_secret=True),
    Story("person", lambda world: _call_ada(world, "Ada L."), lambda world: _call_ada(world, "Countess"), before=_say),
    Story("person", lambda world: _call_bob(world, "Robert"), lambda world: _call_bob(world, "Rob")),
    Story("role", lambda world: _make(world, Role.ADMIN), lambda world: _make(world, Role.MEMBER)),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.op)
async def test_an_op_equals_reading_afresh_and_twice_or_late_changes_nothing(
    story: Story, world: World, stores: BrowserStores
) -> None:
    await story.before(world)
    tab = await opened_tab(world, stores, world.bob, world.secret if story.in_secret else world.general)
    at_first = tab.seen()

    await story.act(world)
    ops = tab.take()
    assert story.op in [op["k"] for op in ops]
    await tab.ask(tab.store.apply(ops))
    await tab.settle()
    assert tab.seen() != at_first
    await assert_equals_fresh(tab, stores)

    once = tab.seen()
    missed = tab.store.apply(ops)
    assert (missed.channels, missed.workspaces) == ([], [])
    assert tab.seen() == once

    await story.later(world)
    await tab.settle()
    await assert_equals_fresh(tab, stores)
    later = tab.seen()
    for late in (ops, ops[::-1]):
        tab.store.apply(late)
        assert tab.seen() == later


async def test_a_tick_equals_reading_afresh_and_a_late_one_changes_nothing(world: World, stores: BrowserStores) -> None:
    tab = await opened_tab(world, stores, world.bob, world.secret)
    ticks: list[Op] = []
    for act, last in ((_say, 1), (_say, 2), (_delete_newest, 1)):
        await act(world)
        ticks += await until_badges(tab, {str(world.general): last})
        await assert_equals_fresh(tab, stores)
    assert {op["k"] for op in ticks} == {"tick"}
    newest = tab.seen()
    for late in (ticks, ticks[::-1], ticks[-1:]):
        tab.store.apply(late)
        assert tab.seen() == newest


async def test_who_writes_is_heard_by_who_looks_there_and_changes_nothing_that_stays(
    world: World, stores: BrowserStores
) -> None:
    tab = await opened_tab(world, stores, world.bob, world.general)
    before = tab.seen()
    await say_typing(world.backend, actor=world.ada, channel_id=world.general)
    (said,) = [op for op in world.wire.take(tab.socket_id) if op["k"] == "typing"]
    assert (said["ch"], said["u"]["name"]) == (str(world.general), "Ada")
    tab.store.apply([said, said])
    assert tab.seen() == before
    await assert_equals_fresh(tab, stores)


async def test_a_tick_of_a_direct_conversation_says_how_much_is_unread_and_a_late_one_changes_nothing(
    world: World, stores: BrowserStores
) -> None:
    direct = await world.talk(world.ada, world.bob)
    tab = await opened_tab(world, stores, world.bob, world.secret)
    general = {str(world.general): 0}
    ticks: list[Op] = []
    for number in (1, 2):
        await world.say(world.ada, direct, f"message {number}")
        ticks += await until_badges(tab, {**general, str(direct): number})
        assert tab.store.badges(world.workspace)[str(direct)] == {"unread": True, "count": number}
        await assert_equals_fresh(tab, stores)
    await move_cursor(world.backend, actor=world.bob, channel_id=direct, seq=1)
    await tab.settle()
    assert tab.store.badges(world.workspace)[str(direct)] == {"unread": True, "count": 1}
    newest = tab.seen()
    for late in (ticks, ticks[::-1]):
        tab.store.apply(late)
        assert tab.seen() == newest
