"""Messages that come at once are stored together, and each has an outcome of its own."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import func, select, text

from db.models import Channel, Message, new_id
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.ops import channel_room
from rxapp.services import sending as module
from rxapp.services.group_commit import BATCH_LIMIT, GroupCommit
from rxapp.services.messages import send_message
from tests.live.waiting import until
from tests.recording_wire import RecordingWire
from tests.team import Team


def sending(team: Team, actor: Actor, source: str, *, key: UUID | None = None, channel: UUID | None = None) -> Any:
    return send_message(
        team.backend, actor=actor, channel_id=channel or team.general, client_key=key or new_id(), source=source
    )


@asynccontextmanager
async def all_at_once(team: Team, channel: UUID) -> AsyncGenerator[list[asyncio.Task[Any]]]:
    """Tasks of the block are sends that wait together: the channel's turn is somebody else's until its end."""
    tasks: list[asyncio.Task[Any]] = []
    async with team.backend.hub.ordered(channel):
        yield tasks
        waiting = team.backend.commits._waiting
        await until(lambda: len(waiting.get(channel, ())) == len(tasks), "all sends wait")


async def stored(team: Team, channel: UUID) -> Sequence[Message]:
    async with team.backend.database.session() as session:
        return (await session.scalars(select(Message).where(Message.channel_id == channel).order_by(Message.seq))).all()


async def transactions(team: Team, channel: UUID) -> int:
    """How many wrote the messages of a channel."""
    async with team.backend.database.session() as session:
        query = text("select count(distinct xmin::text) from public.chat where channel_id = :channel")
        return int((await session.execute(query, {"channel": channel})).scalar_one())


async def test_what_waits_is_stored_in_one_transaction_and_said_in_the_order_in_which_it_came(
    team: Team, wire: RecordingWire
) -> None:
    async with all_at_once(team, team.general) as tasks:
        for number in range(20):
            actor = (team.member, team.owner)[number % 2]
            tasks.append(asyncio.create_task(sending(team, actor, f"number {number}")))
    counted = REGISTRY.get_sample_value("confab_commit_batch_messages_sum") or 0.0
    views = await asyncio.gather(*tasks)
    assert await transactions(team, team.general) == 1
    assert REGISTRY.get_sample_value("confab_commit_batch_messages_sum") == counted + 20
    assert [view["seq"] for view in views] == list(range(1, 21))
    rows = await stored(team, team.general)
    assert [row.source for row in rows] == [f"number {number}" for number in range(20)]
    assert [row.created_at for row in rows] == sorted(row.created_at for row in rows)
    news = wire.said_in(channel_room(team.general), "new")
    assert [op["rev"] for op in news] == list(range(1, 21))
    assert [op.get("last") for op in news] == [None] * 19 + [20]
    async with team.backend.database.session() as session:
        channel = await session.get_one(Channel, team.general)
        assert (channel.last_seq, channel.rev, channel.last_post_seq) == (20, 20, 20)


async def test_more_than_a_batch_takes_one_more_transaction(team: Team) -> None:
    async with all_at_once(team, team.general) as tasks:
        tasks.extend(asyncio.create_task(sending(team, team.member, "again")) for _ in range(BATCH_LIMIT + 1))
    views = await asyncio.gather(*tasks)
    assert await transactions(team, team.general) == 2
    assert [view["seq"] for view in views] == list(range(1, BATCH_LIMIT + 2))


async def test_who_may_not_write_is_refused_and_the_others_of_the_batch_are_stored(team: Team) -> None:
    async with all_at_once(team, team.secret) as tasks:
        for actor in (team.member, team.outsider, team.member):
            tasks.append(asyncio.create_task(sending(team, actor, "hush", channel=team.secret)))
    outcomes: list[Any] = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(outcomes[1], ConfabError)
    assert outcomes[1].code is ErrorCode.NOT_FOUND
    assert [outcomes[0]["seq"], outcomes[2]["seq"]] == [1, 2]
    assert len(await stored(team, team.secret)) == 2


async def test_one_key_twice_in_a_batch_is_one_message_said_once(team: Team, wire: RecordingWire) -> None:
    key = new_id()
    async with all_at_once(team, team.general) as tasks:
        tasks.extend(asyncio.create_task(sending(team, team.member, "once", key=key)) for _ in range(3))
    first, *others = await asyncio.gather(*tasks)
    assert others == [first, first]
    assert len(await stored(team, team.general)) == 1
    assert len(wire.said_in(channel_room(team.general), "new")) == 1


async def test_a_key_used_elsewhere_at_this_moment_takes_no_other_message_with_it_and_leaves_no_hole(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_id()
    await sending(team, team.member, "there", key=key, channel=team.secret)
    # As if that had been committed between the look for it and the insert.
    async with all_at_once(team, team.general) as tasks:
        tasks.append(asyncio.create_task(sending(team, team.member, "before")))
        tasks.append(asyncio.create_task(sending(team, team.member, "here", key=key)))
        tasks.append(asyncio.create_task(sending(team, team.owner, "after")))
        monkeypatch.setattr(module, "_by_key", lambda _sent: {})
    outcomes: list[Any] = await asyncio.gather(*tasks, return_exceptions=True)
    assert [str(outcomes[1])] == ["invalid_request {'field': 'client_key'}"]
    assert [outcomes[0]["seq"], outcomes[2]["seq"]] == [1, 2]
    assert [row.seq for row in await stored(team, team.general)] == [1, 2]


async def test_who_stops_waiting_does_not_stop_what_is_sent(team: Team) -> None:
    async with all_at_once(team, team.general) as tasks:
        tasks.extend(asyncio.create_task(sending(team, team.member, f"{number}")) for number in range(2))
    while not tasks[0].cancelling():
        tasks[0].cancel()
    assert (await tasks[1])["seq"] == 2
    assert [row.source for row in await stored(team, team.general)] == ["0", "1"]


async def test_nothing_stays_of_what_was_sent(team: Team) -> None:
    await asyncio.gather(*(sending(team, team.member, "x") for _ in range(5)))
    commits = team.backend.commits
    await until(lambda: not commits._running, "nobody has a turn")
    assert commits._waiting == {}


class Failing:
    """A work that does not know one of its items."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    async def write(self, key: UUID, items: Sequence[str]) -> Sequence[str | ConfabError]:
        self.batches.append(list(items))
        if "bad" in items:
            raise RuntimeError("what is this?")
        if "away" in items:
            raise ConfabError(ErrorCode.UNAVAILABLE)
        return list(items)

    async def say(self, key: UUID, results: Sequence[str]) -> None:
        if "mute" in results:
            raise RuntimeError("nothing to say")


@pytest.mark.parametrize(
    ("items", "outcomes", "batches"),
    [
        (["a", "bad", "c"], ["a", "RuntimeError", "c"], [["a", "bad", "c"], ["a"], ["bad"], ["c"]]),
        (["a", "away"], ["ConfabError", "ConfabError"], [["a", "away"]]),
        (["mute"], ["mute"], [["mute"]]),
    ],
)
async def test_what_cannot_be_stored_is_tried_by_itself_but_not_while_the_database_is_away(
    team: Team, items: list[str], outcomes: list[str], batches: list[list[str]]
) -> None:
    commits, work, key = GroupCommit(team.backend.hub), Failing(), new_id()
    async with team.backend.hub.ordered(key):
        tasks = [asyncio.create_task(commits.do(key, item, work)) for item in items]
        await asyncio.sleep(0)
    got = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one).__name__ if isinstance(one, Exception) else one for one in got] == outcomes
    assert work.batches == batches


async def test_many_at_once_leave_no_hole_in_the_numbers(team: Team) -> None:
    await asyncio.gather(*(sending(team, (team.member, team.owner)[n % 2], "x") for n in range(300)))
    async with team.backend.database.session() as session:
        low, high, rows = (
            await session.execute(
                select(func.min(Message.seq), func.max(Message.seq), func.count()).where(
                    Message.channel_id == team.general
                )
            )
        ).one()
    assert (low, high, rows) == (1, 300, 300)
