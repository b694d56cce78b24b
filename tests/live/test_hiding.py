"""A channel that one looks at becomes private: nothing of it stays in the tab, whatever comes late or not at all."""

from typing import Any
from uuid import UUID

import pytest

from rxapp.live.heads import say_heads
from rxapp.live.ops import Op
from rxapp.services.channel_people import join_channel
from rxapp.services.channels import create_channel, rename_channel
from rxapp.services.heads import read_heads
from rxapp.services.hiding import hide_channel
from rxapp.services.history import read_around, read_older
from tests.live.browser_store import BrowserStores
from tests.live.tab import Tab, assert_equals_fresh, opened_tab
from tests.live.world import World


async def looked_at(world: World, stores: BrowserStores) -> Tab:
    """Bob's tab on a public channel that he is not in."""
    view = await create_channel(world.backend, actor=world.ada, workspace_id=world.workspace, name="cake")
    await world.say(world.ada, UUID(view["id"]), "cherries")
    tab = await opened_tab(world, stores, world.bob, UUID(view["id"]))
    assert "cherries" in kept(tab)
    return tab


def kept(tab: Tab) -> str:
    """All that the tab has of the channel."""
    return str(tab.store.feed(tab.channel)["kept"])


async def late_ops(world: World, tab: Tab) -> list[Op]:
    """What was read and said while the channel was public, and is still on its way."""
    where: dict[str, Any] = {"actor": world.bob, "channel_id": tab.channel}
    pages = [
        await read_around(world.backend, to=None, **where),
        await read_older(world.backend, before_seq=9, **where),
    ]
    await rename_channel(world.backend, actor=world.ada, channel_id=tab.channel, name="cake", topic="of cherries")
    renamed = [op for op in tab.take() if op["k"] == "channel"]
    return [*pages, *renamed, {**renamed[0], "rev": None}]


async def test_a_tab_that_looks_at_it_loses_it_at_once(world: World, stores: BrowserStores) -> None:
    tab = await looked_at(world, stores)
    await hide_channel(world.backend, actor=world.ada, channel_id=tab.channel)
    await world.say(world.ada, tab.channel, "candles")
    tab.store.apply(tab.take())
    assert tab.store.feed(tab.channel)["isAbsent"]
    assert "cherries" not in kept(tab)
    assert "candles" not in kept(tab)
    await tab.settle()
    await assert_equals_fresh(tab, stores)


async def test_what_comes_late_shows_nothing_of_it(world: World, stores: BrowserStores) -> None:
    tab = await looked_at(world, stores)
    late = await late_ops(world, tab)
    await hide_channel(world.backend, actor=world.ada, channel_id=tab.channel)
    tab.store.apply(tab.take())
    for op in late:
        tab.store.apply([op])
        assert "cherries" not in kept(tab)
        assert "cake" not in kept(tab)
        assert tab.store.feed(tab.channel)["isAbsent"]


async def test_who_is_in_it_goes_on_and_sees_that_it_is_private(world: World, stores: BrowserStores) -> None:
    tab = await looked_at(world, stores)
    await join_channel(world.backend, actor=world.bob, channel_id=tab.channel)
    await tab.settle()
    await hide_channel(world.backend, actor=world.ada, channel_id=tab.channel)
    await world.say(world.ada, tab.channel, "candles")
    await tab.settle()
    feed = tab.store.feed(tab.channel)
    assert (feed["about"]["kind"], feed["joined"], len(feed["list"])) == ("private", True, 2)
    await assert_equals_fresh(tab, stores)


@pytest.mark.parametrize("notices", ["by the next change", "by a head"])
async def test_a_tab_that_did_not_hear_of_it_asks_for_the_channel_again(
    world: World, stores: BrowserStores, notices: str
) -> None:
    tab = await looked_at(world, stores)
    await hide_channel(world.backend, actor=world.ada, channel_id=tab.channel)
    assert "hidden" in [op["k"] for op in tab.take()]
    if notices == "by a head":
        await say_heads(world.backend.hub, lambda rooms: read_heads(world.backend, rooms))
    else:
        await rename_channel(world.backend, actor=world.ada, channel_id=world.general, name="hall", topic="")
    await tab.settle()
    assert tab.store.feed(tab.channel)["isAbsent"]
    assert "cherries" not in kept(tab)
    await assert_equals_fresh(tab, stores)
