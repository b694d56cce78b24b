"""A window in the middle of a channel: what is heard beyond it, pages that come late, and rows that were let go."""

import pytest

from tests.live.browser_store import BrowserStores
from tests.live.missing import NOTHING, apply, bobs_tab, delete, edit, fill, shown
from tests.live.tab import Tab, assert_equals_fresh
from tests.live.world import World

COUNT = 200


async def window(world: World, stores: BrowserStores, seq: int) -> tuple[Tab, list[str]]:
    """Bob's tab on the messages around a number, of two hundred, and the ids of all."""
    ids = await fill(world, COUNT)
    tab = await bobs_tab(world, stores)
    await tab.open(0, {"m": ids[seq - 1]})
    await tab.settle()
    return tab, ids


async def test_what_is_said_beyond_the_window_is_counted_and_shown_once_one_is_there(
    world: World, stores: BrowserStores
) -> None:
    tab, ids = await window(world, stores, 100)
    assert shown(tab) == list(range(75, 126))
    gone = await world.say(world.ada, world.general, "news")
    await world.say(world.ada, world.general, "more news")
    await edit(world, ids[0], "edited")
    await tab.settle()
    assert shown(tab) == list(range(75, 126))
    assert tab.store.feed(tab.channel)["news"] == 2
    await delete(world, gone["id"])
    await tab.settle()
    assert tab.store.feed(tab.channel)["news"] == 1
    while tab.store.feed(tab.channel)["newer"]:
        assert apply(tab, await tab.newer()) == NOTHING
    assert shown(tab) == [*range(75, COUNT + 1), COUNT + 2]
    await world.say(world.ada, world.general, "live again")
    await tab.settle()
    assert shown(tab)[-1] == COUNT + 3
    await assert_equals_fresh(tab, stores)


async def test_a_newer_page_again_late_or_beyond_a_hole_changes_nothing(world: World, stores: BrowserStores) -> None:
    tab, ids = await window(world, stores, 100)
    first = await tab.newer()
    apply(tab, first)
    second = await tab.newer()
    await edit(world, ids[130], "edited")
    await delete(world, ids[150])
    await tab.settle()
    apply(tab, second)
    once = tab.seen()
    assert 151 not in shown(tab)
    apply(tab, second, first)
    assert tab.seen() == once
    await tab.open(0, {"m": ids[99]})
    await tab.settle()
    apply(tab, second)  # it begins further down than the window ends, and was read before it
    assert shown(tab) == list(range(75, 126))
    await assert_equals_fresh(tab, stores)


async def test_a_page_that_answers_a_question_of_before_takes_nobody_away(world: World, stores: BrowserStores) -> None:
    tab, ids = await window(world, stores, 100)
    await tab.open(0, {"m": ids[19]})
    await tab.open()
    around, page = tab.take()
    apply(tab, page)
    newest = tab.seen()
    assert apply(tab, around, page) == NOTHING
    assert tab.seen() == newest


async def test_who_comes_back_to_the_middle_stays_there(world: World, stores: BrowserStores) -> None:
    tab, ids = await window(world, stores, 100)
    await edit(world, ids[99], "edited")
    await delete(world, ids[100])
    await world.say(world.ada, world.general, "missed")
    await tab.connect()
    await tab.settle()
    assert shown(tab) == [*range(75, 101), *range(102, 126)]
    assert tab.store.feed(tab.channel)["news"] == 1
    await fill(world, 600)  # too much to catch up with
    await tab.connect()
    await tab.settle()
    feed = tab.store.feed(tab.channel)
    assert 100 in shown(tab)
    assert (feed["newer"], feed["isNewsWhole"]) == (True, False)
    await assert_equals_fresh(tab, stores)


@pytest.mark.parametrize("newest", [True, False])
async def test_of_rows_that_were_let_go_only_a_later_page_tells(
    newest: bool, world: World, stores: BrowserStores
) -> None:
    tab, ids = await window(world, stores, 100)
    late = await tab.newer() if newest else await tab.older()
    gone = 120 if newest else 80
    await tab.open(0, {"m": ids[99]})
    (again,) = tab.take()
    await edit(world, ids[gone - 1], "edited")
    (edited,) = [op for op in tab.take() if op["k"] == "edit"]
    await delete(world, ids[gone - 1])
    apply(tab, again, edited)
    await tab.settle()
    tab.store.trim(tab.channel, 10, newest=newest)
    assert len(shown(tab)) == 10
    apply(tab, late, edited)
    assert len(shown(tab)) == 10
    apply(tab, await (tab.newer() if newest else tab.older()))
    assert gone not in shown(tab)
    assert len(shown(tab)) == 60
    await assert_equals_fresh(tab, stores)
