"""What a tab asks for (page, older, changes, sidebar) meets what it hears meanwhile, in any order."""

import pytest

from rxapp.live.heads import say_heads
from rxapp.services import history
from rxapp.services.channel_people import add_people
from rxapp.services.heads import read_heads
from rxapp.services.history import CATCH_UP_MESSAGES, PAGE_MESSAGES
from rxapp.services.workspaces import rename_workspace
from tests.live.browser_store import BrowserStores
from tests.live.missing import NOTHING, apply, bobs_tab, delete, edit, fill, shown
from tests.live.tab import Tab, assert_equals_fresh
from tests.live.world import World


async def test_ops_that_come_between_entering_the_room_and_the_page_are_kept(
    world: World, stores: BrowserStores
) -> None:
    first = await fill(world, 3)
    tab = Tab(world, stores, world.bob, world.general)
    await tab.connect()
    sidebar, page = tab.take()
    await edit(world, first[1], "edited")
    await delete(world, first[2])
    await world.say(world.ada, world.general, "new")
    heard = tab.take()
    assert [op["k"] for op in heard if op["k"] != "tick"] == ["edit", "delete", "new"]
    assert apply(tab, sidebar, *heard, page) == NOTHING
    assert shown(tab) == [1, 2, 4]
    await assert_equals_fresh(tab, stores)


async def test_a_page_that_was_read_later_than_the_ops_before_it_wins(world: World, stores: BrowserStores) -> None:
    (gone,) = await fill(world, 1)
    tab = Tab(world, stores, world.bob, world.general)
    await tab.connect()
    tab.take()
    await edit(world, gone, "edited")
    (heard,) = tab.take()
    await delete(world, gone)
    tab.take()
    await tab.connect()
    assert apply(tab, heard, *tab.take(), heard) == NOTHING
    assert shown(tab) == []
    await assert_equals_fresh(tab, stores)


async def test_a_page_again_or_late_changes_nothing(world: World, stores: BrowserStores) -> None:
    await fill(world, 3)
    tab = Tab(world, stores, world.bob, world.general)
    await tab.connect()
    opened = tab.take()
    apply(tab, *opened)
    once = tab.seen()
    assert apply(tab, *opened) == NOTHING
    assert tab.seen() == once
    await world.say(world.ada, world.general, "newer")
    apply(tab, *tab.take())
    newer = tab.seen()
    assert apply(tab, *opened) == NOTHING
    assert tab.seen() == newer
    await assert_equals_fresh(tab, stores)


async def test_a_page_read_before_what_was_heard_asks_for_what_it_lacks(world: World, stores: BrowserStores) -> None:
    await fill(world, 3)
    tab = await bobs_tab(world, stores)
    await tab.open()
    (page,) = tab.take()
    await world.say(world.ada, world.general, "newer")
    apply(tab, *tab.take())
    assert apply(tab, page) == ([str(world.general)], [])
    await tab.look()
    await tab.settle()
    await assert_equals_fresh(tab, stores)


async def test_older_pages_lead_to_the_beginning_and_again_or_late_change_nothing(
    world: World, stores: BrowserStores
) -> None:
    await fill(world, 2 * PAGE_MESSAGES + 5)
    tab = await bobs_tab(world, stores)
    pages = []
    while tab.seen()["feed"]["older"]:
        pages.append(await tab.older())
        assert apply(tab, pages[-1]) == NOTHING
    assert len(pages) == 2
    assert shown(tab) == list(range(1, 2 * PAGE_MESSAGES + 6))
    await assert_equals_fresh(tab, stores)
    once = tab.seen()
    apply(tab, *pages, *reversed(pages))
    assert tab.seen() == once


@pytest.mark.parametrize("change", [edit, lambda world, id_, _: delete(world, id_)], ids=["edit", "delete"])
async def test_a_change_above_what_is_loaded_survives_the_older_page_read_before_it(
    change: object, world: World, stores: BrowserStores
) -> None:
    ids = await fill(world, 2 * PAGE_MESSAGES + 5)
    tab = await bobs_tab(world, stores)
    first_page = await tab.older()
    for index in (0, PAGE_MESSAGES + 1):
        await change(world, ids[index], "changed")  # type: ignore[operator] # either of the two above
    changes = [op for op in tab.take() if op["k"] != "tick"]
    assert apply(tab, *changes) == NOTHING
    assert len(shown(tab)) == PAGE_MESSAGES  # nothing is shown with a hole below it
    apply(tab, first_page)
    await assert_equals_fresh(tab, stores)
    apply(tab, *changes, await tab.older())
    assert not tab.seen()["feed"]["older"]
    await assert_equals_fresh(tab, stores)
    apply(tab, *changes)
    await assert_equals_fresh(tab, stores)


async def test_an_edit_of_a_message_that_was_deleted_above_does_not_bring_it_back(
    world: World, stores: BrowserStores
) -> None:
    ids = await fill(world, PAGE_MESSAGES + 5)
    tab = await bobs_tab(world, stores)
    await edit(world, ids[1], "edited")
    (late,) = tab.take()
    await delete(world, ids[1])
    apply(tab, late, *tab.take())
    apply(tab, await tab.older())
    apply(tab, late)
    assert 2 not in shown(tab)
    await assert_equals_fresh(tab, stores)


async def test_the_rows_of_the_oldest_page_may_all_be_deleted(world: World, stores: BrowserStores) -> None:
    ids = await fill(world, PAGE_MESSAGES + 5)
    tab = await bobs_tab(world, stores)
    for id_ in ids[5:]:
        await delete(world, id_)
    await tab.settle()
    assert shown(tab) == []
    apply(tab, await tab.older())
    assert shown(tab) == [1, 2, 3, 4, 5]
    await assert_equals_fresh(tab, stores)


async def test_after_too_much_was_missed_the_newest_page_comes_and_no_hole_stays(
    world: World, stores: BrowserStores
) -> None:
    ids = await fill(world, PAGE_MESSAGES + 5)
    tab = await bobs_tab(world, stores)
    apply(tab, await tab.older())
    in_flight = await tab.older()
    await fill(world, CATCH_UP_MESSAGES + 1)
    await tab.connect()
    (page,) = [op for op in tab.take() if op["k"] == "page"]
    await edit(world, ids[0], "edited")
    (later,) = tab.take()
    apply(tab, later, page)
    assert len(shown(tab)) == PAGE_MESSAGES
    apply(tab, in_flight)  # read before the page: it would leave a hole
    assert len(shown(tab)) == PAGE_MESSAGES
    await assert_equals_fresh(tab, stores)
    while tab.seen()["feed"]["older"]:
        apply(tab, await tab.older())
    assert shown(tab) == list(range(1, PAGE_MESSAGES + CATCH_UP_MESSAGES + 7))
    await assert_equals_fresh(tab, stores)


async def test_an_older_page_read_before_the_newest_one_brings_no_deleted_message_back(
    world: World, stores: BrowserStores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "CATCH_UP_MESSAGES", 1)
    ids = await fill(world, PAGE_MESSAGES + 5)
    tab = await bobs_tab(world, stores)
    in_flight = await tab.older()
    await delete(world, ids[2])
    await edit(world, ids[-1], "edited")
    await tab.connect()  # what was said is lost, and too much to catch up with
    await tab.settle()
    apply(tab, in_flight)
    assert 3 not in shown(tab)
    await assert_equals_fresh(tab, stores)


async def test_an_older_page_asked_for_above_another_window_leaves_no_hole(
    world: World, stores: BrowserStores, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "CATCH_UP_MESSAGES", 1)
    await fill(world, PAGE_MESSAGES + 5)
    tab = await bobs_tab(world, stores)
    await fill(world, 2 * PAGE_MESSAGES)
    await tab.connect()
    late = await tab.older()  # asked for from what is shown, read after the page that is on its way
    await tab.settle()
    apply(tab, late)
    assert len(shown(tab)) == PAGE_MESSAGES
    await assert_equals_fresh(tab, stores)


async def test_changes_bring_what_was_missed_tombstones_too(world: World, stores: BrowserStores) -> None:
    ids = await fill(world, 4)
    tab = await bobs_tab(world, stores)
    await edit(world, ids[0], "edited")
    await delete(world, ids[1])
    await world.say(world.bob, world.general, "new")
    await tab.connect()
    opened = tab.take()
    assert [op["k"] for op in opened] == ["sidebar", "changes"]
    apply(tab, *opened)
    await assert_equals_fresh(tab, stores)
    once = tab.seen()
    assert apply(tab, *opened, *opened[::-1]) == NOTHING
    assert tab.seen() == once
    await delete(world, ids[0])
    await tab.settle()
    later = tab.seen()
    assert apply(tab, opened[1]) == NOTHING
    assert tab.seen() == later


async def test_a_reconnect_lets_a_lost_older_page_be_asked_for_again(world: World, stores: BrowserStores) -> None:
    await fill(world, PAGE_MESSAGES + 1)
    tab = await bobs_tab(world, stores)
    tab.store.begin_older(world.general)
    await tab.connect()
    await tab.settle()
    assert tab.store.feed(world.general)["loadingOlder"] is False


async def test_a_lost_op_is_noticed_by_the_next_one(world: World, stores: BrowserStores) -> None:
    tab = await bobs_tab(world, stores)
    await world.say(world.ada, world.general, "lost")
    tab.take()
    await world.say(world.ada, world.general, "heard")
    assert apply(tab, *tab.take()) == ([str(world.general)], [])
    await tab.look()
    await tab.settle()
    await assert_equals_fresh(tab, stores)


async def say_the_heads(world: World) -> None:
    await say_heads(world.backend.hub, lambda rooms: read_heads(world.backend, rooms))


@pytest.mark.parametrize("kind", ["head", "ws_head", "me_head"])
async def test_a_lost_last_op_is_noticed_by_the_heads(kind: str, world: World, stores: BrowserStores) -> None:
    tab = await bobs_tab(world, stores)
    await say_the_heads(world)
    early = tab.take()
    assert {op["k"] for op in early} == {"head", "ws_head", "me_head", "workspaces"}
    assert apply(tab, *early) == NOTHING
    if kind == "head":
        await world.say(world.ada, world.general, "lost")
    elif kind == "ws_head":
        await rename_workspace(world.backend, actor=world.ada, workspace_id=world.workspace, name="Lost")
    else:
        await add_people(world.backend, actor=world.ada, channel_id=world.secret, user_ids=[world.bob.user_id])
    tab.take()
    await say_the_heads(world)
    heads = [op for op in tab.take() if op["k"].endswith("head")]
    missed = apply(tab, *heads)
    assert missed == (([str(world.general)], []) if kind == "head" else ([], [str(world.workspace)]))
    await tab.ask(tab.store.apply(heads))
    await tab.settle()
    await assert_equals_fresh(tab, stores)
    assert apply(tab, *heads, *early) == NOTHING
