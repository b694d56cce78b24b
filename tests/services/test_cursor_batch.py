"""Read cursors written together."""

import asyncio

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from db.models import ChannelMember, new_id
from rxapp.actor import Actor
from rxapp.errors import ErrorCode
from rxapp.live.ops import user_room
from rxapp.services.cursor_batch import CursorBatch
from rxapp.services.cursors import mark_all_read, mark_unread
from tests.recording_wire import RecordingWire
from tests.refusals import refused
from tests.team import Team


async def cursors(team: Team) -> dict[tuple[str, str], int]:
    """Who has read how far, by channel and name."""
    names = {actor.user_id: name for name in ("owner", "admin", "member") for actor in (getattr(team, name),)}
    places = {team.general: "general", team.secret: "secret"}
    async with team.backend.database.session() as session:
        rows = (await session.execute(select(ChannelMember))).scalars().all()
    return {
        (places[row.channel_id], names[row.user_id]): row.read_seq
        for row in rows
        if row.user_id in names and row.channel_id in places
    }


async def test_many_cursors_move_in_one_write(team: Team, wire: RecordingWire) -> None:
    await team.say(team.owner, team.general)
    await team.say(team.member, team.secret)
    batch = CursorBatch(team.backend)
    batch.note(actor=team.admin, channel_id=team.general, seq=1)
    batch.note(actor=team.member, channel_id=str(team.general), seq=1)
    batch.note(actor=team.admin, channel_id=team.secret, seq=1)
    await batch.flush()
    moved = await cursors(team)
    assert moved["general", "admin"] == moved["general", "member"] == moved["secret", "admin"] == 1
    assert wire.said_in(user_room(team.admin.user_id), "read")[0]["seq"] == 1


async def test_the_furthest_of_several_moves_counts(team: Team, wire: RecordingWire) -> None:
    for _ in range(3):
        await team.say(team.owner, team.general)
    batch = CursorBatch(team.backend)
    for seq in (2, 3, 1):
        batch.note(actor=team.member, channel_id=team.general, seq=seq)
    await batch.flush()
    assert (await cursors(team))["general", "member"] == 3
    assert len(wire.said_in(user_room(team.member.user_id), "read")) == 1


async def test_a_cursor_never_goes_back_nor_beyond_what_was_said(team: Team, wire: RecordingWire) -> None:
    await team.say(team.owner, team.general)
    batch = CursorBatch(team.backend)
    for seq in (2**63 - 1, 0):
        batch.note(actor=team.member, channel_id=team.general, seq=seq)
        await batch.flush()
        assert (await cursors(team))["general", "member"] == 1
    assert len(wire.said_in(user_room(team.member.user_id), "read")) == 1


@pytest.mark.parametrize(
    ("who", "where"),
    [("bystander", "general"), ("owner", "secret"), ("ex_member", "general"), ("outsider", "general")],
)
async def test_who_has_no_seat_moves_nothing_and_hears_nothing(
    team: Team, wire: RecordingWire, who: str, where: str
) -> None:
    await team.say(team.member, getattr(team, where))
    await team.leave_workspace(team.ex_member)
    before = await cursors(team)
    actor: Actor = getattr(team, who)
    batch = CursorBatch(team.backend)
    batch.note(actor=actor, channel_id=getattr(team, where), seq=1)
    await batch.flush()
    assert await cursors(team) == before
    assert wire.said_in(user_room(actor.user_id)) == []


async def test_what_was_read_before_a_mark_does_not_undo_it_whenever_it_is_written(
    team: Team, wire: RecordingWire
) -> None:
    for _ in range(3):
        await team.say(team.owner, team.general)
    batch = CursorBatch(team.backend)
    batch.note(actor=team.member, channel_id=team.general, seq=3)  # still to be written at the mark
    await mark_unread(team.backend, actor=team.member, channel_id=team.general, seq=2)
    wire.said.clear()
    await batch.flush()
    batch.note(actor=team.member, channel_id=team.general, seq=3)  # from a tab that has not heard of it
    await batch.flush()
    assert (await cursors(team))["general", "member"] == 1
    assert wire.said == []


async def test_a_tab_that_knows_of_the_mark_counts_more_than_one_that_does_not(team: Team, wire: RecordingWire) -> None:
    for _ in range(3):
        await team.say(team.owner, team.general)
    await mark_unread(team.backend, actor=team.member, channel_id=team.general, seq=1)
    marked = wire.said_in(user_room(team.member.user_id), "read")[-1]["rr"]
    batch = CursorBatch(team.backend)
    for read_rev, seq in ((0, 3), (marked, 2), (0, 3), (marked, 1)):
        batch.note(actor=team.member, channel_id=team.general, seq=seq, read_rev=read_rev)
    await batch.flush()
    assert (await cursors(team))["general", "member"] == 2
    moved = wire.said_in(user_room(team.member.user_id), "read")[-1]
    assert (moved["seq"], moved["rr"]) == (2, marked)


@pytest.mark.parametrize("read_rev", [-1, 2**63, 1.5, "0", None, True, [0]])
async def test_what_is_no_read_rev_is_refused(team: Team, read_rev: object) -> None:
    with refused(ErrorCode.INVALID_REQUEST, field="read_rev"):
        CursorBatch(team.backend).note(actor=team.member, channel_id=team.general, seq=1, read_rev=read_rev)


async def test_what_is_no_id_or_no_number_is_refused(team: Team) -> None:
    batch = CursorBatch(team.backend)
    with refused(ErrorCode.NOT_FOUND):
        batch.note(actor=team.member, channel_id="general", seq=1)
    with refused(ErrorCode.INVALID_REQUEST, field="seq"):
        batch.note(actor=team.member, channel_id=team.general, seq="1")


async def test_what_could_not_be_written_is_written_later(team: Team) -> None:
    await team.say(team.owner, team.general)
    batch = CursorBatch(team.backend)
    batch.note(actor=team.member, channel_id=team.general, seq=1)
    async with team.backend.database.transaction() as session:
        await session.execute(text("alter table public.channel_members rename to away"))
    with pytest.raises(SQLAlchemyError):
        await batch.flush()
    async with team.backend.database.transaction() as session:
        await session.execute(text("alter table public.away rename to channel_members"))
    await batch.flush()
    assert (await cursors(team))["general", "member"] == 1


async def test_a_channel_that_is_not_there_spoils_nothing(team: Team) -> None:
    await team.say(team.owner, team.general)
    batch = CursorBatch(team.backend)
    batch.note(actor=team.member, channel_id=new_id(), seq=1)
    batch.note(actor=team.member, channel_id=team.general, seq=1)
    await batch.flush()
    assert (await cursors(team))["general", "member"] == 1


async def test_a_database_that_is_away_costs_a_round_and_no_cursor(team: Team) -> None:
    await team.say(team.owner, team.general)
    batch = CursorBatch(team.backend)
    batch.note(actor=team.member, channel_id=team.general, seq=1)
    engine = team.backend.database.engine.sync_engine

    def fail(*_: object) -> None:
        raise OperationalError("select 1", {}, Exception("the database is away"))

    event.listen(engine, "before_cursor_execute", fail)
    with refused(ErrorCode.UNAVAILABLE):
        await batch.flush()
    event.remove(engine, "before_cursor_execute", fail)
    await batch.flush()
    assert (await cursors(team))["general", "member"] == 1


async def test_marking_all_read_beside_the_batch_waits_for_no_circle(team: Team) -> None:
    """Both hold several seats of one person: taken in one order, one waits for the other."""
    for channel in (team.general, team.secret):
        await team.say(team.member, channel)
    for round_ in range(20):
        for channel in (team.general, team.secret):
            await team.say(team.member, channel)
        batch = CursorBatch(team.backend)
        for channel in (team.secret, team.general) if round_ % 2 else (team.general, team.secret):
            batch.note(actor=team.admin, channel_id=channel, seq=round_ + 2, read_rev=0)
        await asyncio.gather(batch.flush(), mark_all_read(team.backend, actor=team.admin, workspace_id=team.workspace))
    read = await cursors(team)
    assert (read["general", "admin"], read["secret", "admin"]) == (21, 21)
