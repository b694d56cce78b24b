"""Making a public channel private: who may, who stays, and that nothing of it is told to others afterwards."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.ops import channel_room, user_room, workspace_room
from rxapp.services.archiving import archive_channel
from rxapp.services.channel_people import add_people, join_channel, leave_channel, list_people, seat
from rxapp.services.channels import create_channel, list_channels
from rxapp.services.direct import open_direct
from rxapp.services.hiding import hide_channel
from rxapp.services.history import open_channel
from rxapp.services.names import read_names
from rxapp.services.places import find_places
from tests.recording_wire import RecordingWire, connect
from tests.refusals import refused
from tests.team import Team


async def plans(team: Team) -> UUID:
    """A public channel of the member's, with the admin in it."""
    view = await create_channel(team.backend, actor=team.member, workspace_id=team.workspace, name="plans")
    await join_channel(team.backend, actor=team.admin, channel_id=view["id"])
    await team.say(team.member, UUID(view["id"]))
    return UUID(view["id"])


@pytest.mark.parametrize(
    ("who", "where", "code"),
    [
        ("member", "general", ErrorCode.NOT_ALLOWED),
        ("bystander", "general", ErrorCode.NOT_JOINED),
        ("owner", "general", ErrorCode.FIRST_CHANNEL),
        ("admin", "general", ErrorCode.FIRST_CHANNEL),
        ("owner", "secret", ErrorCode.NOT_FOUND),
        ("ex_member", "general", ErrorCode.NOT_FOUND),
        ("outsider", "general", ErrorCode.NOT_FOUND),
        ("outsider", "secret", ErrorCode.NOT_FOUND),
    ],
)
async def test_who_may_not_hide_a_channel(
    team: Team, wire: RecordingWire, who: str, where: str, code: ErrorCode
) -> None:
    with refused(code):
        await hide_channel(team.backend, actor=getattr(team, who), channel_id=getattr(team, where))
    assert wire.said == []


async def test_who_administers_hides_only_what_they_are_in(team: Team) -> None:
    channel = await plans(team)
    with refused(ErrorCode.NOT_JOINED):
        await hide_channel(team.backend, actor=team.owner, channel_id=channel)
    await hide_channel(team.backend, actor=team.admin, channel_id=channel)
    with refused(ErrorCode.NOT_FOUND):
        await list_people(team.backend, actor=team.owner, channel_id=channel)


async def test_neither_a_conversation_nor_an_archived_channel_is_hidden(team: Team) -> None:
    direct = await open_direct(
        team.backend, actor=team.owner, workspace_id=team.workspace, user_ids=[str(team.admin.user_id)]
    )
    with refused(ErrorCode.DIRECT_FIXED):
        await hide_channel(team.backend, actor=team.owner, channel_id=direct["id"])
    channel = await plans(team)
    await archive_channel(team.backend, actor=team.member, channel_id=channel)
    with refused(ErrorCode.CHANNEL_ARCHIVED):
        await hide_channel(team.backend, actor=team.member, channel_id=channel)


async def test_its_people_stay_and_are_told_and_all_others_are_out_before_they_are(
    team: Team, wire: RecordingWire
) -> None:
    channel = await plans(team)
    for who in (team.member, team.bystander):
        tab = connect(team.backend.hub, who, f"tab of {who.user_id}")
        await open_channel(team.backend, actor=who, socket_id=tab, channel_id=channel)
    wire.said.clear()
    for _ in range(2):
        await hide_channel(team.backend, actor=team.member, channel_id=channel)
    (hidden,) = wire.said_in(workspace_room(team.workspace))
    assert (hidden["k"], hidden["ch"], hidden["c_rev"]) == ("hidden", str(channel), 2)
    assert "plans" not in str(hidden)
    told = {room: op["c"]["kind"] for room, op in wire.said if op["k"] == "channel"}
    assert told == {user_room(who.user_id): "private" for who in (team.member, team.admin)}

    await team.say(team.member, channel, "among ourselves")
    assert [op["k"] for op in wire.heard_by(f"tab of {team.bystander.user_id}")] == ["page"]
    assert "among ourselves" in str(wire.heard_by(f"tab of {team.member.user_id}", "new"))
    with refused(ErrorCode.NOT_FOUND):
        await open_channel(
            team.backend, actor=team.bystander, socket_id=f"tab of {team.bystander.user_id}", channel_id=channel
        )


async def test_who_is_about_to_come_in_has_to_ask_again(team: Team, wire: RecordingWire) -> None:
    channel = await plans(team)
    tab = connect(team.backend.hub, team.bystander, "late")
    admission = team.backend.hub.admission(team.bystander.user_id)
    await hide_channel(team.backend, actor=team.member, channel_id=channel)
    assert not await team.backend.hub.enter(tab, channel_room(channel), admission=admission)
    assert channel_room(channel) not in wire.rooms()


async def test_who_joins_at_that_moment_is_in_or_refused(team: Team) -> None:
    channel = await plans(team)
    answers = await asyncio.gather(
        join_channel(team.backend, actor=team.bystander, channel_id=channel),
        hide_channel(team.backend, actor=team.member, channel_id=channel),
        join_channel(team.backend, actor=team.owner, channel_id=channel),
        return_exceptions=True,
    )
    assert {answer.code for answer in answers if isinstance(answer, ConfabError)} <= {ErrorCode.NOT_FOUND}
    people = {
        view["name"] for view in (await list_people(team.backend, actor=team.member, channel_id=channel))["people"]
    }
    expected = {"Abe", "Mia"}
    expected |= {name for name, answer in (("Ben", answers[0]), ("Olga", answers[2])) if answer is None}
    assert people == expected


async def test_a_seat_of_who_is_not_invited_looks_at_the_kind_once_more(team: Team) -> None:
    channel = await plans(team)
    await hide_channel(team.backend, actor=team.member, channel_id=channel)
    with refused(ErrorCode.NOT_FOUND):
        await seat(team.backend, user_id=team.bystander.user_id, channel_id=channel, is_invited=False)
    await add_people(team.backend, actor=team.member, channel_id=channel, user_ids=[team.bystander.user_id])


async def test_who_leaves_it_afterwards_hears_nothing_more(team: Team, wire: RecordingWire) -> None:
    channel = await plans(team)
    tab = connect(team.backend.hub, team.admin, "tab")
    await open_channel(team.backend, actor=team.admin, socket_id=tab, channel_id=channel)
    await asyncio.gather(
        leave_channel(team.backend, actor=team.admin, channel_id=channel),
        hide_channel(team.backend, actor=team.member, channel_id=channel),
    )
    assert channel_room(channel) not in wire.rooms()


async def test_its_name_is_told_to_nobody_else(team: Team) -> None:
    channel = await plans(team)
    await hide_channel(team.backend, actor=team.member, channel_id=channel)
    for stranger in (team.owner, team.bystander):
        where: dict[str, Any] = {"actor": stranger, "workspace_id": team.workspace}
        for archived in (False, True):
            found = await list_channels(team.backend, search="plans", archived=archived, **where)
            assert found["channels"] == []
        assert (await find_places(team.backend, search="plans", **where))["channels"] == []
        assert (await read_names(team.backend, users=[], channels=[channel], **where))["cs"] == []
        view = await team.say(team.owner, team.general, "see #plans")
        assert str(channel) not in view["html"]
