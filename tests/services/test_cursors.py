"""Read cursors: how far each person has read each channel."""

import asyncio

import pytest
from sqlalchemy import text

from db.models import new_id
from rxapp.actor import Actor
from rxapp.errors import ErrorCode
from rxapp.live.ops import user_room
from rxapp.services.cursors import move_cursor
from tests.recording_wire import RecordingWire
from tests.refusals import refused
from tests.team import Team

CURSOR = text("select read_seq from public.channel_members where channel_id = :channel and user_id = :user")


async def cursor(team: Team, actor: Actor) -> int | None:
    async with team.backend.database.session() as session:
        found: int | None = await session.scalar(CURSOR, {"channel": team.general, "user": actor.user_id})
        return found


async def read_to(team: Team, seq: object, actor: Actor | None = None) -> None:
    await move_cursor(team.backend, actor=actor or team.member, channel_id=team.general, seq=seq)


@pytest.mark.parametrize(
    ("who", "where"),
    [("owner", "secret"), ("bystander", "secret"), ("ex_member", "general"), ("outsider", "general")],
)
async def test_there_is_no_cursor_where_one_cannot_read(team: Team, who: str, where: str) -> None:
    for channel in (getattr(team, where), new_id()):
        with refused(ErrorCode.NOT_FOUND):
            await move_cursor(team.backend, actor=getattr(team, who), channel_id=channel, seq=1)


@pytest.mark.parametrize("seq", [-1, 2**63, 10**400, 1.5, "1", None, True, [1]])
async def test_what_is_no_message_number_is_refused(team: Team, seq: object) -> None:
    with refused(ErrorCode.INVALID_REQUEST, field="seq"):
        await read_to(team, seq)


async def test_a_cursor_goes_on_and_never_back(team: Team, wire: RecordingWire) -> None:
    for _ in range(3):
        await team.say(team.owner, team.general)
    for seq, expected in ((1, 1), (3, 3), (2, 3), (0, 3)):
        await read_to(team, seq)
        assert await cursor(team, team.member) == expected
    assert [op["seq"] for op in wire.said_in(user_room(team.member.user_id), "read")] == [1, 3]


async def test_a_cursor_goes_no_further_than_what_was_said(team: Team) -> None:
    await team.say(team.owner, team.general)
    await read_to(team, 2**63 - 1)
    assert await cursor(team, team.member) == 1
    await team.say(team.owner, team.general)
    assert await cursor(team, team.member) == 1


async def test_cursors_moved_at_once_end_at_the_furthest(team: Team) -> None:
    for _ in range(5):
        await team.say(team.owner, team.general)
    await asyncio.gather(*(read_to(team, seq) for seq in (2, 5, 1, 4, 3)))
    assert await cursor(team, team.member) == 5


async def test_sending_moves_ones_own_cursor_and_nobody_elses(team: Team, wire: RecordingWire) -> None:
    await team.say(team.owner, team.general)
    assert (await cursor(team, team.owner), await cursor(team, team.member)) == (1, 0)
    assert [op["seq"] for op in wire.said_in(user_room(team.owner.user_id), "read")] == [1]


async def test_who_only_looks_has_no_cursor(team: Team, wire: RecordingWire) -> None:
    await team.say(team.owner, team.general)
    wire.said.clear()
    await read_to(team, 1, team.bystander)
    assert await cursor(team, team.bystander) is None
    assert wire.said == []
