"""Who is in a channel: coming, going, being added and being taken out."""

import asyncio

import pytest
from sqlalchemy import delete, select, text

from db.models import Channel, ChannelMember, new_id
from rxapp.errors import ErrorCode
from rxapp.live.ops import channel_room, user_room
from rxapp.services import channel_people
from rxapp.services.channel_people import (
    ADDED_AT_ONCE_PEOPLE,
    add_people,
    join_channel,
    leave_channel,
    list_people,
    remove_person,
    seat,
)
from rxapp.services.history import open_channel
from rxapp.services.messages import edit_message
from rxapp.services.views import View
from tests.recording_wire import RecordingWire, connect
from tests.refusals import refused
from tests.team import Team

WAITING = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")

STRANGERS = [
    ("owner", "secret"),
    ("bystander", "secret"),
    ("ex_member", "general"),
    ("ex_member", "secret"),
    ("outsider", "general"),
    ("outsider", "secret"),
]


async def people(team: Team, channel: object) -> list[str]:
    return names(await list_people(team.backend, actor=team.admin, channel_id=channel))


def names(page: View) -> list[str]:
    return [view["name"] for view in page["people"]]


@pytest.mark.parametrize(("who", "where"), STRANGERS)
async def test_a_channel_one_cannot_read_is_absent_for_every_verb(team: Team, who: str, where: str) -> None:
    actor, target = getattr(team, who), team.member.user_id
    for channel in (getattr(team, where), new_id()):
        with refused(ErrorCode.NOT_FOUND):
            await join_channel(team.backend, actor=actor, channel_id=channel)
        with refused(ErrorCode.NOT_FOUND):
            await leave_channel(team.backend, actor=actor, channel_id=channel)
        with refused(ErrorCode.NOT_FOUND):
            await list_people(team.backend, actor=actor, channel_id=channel)
        with refused(ErrorCode.NOT_FOUND):
            await add_people(team.backend, actor=actor, channel_id=channel, user_ids=[target])
        with refused(ErrorCode.NOT_FOUND):
            await remove_person(team.backend, actor=actor, channel_id=channel, user_id=target)
    assert await people(team, team.secret) == ["Abe", "Mia"]


async def test_the_people_are_read_page_after_page_and_searched(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel_people, "PEOPLE_PAGE", 2)
    first = await list_people(team.backend, actor=team.bystander, channel_id=team.general)
    second = await list_people(team.backend, actor=team.bystander, channel_id=team.general, after=first["after"])
    assert (names(first), names(second), second["after"]) == (["Abe", "Mia"], ["Olga"], "")
    for search, found in (("MI", ["Mia"]), ("@mia.", ["Mia"]), ("%", []), ("ben", [])):
        page = await list_people(team.backend, actor=team.bystander, channel_id=team.general, search=search)
        assert names(page) == found


@pytest.mark.parametrize("after", ["nowhere", "\ud800", 7, "AAAA"])
async def test_a_cursor_that_leads_nowhere_is_refused(team: Team, after: object) -> None:
    with refused(ErrorCode.INVALID_REQUEST, field="after"):
        await list_people(team.backend, actor=team.member, channel_id=team.general, after=after)


@pytest.mark.parametrize("user_ids", ["not a list", None, 7, {"a": 1}, []])
async def test_who_is_added_has_to_be_a_list_of_people(team: Team, user_ids: object) -> None:
    with refused(ErrorCode.INVALID_REQUEST, field="people"):
        await add_people(team.backend, actor=team.member, channel_id=team.secret, user_ids=user_ids)


async def test_who_is_not_in_a_public_channel_adds_and_removes_nobody(team: Team) -> None:
    with refused(ErrorCode.NOT_JOINED):
        await add_people(team.backend, actor=team.bystander, channel_id=team.general, user_ids=[team.bystander.user_id])
    with refused(ErrorCode.NOT_JOINED):
        await remove_person(team.backend, actor=team.bystander, channel_id=team.general, user_id=team.member.user_id)


async def test_a_member_does_not_take_others_out_of_a_channel_somebody_else_made(team: Team) -> None:
    with refused(ErrorCode.NOT_ALLOWED):
        await remove_person(team.backend, actor=team.member, channel_id=team.general, user_id=team.owner.user_id)


async def test_who_made_the_channel_and_who_administers_take_people_out(team: Team) -> None:
    await remove_person(team.backend, actor=team.admin, channel_id=team.general, user_id=team.member.user_id)
    await remove_person(team.backend, actor=team.member, channel_id=team.secret, user_id=team.admin.user_id)
    assert await people(team, team.general) == ["Abe", "Olga"]
    with refused(ErrorCode.NOT_FOUND):
        await people(team, team.secret)


async def test_taking_out_who_is_not_there_changes_nothing(team: Team, wire: RecordingWire) -> None:
    for target in (team.bystander.user_id, new_id()):
        await remove_person(team.backend, actor=team.admin, channel_id=team.general, user_id=target)
    assert wire.said == []


async def test_only_members_of_the_workspace_are_added_and_all_or_none(team: Team) -> None:
    for stranger in (team.outsider.user_id, team.ex_member.user_id, new_id(), "no id"):
        with refused(ErrorCode.NOT_FOUND):
            await add_people(
                team.backend,
                actor=team.member,
                channel_id=team.secret,
                user_ids=[team.bystander.user_id, stranger],
            )
    assert await people(team, team.secret) == ["Abe", "Mia"]


async def test_nobody_or_too_many_at_once_are_not_added(team: Team) -> None:
    for user_ids in ([], [new_id() for _ in range(ADDED_AT_ONCE_PEOPLE + 1)]):
        with refused(ErrorCode.INVALID_REQUEST, field="people"):
            await add_people(team.backend, actor=team.member, channel_id=team.secret, user_ids=user_ids)


async def test_who_is_added_to_a_private_channel_reads_and_writes_and_has_read_what_was_said(
    team: Team, wire: RecordingWire
) -> None:
    await team.say(team.member, team.secret)
    for _ in range(2):
        await add_people(team.backend, actor=team.member, channel_id=team.secret, user_ids=[team.bystander.user_id])
    (op,) = wire.said_in(user_room(team.bystander.user_id))
    assert (op["k"], op["rev"], op["c"]["name"], op["read"], op["last"]) == ("joined", 2, "secret", 1, 1)
    await team.say(team.bystander, team.secret)


async def test_joining_twice_at_once_is_one_seat_and_one_op(team: Team, wire: RecordingWire) -> None:
    await asyncio.gather(*(join_channel(team.backend, actor=team.bystander, channel_id=team.general) for _ in range(4)))
    assert [op["k"] for op in wire.said_in(user_room(team.bystander.user_id))] == ["joined"]
    assert await people(team, team.general) == ["Abe", "Ben", "Mia", "Olga"]


async def test_leaving_twice_is_one_op_and_one_can_come_back_to_a_public_channel(
    team: Team, wire: RecordingWire
) -> None:
    for _ in range(2):
        await leave_channel(team.backend, actor=team.member, channel_id=team.general)
    await join_channel(team.backend, actor=team.member, channel_id=team.general)
    assert [(op["k"], op["rev"]) for op in wire.said_in(user_room(team.member.user_id))] == [("left", 2), ("joined", 3)]


async def test_who_leaves_a_private_channel_cannot_come_back_alone(team: Team) -> None:
    await leave_channel(team.backend, actor=team.member, channel_id=team.secret)
    with refused(ErrorCode.NOT_FOUND):
        await join_channel(team.backend, actor=team.member, channel_id=team.secret)


@pytest.mark.parametrize("what", ["a message", "an edit"])
async def test_who_leaves_while_what_they_write_waits_for_its_turn_has_not_written_it(team: Team, what: str) -> None:
    view = await team.say(team.member, team.general, "as it was")
    async with team.backend.database.transaction() as session:
        await session.execute(select(Channel.id).where(Channel.id == team.general).with_for_update())
        if what == "an edit":
            edited = edit_message(team.backend, actor=team.member, message_id=view["id"], source="too late")
            waiting = asyncio.create_task(edited)
        else:
            waiting = asyncio.create_task(team.say(team.member, team.general, "too late"))
        await until_one_waits(team)
        seat = (ChannelMember.channel_id == team.general, ChannelMember.user_id == team.member.user_id)
        await session.execute(delete(ChannelMember).where(*seat))
    with refused(ErrorCode.NOT_JOINED):
        await waiting


async def until_one_waits(team: Team) -> None:
    """Until somebody waits for a lock of the database."""
    async with asyncio.timeout(20):
        while True:
            async with team.backend.database.session() as session:
                if await session.scalar(WAITING):
                    return
            await asyncio.sleep(0.01)


async def test_who_left_the_workspace_meanwhile_is_given_no_seat(team: Team, wire: RecordingWire) -> None:
    with refused(ErrorCode.NOT_FOUND):
        await seat(team.backend, user_id=team.ex_member.user_id, channel_id=team.general)
    assert wire.said == []


async def test_who_is_taken_out_of_a_private_channel_hears_nothing_more_of_it(team: Team, wire: RecordingWire) -> None:
    tabs = [connect(team.backend.hub, team.admin, f"tab{n}") for n in range(2)]
    for tab in tabs:
        await open_channel(team.backend, actor=team.admin, socket_id=tab, channel_id=team.secret)
    await remove_person(team.backend, actor=team.member, channel_id=team.secret, user_id=team.admin.user_id)
    assert channel_room(team.secret) not in wire.rooms()
    await team.say(team.member, team.secret)
    assert [op["k"] for tab in tabs for op in wire.heard_by(tab)] == ["page", "page"]


async def test_who_leaves_a_public_channel_may_go_on_looking_at_it(team: Team, wire: RecordingWire) -> None:
    tab = connect(team.backend.hub, team.member, "tab")
    await open_channel(team.backend, actor=team.member, socket_id=tab, channel_id=team.general)
    await leave_channel(team.backend, actor=team.member, channel_id=team.general)
    await team.say(team.owner, team.general)
    assert [op["k"] for op in wire.heard_by(tab)] == ["page", "new"]
