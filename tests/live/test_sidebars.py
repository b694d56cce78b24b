"""The sidebar, and one's place in channels and workspace, as read and as heard, in any order."""

import pytest

from rxapp.live.heads import say_heads
from rxapp.services import sidebar
from rxapp.services.channel_people import add_people, remove_person
from rxapp.services.cursors import move_cursor
from rxapp.services.heads import read_heads
from rxapp.services.members import add_member, remove_member
from rxapp.services.profiles import change_profile
from rxapp.services.workspaces import Role, rename_workspace
from tests.live.browser_store import BrowserStores
from tests.live.missing import NOTHING, apply, bobs_tab, edit, fill
from tests.live.tab import Tab, assert_equals_fresh, opened_tab
from tests.live.world import World


async def test_a_sidebar_read_before_what_is_known_changes_nothing(world: World, stores: BrowserStores) -> None:
    tab = Tab(world, stores, world.bob, world.general)
    await tab.connect()
    (sidebar,) = [op for op in tab.take() if op["k"] == "sidebar"]
    apply(tab, sidebar)
    await rename_workspace(world.backend, actor=world.ada, workspace_id=world.workspace, name="Newer")
    apply(tab, *tab.take())
    newer = tab.seen()
    assert apply(tab, sidebar) == NOTHING
    assert tab.seen() == newer
    await add_people(world.backend, actor=world.ada, channel_id=world.secret, user_ids=[world.bob.user_id])
    tab.take()
    await tab.enter()
    (half,) = [op for op in tab.take() if op["k"] == "sidebar"]
    await rename_workspace(world.backend, actor=world.ada, workspace_id=world.workspace, name="Newest")
    apply(tab, *tab.take())
    assert apply(tab, half) == ([], [str(world.workspace)])  # it knows of a channel, and not of the name


async def test_a_sidebar_read_before_the_cursor_moved_does_not_take_it_back(
    world: World, stores: BrowserStores
) -> None:
    await fill(world, 1)
    tab = Tab(world, stores, world.bob, world.general)
    await tab.connect()
    opened = tab.take()
    await move_cursor(world.backend, actor=world.bob, channel_id=world.general, seq=1)
    apply(tab, *opened, *tab.take(), *opened)
    assert tab.seen()["sidebar"]["channels"][str(world.general)]["read"] == 1
    await assert_equals_fresh(tab, stores)


async def test_a_page_that_knows_of_a_newer_sidebar_lets_it_be_asked_for(world: World, stores: BrowserStores) -> None:
    (message_id,) = await fill(world, 1)
    tab = await bobs_tab(world, stores)
    await add_people(world.backend, actor=world.ada, channel_id=world.secret, user_ids=[world.bob.user_id])
    await edit(world, message_id, "edited")
    tab.take()
    await tab.look()
    opened = tab.take()
    assert [op["k"] for op in opened] == ["changes"]
    assert apply(tab, *opened) == ([], [str(world.workspace)])
    await tab.enter()
    await tab.settle()
    await assert_equals_fresh(tab, stores)


async def test_who_was_away_while_many_changed_their_names_learns_of_all_in_turns(
    world: World, stores: BrowserStores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sidebar, "CHANGED_AT_ONCE", 1)
    for actor in (world.ada, world.cyd):
        await world.say(actor, world.general, "hello")
    tab = await bobs_tab(world, stores)
    for actor in (world.ada, world.cyd):
        handle = actor.user_id.hex[-12:]
        await change_profile(
            world.backend, actor=actor, name="Renamed", handle=handle, title="", pronouns="", time_zone="", hue=1
        )
    tab.take()  # lost
    known = tab.store.sidebar(world.workspace)["rev"]
    for behind in (1, 0):
        await tab.enter()
        (op,) = [op for op in tab.take() if op["k"] == "sidebar"]
        assert (len(op["us"]), op["rev"]) == (1, known + 2 - behind)
        apply(tab, op)
        await say_heads(world.backend.hub, lambda rooms: read_heads(world.backend, rooms))
        assert tab.store.apply(tab.take()).workspaces == [str(world.workspace)] * behind
    await tab.look()
    await tab.settle()
    await assert_equals_fresh(tab, stores)
    assert {author["name"] for author in tab.seen()["feed"]["authors"].values()} == {"Renamed"}


async def test_of_a_private_channel_one_was_taken_out_of_nothing_stays(world: World, stores: BrowserStores) -> None:
    await add_people(world.backend, actor=world.ada, channel_id=world.secret, user_ids=[world.bob.user_id])
    await world.say(world.ada, world.secret, "the plan")
    tab = Tab(world, stores, world.bob, world.secret)
    await tab.connect()
    page = tab.take()
    apply(tab, *page)
    await world.say(world.ada, world.secret, "more of the plan")
    heard = tab.take()
    apply(tab, *heard)
    assert "plan" in tab.store.feed(world.secret)["kept"]
    await remove_person(world.backend, actor=world.ada, channel_id=world.secret, user_id=world.bob.user_id)
    (left,) = [op for op in tab.take() if op["k"] == "left"]
    apply(tab, left)
    assert_nothing_stays(tab)
    apply(tab, *page, *heard, left)  # what was on its way
    assert_nothing_stays(tab)


async def test_a_sidebar_that_lacks_a_private_channel_takes_it_away_too(world: World, stores: BrowserStores) -> None:
    await add_people(world.backend, actor=world.ada, channel_id=world.secret, user_ids=[world.bob.user_id])
    await world.say(world.ada, world.secret, "the plan")
    tab = await opened_tab(world, stores, world.bob, world.secret)
    await remove_person(world.backend, actor=world.ada, channel_id=world.secret, user_id=world.bob.user_id)
    tab.take()
    await tab.enter()
    apply(tab, *tab.take())
    assert_nothing_stays(tab)


async def test_absent_takes_all_away_and_a_late_one_is_found_out(world: World, stores: BrowserStores) -> None:
    await add_people(world.backend, actor=world.ada, channel_id=world.secret, user_ids=[world.bob.user_id])
    await world.say(world.ada, world.secret, "the plan")
    tab = await opened_tab(world, stores, world.bob, world.secret)
    await remove_person(world.backend, actor=world.ada, channel_id=world.secret, user_id=world.bob.user_id)
    tab.take()
    await tab.look()
    (absent,) = tab.take()
    assert absent["k"] == "absent"
    assert apply(tab, absent) == ([], [str(world.workspace)])  # the sidebar has not heard of it
    await tab.enter()
    await tab.settle()
    assert_nothing_stays(tab)
    apply(tab, absent)
    assert_nothing_stays(tab)
    await add_people(world.backend, actor=world.ada, channel_id=world.secret, user_ids=[world.bob.user_id])
    await tab.settle()
    await assert_equals_fresh(tab, stores)
    await tab.ask(tab.store.apply([absent]))
    await tab.settle()
    await assert_equals_fresh(tab, stores)


async def test_who_goes_out_of_the_workspace_keeps_nothing_of_it_and_may_come_back(
    world: World, stores: BrowserStores
) -> None:
    await world.say(world.ada, world.general, "the plan")
    tab = Tab(world, stores, world.bob, world.general)
    await tab.connect()
    opened = tab.take()
    apply(tab, *opened)
    await remove_member(world.backend, actor=world.ada, workspace_id=world.workspace, user_id=world.bob.user_id)
    (gone,) = tab.take()
    assert gone["k"] == "gone"
    for ops in ([gone], [gone], opened, opened[::-1]):
        apply(tab, *ops)
        assert_nothing_stays(tab)
        sidebar = tab.store.sidebar(world.workspace)
        assert (sidebar["isGone"], sidebar["isLoaded"], sidebar["channels"]) == (True, False, {})
    await add_member(world.backend, user_id=world.bob.user_id, workspace_id=world.workspace, role=Role.MEMBER)
    await tab.enter()
    await tab.settle()
    await assert_equals_fresh(tab, stores)
    apply(tab, gone)
    await assert_equals_fresh(tab, stores)


def assert_nothing_stays(tab: Tab) -> None:
    feed = tab.store.feed(tab.channel)
    assert (feed["kept"], feed["list"], feed["isAbsent"]) == ("[null]", [], True)
    assert str(tab.channel) not in tab.store.sidebar(tab.world.workspace)["channels"]
