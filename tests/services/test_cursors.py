"""Read cursors: how far each person has read each channel."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text

from db.models import new_id
from rxapp.actor import Actor
from rxapp.errors import ErrorCode
from rxapp.live.ops import user_room
from rxapp.services import cursors
from rxapp.services.channel_people import join_channel, leave_channel
from rxapp.services.cursors import mark_all_read, mark_unread, move_cursor
from tests.recording_wire import RecordingWire
from tests.refusals import refused
from tests.team import Team

CURSOR = text("select read_seq, read_rev from public.channel_members where channel_id = :channel and user_id = :user")


async def place(team: Team, actor: Actor, channel: UUID | None = None) -> tuple[int, int] | None:
    """Cursor and `read_rev`; None for who has no seat."""
    async with team.backend.database.session() as session:
        found = await session.execute(CURSOR, {"channel": channel or team.general, "user": actor.user_id})
        row = found.one_or_none()
        return row and (row.read_seq, row.read_rev)


async def cursor(team: Team, actor: Actor) -> int | None:
    found = await place(team, actor)
    return found and found[0]


async def read_to(team: Team, seq: object, actor: Actor | None = None, read_rev: object = None) -> None:
    await move_cursor(team.backend, actor=actor or team.member, channel_id=team.general, seq=seq, read_rev=read_rev)


async def mark(team: Team, seq: object, actor: Actor | None = None, channel: UUID | None = None) -> None:
    await mark_unread(team.backend, actor=actor or team.member, channel_id=channel or team.general, seq=seq)


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


# ---------------------------------------------------------------- marked unread


async def test_a_channel_is_marked_unread_from_a_message_on_in_all_ones_tabs(team: Team, wire: RecordingWire) -> None:
    for _ in range(3):
        await team.say(team.owner, team.general)
    await read_to(team, 3)
    wire.said.clear()
    await mark(team, 2)
    found = await place(team, team.member)
    assert found is not None
    assert found[0] == 1
    (op,) = wire.said_in(user_room(team.member.user_id))
    assert {name: op[name] for name in op if name != "s"} == {
        "k": "read",
        "ws": str(team.workspace),
        "ch": str(team.general),
        "seq": 1,
        "rr": found[1],
        "rev": found[1],
    }
    assert wire.said == [(user_room(team.member.user_id), op)]
    assert await cursor(team, team.owner) == 3


async def test_each_mark_counts_more_than_the_one_before(team: Team) -> None:
    for _ in range(3):
        await team.say(team.owner, team.general)
    places = []
    for seq in (3, 1, 3, 2):
        await mark(team, seq)
        places.append(await place(team, team.member))
    assert [found[0] for found in places if found] == [2, 0, 2, 1]
    revs = [found[1] for found in places if found]
    assert revs == sorted(set(revs))


async def test_what_was_read_before_the_mark_does_not_undo_it(team: Team, wire: RecordingWire) -> None:
    for _ in range(3):
        await team.say(team.owner, team.general)
    before = await place(team, team.member)
    assert before is not None
    await mark(team, 2)
    wire.said.clear()
    await read_to(team, 3, read_rev=before[1])
    assert await cursor(team, team.member) == 1
    assert wire.said == []
    after = await place(team, team.member)
    assert after is not None
    await read_to(team, 3, read_rev=after[1])
    assert await place(team, team.member) == (3, after[1])


async def test_who_writes_has_read_also_what_they_marked(team: Team, wire: RecordingWire) -> None:
    await team.say(team.owner, team.general)
    await mark(team, 1)
    marked = await place(team, team.member)
    assert marked is not None
    await team.say(team.member, team.general)
    assert await place(team, team.member) == (2, marked[1])
    newest = wire.said_in(user_room(team.member.user_id), "read")[-1]
    assert (newest["seq"], newest["rr"]) == (2, marked[1])


async def test_who_comes_back_has_a_cursor_that_counts_more_than_the_one_they_left(team: Team) -> None:
    await team.say(team.owner, team.general)
    await mark(team, 1)
    marked = await place(team, team.member)
    await leave_channel(team.backend, actor=team.member, channel_id=team.general)
    await join_channel(team.backend, actor=team.member, channel_id=team.general)
    again = await place(team, team.member)
    assert marked is not None
    assert again is not None
    assert again[0] == 1
    assert again[1] > marked[1]


@pytest.mark.parametrize("seq", [0, 2, 2**63 - 1, -1, 2**63, 1.5, "1", None, True])
async def test_a_number_that_no_message_has_is_refused(team: Team, wire: RecordingWire, seq: object) -> None:
    await team.say(team.owner, team.general)
    before = await place(team, team.member)
    wire.said.clear()
    with refused(ErrorCode.INVALID_REQUEST, field="seq"):
        await mark(team, seq)
    assert await place(team, team.member) == before
    assert wire.said == []


@pytest.mark.parametrize(
    ("who", "where"),
    [("owner", "secret"), ("bystander", "secret"), ("ex_member", "general"), ("outsider", "general")],
)
async def test_nothing_is_marked_unread_where_one_cannot_read(team: Team, who: str, where: str) -> None:
    await team.say(team.member, getattr(team, where))
    for channel in (getattr(team, where), new_id()):
        with refused(ErrorCode.NOT_FOUND):
            await mark(team, 1, getattr(team, who), channel)


async def test_who_only_looks_marks_nothing_unread(team: Team) -> None:
    await team.say(team.owner, team.general)
    with refused(ErrorCode.NOT_JOINED):
        await mark(team, 1, team.bystander)


# ---------------------------------------------------------------- all read


async def test_all_of_a_workspace_is_marked_read_in_one_op(team: Team, wire: RecordingWire) -> None:
    for channel in (team.general, team.secret, team.secret):
        await team.say(team.admin, channel)
    await mark(team, 1)
    marked = await place(team, team.member)
    wire.said.clear()
    await mark_all_read(team.backend, actor=team.member, workspace_id=team.workspace)
    assert marked is not None
    assert await place(team, team.member) == (1, marked[1])
    assert await place(team, team.member, team.secret) == (2, 0)
    ((room, op),) = wire.said
    assert (room, op["k"], op["ws"]) == (user_room(team.member.user_id), "read_all", str(team.workspace))
    assert op["cursors"] == {str(team.general): [1, marked[1]], str(team.secret): [2, 0]}
    assert (await cursor(team, team.owner), await cursor(team, team.admin)) == (0, 1)


async def test_where_nothing_is_unread_nothing_is_said(team: Team, wire: RecordingWire) -> None:
    await team.say(team.member, team.general)
    wire.said.clear()
    await mark_all_read(team.backend, actor=team.member, workspace_id=team.workspace)
    await mark_all_read(team.backend, actor=team.bystander, workspace_id=team.workspace)
    assert wire.said == []


async def test_of_very_many_channels_the_tabs_read_the_whole_sidebar(
    team: Team, wire: RecordingWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cursors, "READ_ALL_CURSORS", 1)
    for channel in (team.general, team.secret):
        await team.say(team.admin, channel)
    wire.said.clear()
    await mark_all_read(team.backend, actor=team.member, workspace_id=team.workspace)
    ((room, op),) = wire.said
    assert (room, op["k"]) == (user_room(team.member.user_id), "me_head")
    assert op["rev"] > 0
    assert (await place(team, team.member), await place(team, team.member, team.secret)) == ((1, 0), (1, 0))


@pytest.mark.parametrize("who", ["ex_member", "outsider"])
async def test_nobody_marks_a_workspace_read_that_they_are_not_in(team: Team, who: str) -> None:
    for workspace in (team.workspace, new_id(), "no id", None):
        with refused(ErrorCode.NOT_FOUND):
            await mark_all_read(team.backend, actor=getattr(team, who), workspace_id=workspace)
