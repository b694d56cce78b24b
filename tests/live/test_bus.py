"""Workers over a real Redis: what one says all hear, who loses a right is out everywhere before the call returns."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from rxapp.actor import Actor
from rxapp.live import bus as bus_module
from rxapp.live.allowances import SEND
from rxapp.live.bus import Bus, installation_name
from rxapp.live.hub import Hub
from rxapp.live.limits import Limits
from rxapp.live.ops import ASK_AGAIN, Op, channel_room, user_room, workspace_room
from rxapp.live.redis_link import RedisLink
from rxapp.operator_error import OperatorError
from tests.live.waiting import until
from tests.recording_wire import RecordingWire
from tests.redis_server import RedisServer

ADA, BOB = Actor(UUID(int=1), UUID(int=11)), Actor(UUID(int=2), UUID(int=12))
CHANNEL = UUID(int=100)
ROOM = channel_room(CHANNEL)


@dataclass(slots=True)
class Worker:
    """One worker without sockets."""

    link: RedisLink
    bus: Bus
    wire: RecordingWire
    hub: Hub

    async def come(self, actor: Actor, socket_id: str, *rooms: str) -> None:
        """A tab comes into rooms, and into its person's."""
        self.hub.connect(socket_id, actor)
        for room in (user_room(actor.user_id), *rooms):
            assert await self.hub.enter(socket_id, room, admission=self.hub.admission(actor.user_id))

    def heard(self, socket_id: str, *kinds: str) -> list[Op]:
        return self.wire.heard_by(socket_id, *kinds)

    async def end(self) -> None:
        await self.hub.close()
        await self.bus.close()
        await self.link.close()


Open = Callable[[], Awaitable[Worker]]


@pytest_asyncio.fixture
async def open_worker(redis_server: RedisServer) -> AsyncGenerator[Open]:
    workers: list[Worker] = []

    async def open_one() -> Worker:
        link = RedisLink(redis_server.url)
        bus = Bus(link, installation_name("a secret of the test"))
        wire = RecordingWire()
        worker = Worker(link, bus, wire, Hub(wire, bus))
        await link.start()
        await bus.start(hear=worker.hub.hear, changed=worker.hub.others_changed)
        workers.append(worker)
        return worker

    yield open_one
    for worker in workers:
        await worker.end()


@pytest_asyncio.fixture
async def one(open_worker: Open) -> Worker:
    return await open_worker()


@pytest_asyncio.fixture
async def two(open_worker: Open, one: Worker) -> Worker:
    del one
    return await open_worker()


def new(rev: int) -> Op:
    return {"k": "new", "ch": str(CHANNEL), "rev": rev}


async def test_each_op_reaches_the_tabs_of_all_workers_once_and_in_order(one: Worker, two: Worker) -> None:
    await one.come(ADA, "ada", ROOM)
    await two.come(BOB, "bob", ROOM)
    await one.hub.to_channel(CHANNEL, new(1))
    await until(lambda: bool(two.heard("bob", "new")), "the first is heard")
    for rev in range(2, 101):
        await (one if rev % 3 else two).hub.to_channel(CHANNEL, new(rev))
    for worker, tab in ((one, "ada"), (two, "bob")):
        await until(lambda worker=worker, tab=tab: len(worker.heard(tab, "new")) == 100, "all is heard")  # type: ignore[misc]
        assert [op["rev"] for op in worker.heard(tab, "new")] == list(range(1, 101))


async def test_a_tab_that_moves_takes_no_op_for_the_one_before(one: Worker, two: Worker) -> None:
    await one.come(ADA, "ada", ROOM)
    await two.come(ADA, "ada again", ROOM)
    await one.hub.to_channel(CHANNEL, new(1))
    await until(lambda: bool(two.heard("ada again", "new")), "it is heard")
    assert one.heard("ada", "new")[0]["s"] != two.heard("ada again", "new")[0]["s"]


async def test_who_loses_a_right_is_out_on_every_worker_before_the_call_returns(one: Worker, two: Worker) -> None:
    await one.come(BOB, "bob here", ROOM)
    await two.come(BOB, "bob there", ROOM)
    admission = two.hub.admission(BOB.user_id)
    await one.hub.evict(BOB.user_id, [ROOM])
    assert ROOM not in one.wire.rooms() + two.wire.rooms()
    assert not await two.hub.enter("bob there", ROOM, admission=admission)


async def test_a_channel_that_is_hidden_is_emptied_everywhere_but_for_its_people(one: Worker, two: Worker) -> None:
    await two.come(ADA, "ada", ROOM)
    await two.come(BOB, "bob", ROOM)
    await one.hub.evict_others(ROOM, but=[ADA.user_id])
    await two.hub.to_channel(CHANNEL, new(1))
    assert (len(two.heard("ada", "new")), two.heard("bob", "new")) == (1, [])


async def test_sessions_and_people_are_signed_out_everywhere_before_the_call_returns(one: Worker, two: Worker) -> None:
    await two.come(ADA, "ada", ROOM)
    await two.come(BOB, "bob", ROOM)
    assert ADA.session_id is not None
    await one.hub.close_session(ADA.session_id)
    assert two.wire.closed == ["ada"]
    assert [op["k"] for op in two.heard("ada")] == ["signed_out"]
    await one.hub.close_user(BOB.user_id)
    assert two.wire.closed == ["ada", "bob"]


async def test_it_is_known_who_is_here_on_any_worker(one: Worker, two: Worker) -> None:
    await one.come(ADA, "ada")
    await two.come(BOB, "bob")
    assert await one.hub.here([ADA.user_id, BOB.user_id, uuid4()]) == {ADA.user_id, BOB.user_id}


async def test_followers_hear_ticks_wherever_they_are_and_a_late_word_changes_nothing(one: Worker, two: Worker) -> None:
    await two.come(BOB, "bob")
    one.hub.unfollow(BOB.user_id, [CHANNEL], rev=8)
    one.hub.follow(BOB.user_id, [CHANNEL], rev=7)  # as if another worker's word had overtaken it
    one.hub.tick(CHANNEL, 1, rev=1)
    await one.hub.here([])  # all that was said before has arrived when this is answered
    assert two.heard("bob", "tick") == []
    one.hub.follow(BOB.user_id, [CHANNEL], rev=9)
    one.hub.tick(CHANNEL, 2, rev=2)
    await until(lambda: bool(two.heard("bob", "tick")), "the tick comes")
    assert two.heard("bob", "tick")[0]["last"] == 2


async def test_one_that_does_not_answer_is_waited_for_a_moment_and_the_log_says_so(
    one: Worker, two: Worker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bus_module, "ANSWER_SECONDS", 0.2)
    stuck = asyncio.Event()

    async def hear(kind: str, words: Any) -> None:
        del kind, words
        await stuck.wait()

    two.bus._hear = hear
    with caplog.at_level(logging.WARNING):
        await one.hub.evict(BOB.user_id, [ROOM])
    assert "Only 1 of 2 workers confirmed 'evict'" in caplog.text
    stuck.set()


async def test_what_cannot_be_done_is_logged_and_the_next_word_is_heard(
    one: Worker, two: Worker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bus_module, "ANSWER_SECONDS", 0.2)
    await one.bus.ask("nonsense", 1)
    assert "Could not do what another worker said: nonsense" in caplog.text
    await two.come(BOB, "bob")
    assert await one.hub.here([BOB.user_id]) == {BOB.user_id}


async def test_what_goes_wrong_in_telling_and_in_reacting_ends_neither(
    one: Worker,
    two: Worker,
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await two.come(BOB, "bob", ROOM)

    async def fail(*_: object) -> None:
        raise ValueError("unheard of")

    with monkeypatch.context() as wrong:
        wrong.setattr(bus_module, "_publish", fail)
        wrong.setattr(one.bus, "_changed", fail)
        await one.hub.to_channel(CHANNEL, new(1))
        await until(lambda: "Could not tell the other workers" in caplog.text, "it fails")
        redis_server.kill()
        await until(lambda: "Could not react to other workers going" in caplog.text, "it fails as well")
        redis_server.start()
        await until(lambda: one.bus.is_whole and two.bus.is_whole, "they hear one another")
    await one.hub.to_channel(CHANNEL, new(2))
    await until(lambda: any(op["rev"] == 2 for op in two.heard("bob", "new")), "it is heard")
    assert not any(task.done() for task in (*one.bus.tasks, *two.bus.tasks))


@pytest.mark.parametrize("noise", [b"noise", b"\xff", b"[1, 2]", b"7", b"null"])
async def test_noise_on_its_channel_makes_nobody_deaf(
    one: Worker, two: Worker, caplog: pytest.LogCaptureFixture, noise: bytes
) -> None:
    await two.come(BOB, "bob")
    await one.link.client.publish(installation_name("a secret of the test"), noise)
    assert await one.hub.here([BOB.user_id]) == {BOB.user_id}
    assert "Heard something that no worker says" in caplog.text
    assert one.hub.is_whole
    assert two.hub.is_whole


async def test_a_redis_that_lets_nobody_listen_is_a_clear_refusal_to_start(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(bus_module, "START_PATIENCE_SECONDS", 0.5)
    async with Redis.from_url(redis_server.url) as client:
        await client.acl_setuser(
            "deaf", enabled=True, passwords=["+deaf"], keys=["*"], categories=["+@all"], reset_channels=True
        )
    link = RedisLink(redis_server.url.replace("unix://", "unix://deaf:deaf@"))
    bus = Bus(link, installation_name("a secret of the test"))
    await link.start()
    with pytest.raises(OperatorError, match=r"its channels cannot be heard .*permissions.*&confab"):
        await bus.start(hear=_hears_nothing, changed=_changes_nothing)
    assert caplog.text.count("The other workers are not heard just now") == 1
    assert not bus.is_whole
    await link.close()


async def test_the_rights_that_the_docs_name_are_enough(redis_server: RedisServer) -> None:
    name = installation_name("a secret of the test")
    async with Redis.from_url(redis_server.url) as client:
        await client.acl_setuser(
            "limited", enabled=True, passwords=["+limited"], keys=["confab:*"], channels=["confab:*"],
            categories=["+@all"], reset_channels=True,
        )  # fmt: skip
    link = RedisLink(redis_server.url.replace("unix://", "unix://limited:limited@"))
    bus = Bus(link, name)
    await link.start()
    await bus.start(hear=_hears_nothing, changed=_changes_nothing)
    assert bus.is_whole
    await Limits(redis=link, name=name).take(SEND, UUID(int=1))
    assert await bus.ask("anybody") == [], "nobody else is there, and nobody has to be waited for"
    assert link.is_there
    await bus.close()
    await link.close()


async def _hears_nothing(kind: str, words: Sequence[Any]) -> None:
    del kind, words


async def _changes_nothing(is_whole: bool) -> None:
    del is_whole


@pytest.mark.parametrize("end", ["kill", "freeze"])
async def test_while_redis_is_away_all_are_told_nothing_waits_and_afterwards_a_round_is_due(
    one: Worker, two: Worker, redis_server: RedisServer, end: str
) -> None:
    await one.come(ADA, "ada", ROOM)
    await two.come(BOB, "bob", ROOM)
    getattr(redis_server, end)()
    await one.hub.to_channel(CHANNEL, new(1))
    for worker, tab in ((one, "ada"), (two, "bob")):
        await until(lambda worker=worker, tab=tab: bool(worker.heard(tab, "link")), "it is said")  # type: ignore[misc]
        assert worker.heard(tab, "link")[-1]["whole"] is False
        assert worker.hub.round_is_due.is_set()
        worker.hub.round_is_due.clear()
    await one.hub.to_channel(CHANNEL, new(7))  # with others it would wait for its predecessor
    await one.hub.evict(BOB.user_id, [ROOM])
    assert [op["rev"] for op in one.heard("ada", "new")] == [1, 7]

    (redis_server.start if end == "kill" else redis_server.thaw)()
    for worker, tab in ((one, "ada"), (two, "bob")):
        await until(lambda worker=worker, tab=tab: worker.heard(tab, "link")[-1]["whole"], "it is said")  # type: ignore[misc]
        await until(worker.hub.round_is_due.is_set, "a round is due")
    await until(lambda: one.hub.is_whole and two.hub.is_whole, "both hear again")
    await one.hub.to_channel(CHANNEL, new(8))
    await until(lambda: two.heard("bob", "new")[-1:] != [] and two.heard("bob", "new")[-1]["rev"] == 8, "it is heard")


async def test_while_redis_is_away_the_database_says_who_hears_an_op(
    one: Worker, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    """Another worker may have taken somebody out, and cannot say so."""
    await one.come(ADA, "ada", ROOM)
    await one.come(BOB, "bob", ROOM)
    asked: list[dict[UUID, list[str]]] = []

    async def lost_rooms(held: Mapping[UUID, Collection[str]]) -> dict[UUID, list[str]]:
        asked.append({user_id: list(rooms) for user_id, rooms in held.items()})
        return {BOB.user_id: [ROOM]} if BOB.user_id in held else {}

    one.hub.lost_rooms = lost_rooms
    await one.hub.to_channel(CHANNEL, new(1))
    assert (asked, len(one.heard("bob", "new"))) == ([], 1)  # with all others in reach nothing is asked
    redis_server.kill()
    await until(lambda: not one.hub.is_whole, "it is alone")
    await one.hub.to_channel(CHANNEL, new(2))
    assert asked == [{ADA.user_id: [ROOM], BOB.user_id: [ROOM]}]
    assert [op["rev"] for op in one.heard("ada", "new")] == [1, 2]
    assert [op["rev"] for op in one.heard("bob", "new")] == [1]

    async def away(held: Mapping[UUID, Collection[str]]) -> dict[UUID, list[str]]:
        raise ConnectionError

    one.hub.lost_rooms = away
    await one.hub.to_channel(CHANNEL, new(3))
    assert [op["rev"] for op in one.heard("ada", "new")] == [1, 2]
    assert "so nobody does" in caplog.text


@pytest.mark.parametrize("end", ["kill", "freeze"])
async def test_a_right_is_taken_away_only_once_who_hears_nothing_knows_that(
    one: Worker, two: Worker, redis_server: RedisServer, end: str
) -> None:
    await two.come(BOB, "bob", ROOM)
    getattr(redis_server, end)()
    await one.hub.evict(BOB.user_id, [ROOM])
    assert not two.hub.is_whole
    await until(lambda: not one.hub.is_whole, "it is alone")
    await one.hub.evict(BOB.user_id, [ROOM])
    began = time.monotonic()
    for _ in range(100):
        await one.hub.evict(BOB.user_id, [ROOM])
    assert time.monotonic() - began < 100 * bus_module.DEAF_SECONDS  # which everybody knows since then


async def test_a_worker_that_comes_makes_all_look_at_the_truth(one: Worker, open_worker: Open) -> None:
    one.hub.round_is_due.clear()
    await open_worker()  # in the place of one that died, maybe, with words that it did not say
    await until(one.hub.round_is_due.is_set, "a round is due")


async def test_installations_on_one_redis_do_not_hear_one_another(one: Worker, redis_server: RedisServer) -> None:
    link = RedisLink(redis_server.url)
    bus = Bus(link, installation_name("the secret of another"))
    wire = RecordingWire()
    other = Worker(link, bus, wire, Hub(wire, bus))
    await link.start()
    await bus.start(hear=other.hub.hear, changed=other.hub.others_changed)
    await other.come(BOB, "bob")
    assert await one.hub.here([BOB.user_id]) == set()
    await other.end()


async def test_who_is_put_out_late_and_may_be_in_asks_again(one: Worker, two: Worker) -> None:
    """They came back, on the word of the database, while the word of this eviction was on its way."""
    workspace = UUID(int=7)
    await two.come(BOB, "bob", ROOM, workspace_room(workspace))
    await one.hub.evict([BOB.user_id, uuid4()], [ROOM, workspace_room(workspace), channel_room(uuid4())])
    asked = {op.get("ch") or op["ws"]: op["rev"] for op in two.heard("bob", "head", "ws_head")}
    assert asked == {str(CHANNEL): ASK_AGAIN, str(workspace): ASK_AGAIN}
    assert await two.hub.enter("bob", ROOM, admission=two.hub.admission(BOB.user_id))
