"""The workspaces one is in: a tab is in all of them, and notices that one came or went also when it heard nothing."""

from uuid import UUID

from rxapp.live.heads import say_heads
from rxapp.live.ops import user_room, workspace_room
from rxapp.services.heads import read_heads
from rxapp.services.members import add_member, remove_member
from rxapp.services.workspaces import Role, create_workspace, first_channel_id, rename_workspace
from tests.live.browser_store import BrowserStores
from tests.live.tab import Tab, assert_equals_fresh, opened_tab
from tests.live.waiting import until
from tests.live.world import World


async def another(world: World) -> UUID:
    """One more workspace of Ada's."""
    return UUID((await create_workspace(world.backend, actor=world.ada, name="Another"))["id"])


async def take_in(world: World, workspace: UUID) -> None:
    await add_member(world.backend, user_id=world.bob.user_id, workspace_id=workspace, role=Role.MEMBER)


async def dismiss(world: World, workspace: UUID) -> None:
    await remove_member(world.backend, actor=world.ada, workspace_id=workspace, user_id=world.bob.user_id)


async def in_both(world: World, stores: BrowserStores) -> tuple[Tab, UUID]:
    """Bob's tab, on the first of his two workspaces and in the other one too."""
    workspace = await another(world)
    await take_in(world, workspace)
    tab = await opened_tab(world, stores, world.bob, world.general)
    await tab.enter(workspace)
    await tab.settle()
    return tab, workspace


async def heads(world: World) -> None:
    await say_heads(world.backend.hub, lambda rooms: read_heads(world.backend, rooms))


async def test_a_tab_is_in_the_rooms_of_all_its_workspaces(world: World, stores: BrowserStores) -> None:
    tab, workspace = await in_both(world, stores)
    for room in (workspace_room(world.workspace), workspace_room(workspace), user_room(world.bob.user_id)):
        assert tab.socket_id in world.wire.members[room]
    assert tab.store.workspaces() == [str(world.workspace), str(workspace)]


async def test_what_happens_in_another_workspace_is_heard_there(world: World, stores: BrowserStores) -> None:
    tab, workspace = await in_both(world, stores)
    await rename_workspace(world.backend, actor=world.ada, workspace_id=workspace, name="Named", icon="🌱", hue="12")
    await tab.settle()
    side = tab.store.sidebar(workspace)
    assert (side["name"], side["icon"], side["hue"]) == ("Named", "🌱", 12)


async def test_something_said_in_another_workspace_is_a_tick_there(world: World, stores: BrowserStores) -> None:
    tab, workspace = await in_both(world, stores)
    async with world.backend.database.session() as session:
        channel = await first_channel_id(session, workspace)
    assert channel is not None
    await world.say(world.ada, channel, "hello")

    def badge() -> tuple[int, int]:
        tab.store.apply(tab.take())
        entry = tab.store.sidebar(workspace)["channels"][str(channel)]
        return entry["read"], entry["last"]

    await until(lambda: badge() == (0, 1), "the other workspace's channel is unread")


async def test_a_tab_comes_into_a_workspace_one_is_taken_into(world: World, stores: BrowserStores) -> None:
    tab = await opened_tab(world, stores, world.bob, world.general)
    workspace = await another(world)
    await take_in(world, workspace)
    await tab.settle()
    assert tab.store.workspaces() == [str(world.workspace), str(workspace)]
    assert len(tab.store.sidebar(workspace)["channels"]) == 1
    await assert_equals_fresh(tab, stores)


async def test_a_workspace_one_is_taken_out_of_is_gone(world: World, stores: BrowserStores) -> None:
    tab, workspace = await in_both(world, stores)
    stale = tab.store
    await dismiss(world, workspace)
    ops = tab.take()
    await tab.ask(stale.apply(ops))
    await tab.settle()
    assert tab.store.workspaces() == [str(world.workspace)]
    assert tab.socket_id not in world.wire.members.get(workspace_room(workspace), set())
    await assert_equals_fresh(tab, stores)
    await take_in(world, workspace)
    await tab.settle()
    stale.apply(ops)
    assert tab.store.workspaces() == [str(world.workspace), str(workspace)]


async def test_the_heads_tell_of_a_workspace_that_came_or_went_unheard(world: World, stores: BrowserStores) -> None:
    tab = await opened_tab(world, stores, world.bob, world.general)
    workspace = await another(world)
    await take_in(world, workspace)
    tab.take()
    await heads(world)
    await tab.settle()
    assert tab.store.workspaces() == [str(world.workspace), str(workspace)]

    await dismiss(world, workspace)
    tab.take()
    await heads(world)
    await tab.settle()
    assert tab.store.workspaces() == [str(world.workspace)]
    await assert_equals_fresh(tab, stores)


async def test_a_list_that_comes_late_brings_nothing_back(world: World, stores: BrowserStores) -> None:
    workspace = await another(world)
    await take_in(world, workspace)
    tab = Tab(world, stores, world.bob, world.general)
    await tab.connect()
    late = tab.take()
    tab.store.apply(late)
    await dismiss(world, workspace)
    tab.take()  # lost
    await tab.enter()
    await tab.settle()
    assert tab.store.workspaces() == [str(world.workspace)]
    tab.store.apply(late)
    assert tab.store.workspaces() == [str(world.workspace)]
