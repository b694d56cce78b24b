"""Direct conversations: one for each set of people, seen by nobody else."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select, text

from db.models import Channel, ChannelMember, Member, new_id
from rxapp.actor import Actor
from rxapp.errors import ErrorCode
from rxapp.live.ops import user_room
from rxapp.services.badges import COUNTED_MESSAGES
from rxapp.services.channel_people import add_people, join_channel, leave_channel, list_people, remove_person
from rxapp.services.channels import list_channels, rename_channel
from rxapp.services.direct import CONVERSATION_MAX_PEOPLE, close_direct, open_direct
from rxapp.services.history import open_channel, read_older
from rxapp.services.members import add_member, remove_member
from rxapp.services.messages import delete_message
from rxapp.services.sidebar import home_path, read_sidebar
from rxapp.services.workspaces import Role
from tests.live.waiting import until
from tests.recording_wire import RecordingWire, connect
from tests.refusals import refused
from tests.team import Team, make_person


async def talk(team: Team, actor: Actor, *others: Actor) -> UUID:
    """Open the conversation between the actor and the others."""
    ids = [str(other.user_id) for other in others]
    view = await open_direct(team.backend, actor=actor, workspace_id=team.workspace, user_ids=ids)
    return UUID(view["id"])


async def shown(team: Team, actor: Actor) -> list[str]:
    """The direct conversations in somebody's sidebar, as the browser decides it."""
    op = await read_sidebar(team.backend, actor=actor, workspace_id=team.workspace)
    directs = [entry for entry in op["channels"] if entry["c"]["kind"] == "direct"]
    return [entry["c"]["id"] for entry in directs if entry["last"] > entry["closed"]]


async def entry_of(team: Team, actor: Actor, channel: UUID) -> dict[str, object]:
    op = await read_sidebar(team.backend, actor=actor, workspace_id=team.workspace)
    return next(dict(entry) for entry in op["channels"] if entry["c"]["id"] == str(channel))


async def test_two_people_have_one_conversation_whoever_opens_it_and_however_often(team: Team) -> None:
    first = await talk(team, team.owner, team.member)
    assert await talk(team, team.owner, team.member, team.member, team.owner) == first
    assert await talk(team, team.member, team.owner) == first
    assert await talk(team, team.member, team.owner, team.admin) != first
    assert await talk(team, team.member) == await talk(team, team.member, team.member) != first


async def test_two_who_open_it_at_once_get_the_same_one(team: Team) -> None:
    found = await asyncio.gather(
        *(talk(team, *pair) for pair in [(team.owner, team.member), (team.member, team.owner)] * 5)
    )
    assert len(set(found)) == 1
    async with team.backend.database.session() as session:
        assert len((await session.scalars(select(Channel.id).where(Channel.kind == "direct"))).all()) == 1
        seats = await session.scalars(select(ChannelMember.user_id).where(ChannelMember.channel_id == found[0]))
        assert set(seats) == {team.owner.user_id, team.member.user_id}


async def test_it_is_named_by_its_people_whom_the_sidebar_brings_along(team: Team) -> None:
    channel = await talk(team, team.owner, team.member)
    op = await read_sidebar(team.backend, actor=team.member, workspace_id=team.workspace)
    view = next(entry["c"] for entry in op["channels"] if entry["c"]["id"] == str(channel))
    people = {str(team.owner.user_id), str(team.member.user_id)}
    assert (view["kind"], view["name"], set(view["people"])) == ("direct", "", people)
    assert {person["id"] for person in op["us"]} == people
    page = await read_older(team.backend, actor=team.member, channel_id=channel, before_seq=9)
    assert {person["id"] for person in page["us"]} == people


async def test_who_opens_it_sees_it_at_once_and_the_others_with_its_first_message(
    team: Team, wire: RecordingWire
) -> None:
    channel = await talk(team, team.owner, team.member)
    assert await shown(team, team.owner) == [str(channel)]
    assert await shown(team, team.member) == []
    joined = {room for room, op in wire.said if op["k"] == "joined"}
    assert joined == {user_room(team.owner.user_id), user_room(team.member.user_id)}
    await team.say(team.owner, channel, "hello")
    assert await shown(team, team.member) == [str(channel)]


@pytest.mark.parametrize("who", ["admin", "bystander", "ex_member", "outsider"])
async def test_nobody_else_reads_it_not_even_who_administers_the_workspace(
    team: Team, wire: RecordingWire, who: str
) -> None:
    channel = await talk(team, team.owner, team.member)
    message = await team.say(team.member, channel, "between us")
    actor = getattr(team, who)
    tab = connect(team.backend.hub, actor, "tab")
    with refused(ErrorCode.NOT_FOUND):
        await open_channel(team.backend, actor=actor, socket_id=tab, channel_id=channel)
    with refused(ErrorCode.NOT_FOUND):
        await read_older(team.backend, actor=actor, channel_id=channel, before_seq=9)
    with refused(ErrorCode.NOT_FOUND):
        await team.say(actor, channel)
    with refused(ErrorCode.NOT_FOUND):
        await delete_message(team.backend, actor=actor, message_id=message["id"])
    with refused(ErrorCode.NOT_FOUND):
        await list_people(team.backend, actor=actor, channel_id=channel)
    with refused(ErrorCode.NOT_FOUND):
        await close_direct(team.backend, actor=actor, channel_id=channel)
    assert wire.heard_by(tab) == []


async def test_the_owner_of_the_workspace_reads_no_conversation_of_others(team: Team) -> None:
    channel = await talk(team, team.admin, team.member)
    with refused(ErrorCode.NOT_FOUND):
        await read_older(team.backend, actor=team.owner, channel_id=channel, before_seq=9)
    listed = await list_channels(team.backend, actor=team.member, workspace_id=team.workspace)
    assert str(channel) not in {view["id"] for view in listed["channels"]}


@pytest.mark.parametrize("stranger", ["ex_member", "outsider"])
async def test_it_is_between_members_of_the_workspace_only(team: Team, stranger: str) -> None:
    with refused(ErrorCode.NOT_FOUND):
        await talk(team, team.owner, getattr(team, stranger))
    with refused(ErrorCode.NOT_FOUND):
        await talk(team, getattr(team, stranger), team.owner)
    for nobody in (str(new_id()), "no id", "\ud800", 7, None, ["x"]):
        with refused(ErrorCode.NOT_FOUND):
            await open_direct(team.backend, actor=team.owner, workspace_id=team.workspace, user_ids=[nobody])
    async with team.backend.database.session() as session:
        assert (await session.scalars(select(Channel.id).where(Channel.kind == "direct"))).all() == []


@pytest.mark.parametrize("ids", [None, "abc", 7, {"a": 1}, True])
async def test_what_is_no_list_of_people_is_refused(team: Team, ids: object) -> None:
    with refused(ErrorCode.INVALID_REQUEST, field="user_ids"):
        await open_direct(team.backend, actor=team.owner, workspace_id=team.workspace, user_ids=ids)


async def test_a_group_has_nine_people_at_most(team: Team) -> None:
    people = [await make_person(team.backend, f"P{number}") for number in range(CONVERSATION_MAX_PEOPLE)]
    async with team.backend.database.transaction() as session:
        session.add_all(Member(workspace_id=team.workspace, user_id=who.user_id, role="member") for who in people)
    channel = await talk(team, team.owner, *people[:-1])
    assert len((await entry_of(team, people[0], channel))["c"]["people"]) == 9  # type: ignore[index]
    with refused(ErrorCode.TOO_MANY_PEOPLE, limit=9):
        await talk(team, team.owner, *people)
    with refused(ErrorCode.TOO_MANY_PEOPLE, limit=9):
        await talk(team, team.owner, *[team.member] * 1000)


async def test_it_keeps_its_people_and_has_no_settings(team: Team) -> None:
    channel, backend = await talk(team, team.owner, team.member), team.backend
    with refused(ErrorCode.DIRECT_FIXED):
        await join_channel(backend, actor=team.owner, channel_id=channel)
    with refused(ErrorCode.DIRECT_FIXED):
        await leave_channel(backend, actor=team.owner, channel_id=channel)
    with refused(ErrorCode.DIRECT_FIXED):
        await add_people(backend, actor=team.owner, channel_id=channel, user_ids=[team.admin.user_id])
    with refused(ErrorCode.DIRECT_FIXED):
        await remove_person(backend, actor=team.owner, channel_id=channel, user_id=team.member.user_id)
    with refused(ErrorCode.DIRECT_FIXED):
        await rename_channel(backend, actor=team.owner, channel_id=channel, name="ours", topic="")
    assert await home_path(backend, actor=team.owner) == f"/w/{team.workspace}/c/{team.general}"


async def test_a_closed_one_comes_back_with_the_next_message_or_when_it_is_opened(
    team: Team, wire: RecordingWire
) -> None:
    channel = await talk(team, team.owner, team.member)
    message = await team.say(team.owner, channel)
    await close_direct(team.backend, actor=team.member, channel_id=channel)
    assert await shown(team, team.member) == []
    assert await shown(team, team.owner) == [str(channel)]
    closed = wire.said_in(user_room(team.member.user_id), "closed")
    assert [(op["ch"], op["closed"]) for op in closed] == [(str(channel), message["seq"])]
    assert (await entry_of(team, team.member, channel))["read"] == message["seq"]

    await team.say(team.owner, channel)
    assert await shown(team, team.member) == [str(channel)]
    await close_direct(team.backend, actor=team.member, channel_id=channel)
    await talk(team, team.member, team.owner)
    assert await shown(team, team.member) == [str(channel)]
    reopened = wire.said_in(user_room(team.member.user_id), "joined")[-1]
    assert (reopened["c"]["id"], reopened["closed"]) == (str(channel), -1)
    before = len(wire.said)
    await talk(team, team.member, team.owner)
    assert len(wire.said) == before


async def test_one_that_is_empty_can_be_closed_and_one_deleted_message_does_not_bring_it_back(team: Team) -> None:
    channel = await talk(team, team.owner, team.member)
    await close_direct(team.backend, actor=team.owner, channel_id=channel)
    assert await shown(team, team.owner) == []
    message = await team.say(team.member, channel)
    await delete_message(team.backend, actor=team.member, message_id=message["id"])
    assert await shown(team, team.owner) == []


async def test_a_channel_is_not_closed(team: Team) -> None:
    with refused(ErrorCode.INVALID_REQUEST, field="channel"):
        await close_direct(team.backend, actor=team.member, channel_id=team.general)
    with refused(ErrorCode.NOT_JOINED):
        await close_direct(team.backend, actor=team.bystander, channel_id=team.general)


async def test_the_newest_hundred_that_are_not_deleted_are_counted(team: Team) -> None:
    channel = await talk(team, team.owner, team.member)
    assert (await entry_of(team, team.member, channel))["seqs"] == []
    for _ in range(3):
        message = await team.say(team.owner, channel)
    await delete_message(team.backend, actor=team.owner, message_id=message["id"])
    assert (await entry_of(team, team.member, channel))["seqs"] == [2, 1]
    async with team.backend.database.transaction() as session:
        await session.execute(
            text(
                "insert into public.chat "
                "(id, channel_id, author_id, seq, rev, client_key, source, html, render_version) "
                "select gen_random_uuid(), :channel, :author, n, n, gen_random_uuid(), 'x', 'x', 1 "
                "from generate_series(4, 200) n"
            ),
            {"channel": channel, "author": team.owner.user_id},
        )
    assert (await entry_of(team, team.member, channel))["seqs"] == list(range(200, 200 - COUNTED_MESSAGES, -1))


async def test_a_tick_says_what_counts_to_everybody_alike(team: Team, wire: RecordingWire) -> None:
    channel = await talk(team, team.owner, team.member)
    tab = connect(team.backend.hub, team.member, "tab")
    hub, user_id = team.backend.hub, team.member.user_id
    assert await hub.enter(tab, user_room(user_id), admission=hub.admission(user_id))
    team.backend.hub.follow(team.member.user_id, [channel])
    message = await team.say(team.owner, channel)
    await until(lambda: bool(wire.heard_by(tab, "tick")), "the badge was told")
    tick = wire.heard_by(tab, "tick")[0]
    assert (tick["last"], tick["seqs"], tick["at"]) == (1, [1], message["at"])


async def test_a_channels_badge_counts_nothing(team: Team) -> None:
    await team.say(team.member, team.general)
    assert "seqs" not in await entry_of(team, team.owner, team.general)


async def test_who_left_keeps_their_name_in_it_and_is_seated_again_when_they_are_back(team: Team) -> None:
    channel = await talk(team, team.owner, team.member)
    await team.say(team.owner, channel, "before")
    await remove_member(team.backend, actor=team.owner, workspace_id=team.workspace, user_id=team.member.user_id)
    op = await read_sidebar(team.backend, actor=team.owner, workspace_id=team.workspace)
    assert str(team.member.user_id) in {person["id"] for person in op["us"]}
    with refused(ErrorCode.NOT_FOUND):
        await team.say(team.member, channel)
    with refused(ErrorCode.NOT_FOUND):
        await talk(team, team.owner, team.member)

    user_id = team.member.user_id
    await add_member(team.backend, user_id=user_id, workspace_id=team.workspace, role=Role.MEMBER)
    entry = await entry_of(team, team.member, channel)
    assert (entry["read"], entry["closed"], await shown(team, team.member)) == (1, 1, [])
    assert await talk(team, team.owner, team.member) == channel
    assert await shown(team, team.member) == []
    await team.say(team.owner, channel, "welcome back")
    entry = await entry_of(team, team.member, channel)
    assert (entry["read"], entry["last"], await shown(team, team.member)) == (1, 2, [str(channel)])
