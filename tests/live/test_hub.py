"""Rooms admit and evict, sessions end, what is committed first is said first, and nothing stays of tabs that went."""

import asyncio
from collections.abc import AsyncGenerator, Sized
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from rxapp.actor import Actor
from rxapp.live.hub import Hub
from rxapp.live.ops import channel_room, user_room, workspace_room
from tests.live.recording_wire import RecordingWire
from tests.live.waiting import until

ADA, BOB = (Actor(uuid4(), uuid4()) for _ in range(2))
CHANNEL, OTHER, WORKSPACE = uuid4(), uuid4(), uuid4()
ROOM = channel_room(CHANNEL)


@pytest.fixture
def wire() -> RecordingWire:
    return RecordingWire()


@pytest_asyncio.fixture
async def hub(wire: RecordingWire) -> AsyncGenerator[Hub]:
    hub = Hub(wire)
    hub.connect("a1", ADA)
    hub.connect("a2", ADA)
    hub.connect("b1", BOB)
    yield hub
    await hub.close()


async def enter(hub: Hub, socket_id: str, room: str, actor: Actor) -> bool:
    return await hub.enter(socket_id, room, admission=hub.admission(actor.user_id))


def kinds(wire: RecordingWire, socket_id: str) -> list[str]:
    return [op["k"] for op in wire.take(socket_id)]


async def test_an_op_reaches_the_tabs_in_the_room_and_no_other(hub: Hub, wire: RecordingWire) -> None:
    assert await enter(hub, "a1", ROOM, ADA)
    assert await enter(hub, "b1", channel_room(OTHER), BOB)
    await hub.to_channel(CHANNEL, {"k": "new"})
    await hub.push("a2", {"k": "page"})
    assert (kinds(wire, "a1"), kinds(wire, "a2"), kinds(wire, "b1")) == (["new"], ["page"], [])


async def test_every_op_has_a_number_of_its_own(hub: Hub, wire: RecordingWire) -> None:
    await enter(hub, "a1", ROOM, ADA)
    for _ in range(3):
        await hub.to_channel(CHANNEL, {"k": "new"})
        await hub.push("a1", {"k": "new"})
    numbers = [op["s"] for op in wire.take("a1")]
    assert numbers == sorted(set(numbers))


async def test_who_lost_a_right_after_authorising_does_not_enter(hub: Hub, wire: RecordingWire) -> None:
    admission = hub.admission(ADA.user_id)
    await hub.evict(ADA.user_id, [channel_room(OTHER)])
    assert not await hub.enter("a1", ROOM, admission=admission)
    assert await hub.enter("a1", ROOM, admission=hub.admission(ADA.user_id))
    assert wire.members == {ROOM: {"a1"}}


async def test_the_eviction_of_one_person_stops_no_other(hub: Hub) -> None:
    admission = hub.admission(BOB.user_id)
    await hub.evict(ADA.user_id, [ROOM])
    assert await hub.enter("b1", ROOM, admission=admission)


async def test_a_tab_that_went_enters_nothing_and_nor_does_one_that_never_came(hub: Hub, wire: RecordingWire) -> None:
    admission = hub.admission(ADA.user_id)
    hub.disconnect("a1")
    hub.disconnect("a2")
    assert not await hub.enter("a1", ROOM, admission=admission)
    assert not await hub.enter("nobody", ROOM, admission=0)
    assert wire.members == {}


async def test_after_an_eviction_no_op_of_the_room_reaches_any_tab_of_the_person(hub: Hub, wire: RecordingWire) -> None:
    for socket_id, actor in (("a1", ADA), ("a2", ADA), ("b1", BOB)):
        await enter(hub, socket_id, ROOM, actor)
        await enter(hub, socket_id, user_room(actor.user_id), actor)
    told = asyncio.create_task(_talk(hub))
    await hub.to_channel(CHANNEL, {"k": "new"})
    await hub.evict(ADA.user_id, [ROOM])
    wire.take("a1"), wire.take("a2"), wire.take("b1")
    await told
    await hub.to_user(ADA.user_id, {"k": "left"})
    assert (kinds(wire, "a1"), kinds(wire, "a2")) == (["left"], ["left"])
    assert kinds(wire, "b1") == ["new"] * 10


async def _talk(hub: Hub) -> None:
    for _ in range(10):
        await hub.to_channel(CHANNEL, {"k": "new"})


async def test_a_tab_looks_at_one_channel_at_a_time(hub: Hub, wire: RecordingWire) -> None:
    for room in (ROOM, channel_room(OTHER), workspace_room(WORKSPACE)):
        await enter(hub, "a1", room, ADA)
    await hub.look_away("a1", "ch:", but=ROOM)
    assert set(hub.looked_at()) == {ROOM, workspace_room(WORKSPACE)}
    await hub.look_away("a1", "ws:")
    await hub.look_away("nobody", "ch:")
    assert hub.looked_at() == [ROOM]


async def test_an_ended_session_loses_its_tabs_and_the_persons_others_stay(hub: Hub, wire: RecordingWire) -> None:
    phone = Actor(ADA.user_id, uuid4())
    hub.connect("phone", phone)
    for socket_id in ("a1", "a2", "phone"):
        await enter(hub, socket_id, ROOM, ADA)
    assert ADA.session_id is not None
    admission = hub.admission(ADA.user_id)
    await hub.close_session(ADA.session_id)
    assert sorted(wire.closed) == ["a1", "a2"]
    assert wire.members == {ROOM: {"phone"}}
    assert (kinds(wire, "a1"), kinds(wire, "phone")) == (["signed_out"], [])
    assert hub.sessions() == {phone.session_id, BOB.session_id}
    # Before the socket is really closed a handler of it may still be under way.
    for admitted in (admission, hub.admission(ADA.user_id)):
        assert not await hub.enter("a1", ROOM, admission=admitted)
    assert hub.actor_of("a1") is None
    hub.disconnect("a1")


async def test_a_person_signed_out_everywhere_loses_all_tabs(hub: Hub, wire: RecordingWire) -> None:
    hub.connect("phone", Actor(ADA.user_id, uuid4()))
    await hub.close_user(ADA.user_id)
    assert sorted(wire.closed) == ["a1", "a2", "phone"]
    assert hub.sessions() == {BOB.session_id}


async def test_what_is_committed_first_is_said_first(hub: Hub, wire: RecordingWire) -> None:
    await enter(hub, "a1", ROOM, ADA)
    committed: list[int] = []

    async def change(number: int) -> None:
        async with hub.ordered(CHANNEL):
            committed.append(number)
            for _ in range(number % 4):
                await asyncio.sleep(0)  # a commit takes its time, each another one
            await hub.to_channel(CHANNEL, {"k": "new", "rev": number})

    await asyncio.gather(*(change(number) for number in range(40)))
    assert [op["rev"] for op in wire.take("a1")] == committed


async def test_two_channels_do_not_wait_for_each_other(hub: Hub) -> None:
    async with hub.ordered(CHANNEL), asyncio.timeout(10), hub.ordered(OTHER):
        pass


async def test_a_busy_channel_ticks_once_a_second_and_the_last_value_is_told(hub: Hub, wire: RecordingWire) -> None:
    await enter(hub, "b1", user_room(BOB.user_id), BOB)
    hub.follow(BOB.user_id, [CHANNEL])
    for number in range(1, 200):
        hub.tick(CHANNEL, number, rev=number)
        await asyncio.sleep(0)
    ticks = await until_told(wire, "b1", 199)
    assert len(ticks) < 5
    hub.tick(CHANNEL, 150, rev=200)  # deleted messages take a badge back
    assert (await until_told(wire, "b1", 150))[-1]["last_rev"] == 200


async def until_told(wire: RecordingWire, socket_id: str, last: int) -> list[dict[str, object]]:
    ticks: list[dict[str, object]] = []

    def told() -> bool:
        ticks.extend(wire.take(socket_id))
        return bool(ticks) and ticks[-1]["last"] == last

    await until(told, f"the tick {last} is told")
    return ticks


async def test_only_who_follows_a_channel_hears_its_ticks(hub: Hub, wire: RecordingWire) -> None:
    for socket_id, actor in (("a1", ADA), ("b1", BOB)):
        await enter(hub, socket_id, user_room(actor.user_id), actor)
    hub.follow(ADA.user_id, [CHANNEL, OTHER])
    hub.follow(BOB.user_id, [CHANNEL])
    hub.unfollow(BOB.user_id, [CHANNEL])
    hub.tick(CHANNEL, 1, rev=1)
    await until_told(wire, "a1", 1)
    assert wire.take("b1") == []


async def test_nothing_stays_of_tabs_that_went(hub: Hub, wire: RecordingWire) -> None:
    for socket_id, actor in (("a1", ADA), ("a2", ADA), ("b1", BOB)):
        await enter(hub, socket_id, ROOM, actor)
        hub.follow(actor.user_id, [CHANNEL])
    await hub.evict(ADA.user_id, [ROOM])
    hub.tick(CHANNEL, 1, rev=1)
    async with hub.ordered(CHANNEL):
        pass
    for socket_id in ("a1", "a2", "b1", "b1"):
        hub.disconnect(socket_id)
    await hub.evict(ADA.user_id, [ROOM])  # of somebody who is not here
    hub.follow(BOB.user_id, [CHANNEL])
    await hub.close()
    ticks = hub._ticks
    left: list[Sized] = [hub._tabs, hub._tabs_of, hub._evictions, hub._order, ticks._followers, ticks._followed]
    left += [ticks._tasks, ticks._due]
    assert [len(kept) for kept in left] == [0] * len(left)
    assert hub.sessions() == set[UUID]()
