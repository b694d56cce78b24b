"""Archiving channels: who may, what is refused in one, and coming back."""

import asyncio
from uuid import UUID

import pytest

from db.models import new_id
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.ops import user_room, workspace_room
from rxapp.services.archiving import archive_channel, unarchive_channel
from rxapp.services.channel_people import add_people, join_channel, leave_channel, remove_person, seat
from rxapp.services.channels import create_channel, list_channels, rename_channel
from rxapp.services.cursors import move_cursor
from rxapp.services.direct import open_direct
from rxapp.services.drafts import save_draft
from rxapp.services.forwarding import forward_message
from rxapp.services.history import read_older
from rxapp.services.messages import delete_message, edit_message, restore_message
from rxapp.services.places import find_places
from rxapp.services.sidebar import home_path, read_sidebar
from tests.recording_wire import RecordingWire
from tests.refusals import refused
from tests.team import Team


async def archived(team: Team) -> UUID:
    """A public channel of the member's that is archived; somebody has said something in it."""
    view = await create_channel(team.backend, actor=team.member, workspace_id=team.workspace, name="over")
    await team.say(team.member, UUID(view["id"]))
    await archive_channel(team.backend, actor=team.member, channel_id=view["id"])
    return UUID(view["id"])


@pytest.mark.parametrize(
    ("who", "where", "code"),
    [
        ("member", "general", ErrorCode.NOT_ALLOWED),
        ("bystander", "general", ErrorCode.NOT_ALLOWED),
        ("admin", "general", ErrorCode.FIRST_CHANNEL),
        ("owner", "general", ErrorCode.FIRST_CHANNEL),
        ("owner", "secret", ErrorCode.NOT_FOUND),
        ("bystander", "secret", ErrorCode.NOT_FOUND),
        ("ex_member", "secret", ErrorCode.NOT_FOUND),
        ("outsider", "general", ErrorCode.NOT_FOUND),
    ],
)
async def test_who_may_not_archive_a_channel(
    team: Team, wire: RecordingWire, who: str, where: str, code: ErrorCode
) -> None:
    with refused(code):
        await archive_channel(team.backend, actor=getattr(team, who), channel_id=getattr(team, where))
    assert wire.said == []


@pytest.mark.parametrize("channel_id", ["", "general", None, 7, "\ud800"])
async def test_what_is_no_channel_is_neither_archived_nor_opened(team: Team, channel_id: object) -> None:
    for change in (archive_channel, unarchive_channel):
        for absent in (channel_id, new_id()):
            with refused(ErrorCode.NOT_FOUND):
                await change(team.backend, actor=team.owner, channel_id=absent)


async def test_a_direct_conversation_is_not_archived(team: Team) -> None:
    view = await open_direct(
        team.backend, actor=team.owner, workspace_id=team.workspace, user_ids=[str(team.admin.user_id)]
    )
    with refused(ErrorCode.DIRECT_FIXED):
        await archive_channel(team.backend, actor=team.owner, channel_id=view["id"])


async def test_an_archived_channel_is_read_and_nothing_is_written_there(team: Team) -> None:
    view = await create_channel(team.backend, actor=team.member, workspace_id=team.workspace, name="over")
    over, backend, actor = UUID(view["id"]), team.backend, team.member
    mine = await team.say(actor, over)
    elsewhere = await team.say(actor, team.general)
    await archive_channel(backend, actor=actor, channel_id=over)
    refusals = (
        team.say(actor, over),
        edit_message(backend, actor=actor, message_id=mine["id"], source="other"),
        rename_channel(backend, actor=actor, channel_id=over, name="again", topic=""),
        add_people(backend, actor=actor, channel_id=over, user_ids=[team.bystander.user_id]),
        join_channel(backend, actor=team.bystander, channel_id=over),
        seat(backend, user_id=team.bystander.user_id, channel_id=over),
        forward_message(
            backend,
            actor=actor,
            message_id=elsewhere["id"],
            channel_id=over,
            client_key=new_id(),
            comment="",
            address="https://chat.example.org",
        ),
    )
    for write in refusals:
        with refused(ErrorCode.CHANNEL_ARCHIVED):
            await write
    for reader in (actor, team.bystander):
        page = await read_older(backend, actor=reader, channel_id=over, before_seq=9)
        assert [row["id"] for row in page["ms"]] == [mine["id"]]
        assert page["c"]["archived"] is True
    await forward_message(
        backend,
        actor=actor,
        message_id=mine["id"],
        channel_id=team.general,
        client_key=new_id(),
        comment="",
        address="https://chat.example.org",
    )


async def test_who_is_in_an_archived_channel_reads_on_deletes_keeps_a_draft_and_leaves(team: Team) -> None:
    over = await archived(team)
    (row,) = (await read_older(team.backend, actor=team.member, channel_id=over, before_seq=9))["ms"]
    await move_cursor(team.backend, actor=team.member, channel_id=over, seq=1)
    await delete_message(team.backend, actor=team.member, message_id=row["id"])
    await restore_message(team.backend, actor=team.member, message_id=row["id"])
    await save_draft(team.backend, actor=team.member, channel_id=over, source="half a", rev=0)
    sidebar = await read_sidebar(team.backend, actor=team.member, workspace_id=team.workspace)
    assert [draft["source"] for draft in sidebar["drafts"]] == ["half a"]
    assert {entry["c"]["name"]: entry["c"]["archived"] for entry in sidebar["channels"]}["over"] is True
    await leave_channel(team.backend, actor=team.member, channel_id=over)
    with refused(ErrorCode.CHANNEL_ARCHIVED):
        await join_channel(team.backend, actor=team.member, channel_id=over)


async def test_somebody_is_taken_out_of_an_archived_private_channel(team: Team) -> None:
    await archive_channel(team.backend, actor=team.member, channel_id=team.secret)
    await remove_person(team.backend, actor=team.member, channel_id=team.secret, user_id=team.admin.user_id)
    with refused(ErrorCode.NOT_FOUND):
        await read_older(team.backend, actor=team.admin, channel_id=team.secret, before_seq=9)


async def test_an_archived_channel_is_found_only_where_it_is_asked_for_and_nobody_lands_in_it(team: Team) -> None:
    over = await archived(team)
    await leave_channel(team.backend, actor=team.member, channel_id=team.general)
    for wanted, names in ((False, ["general", "secret"]), (True, ["general", "over", "secret"])):
        found = await list_channels(team.backend, actor=team.member, workspace_id=team.workspace, archived=wanted)
        assert [view["name"] for view in found["channels"]] == names
    places = await find_places(team.backend, actor=team.member, workspace_id=team.workspace, search="over")
    assert places["channels"] == []
    assert str(over) not in str(await home_path(team.backend, actor=team.member))


async def test_its_name_is_mentioned_no_more(team: Team) -> None:
    over = await archived(team)
    view = await team.say(team.member, team.general, "see #over")
    assert str(over) not in view["html"]


async def test_archiving_and_opening_again_are_said_once_to_those_who_may_know(team: Team, wire: RecordingWire) -> None:
    over = await archived(team)
    wire.said.clear()
    for actor in (team.owner, team.member):
        await unarchive_channel(team.backend, actor=actor, channel_id=over)
    for actor in (team.admin, team.member):
        await archive_channel(team.backend, actor=actor, channel_id=over)
    said = wire.said_in(workspace_room(team.workspace), "channel")
    assert [(op["c"]["archived"], op["c"]["rev"]) for op in said] == [(False, 3), (True, 4)]
    wire.said.clear()
    await archive_channel(team.backend, actor=team.member, channel_id=team.secret)
    assert {room for room, _ in wire.said} == {user_room(team.member.user_id), user_room(team.admin.user_id)}


async def test_what_comes_at_the_moment_of_archiving_is_in_or_refused(team: Team) -> None:
    view = await create_channel(team.backend, actor=team.member, workspace_id=team.workspace, name="over")
    over = UUID(view["id"])
    answers = await asyncio.gather(
        archive_channel(team.backend, actor=team.member, channel_id=over),
        *(team.say(team.member, over, str(number)) for number in range(3)),
        join_channel(team.backend, actor=team.bystander, channel_id=over),
        leave_channel(team.backend, actor=team.member, channel_id=over),
        return_exceptions=True,
    )
    codes = {answer.code for answer in answers if isinstance(answer, ConfabError)}
    assert codes <= {ErrorCode.CHANNEL_ARCHIVED, ErrorCode.NOT_JOINED}
    assert all(not isinstance(answer, BaseException) or isinstance(answer, ConfabError) for answer in answers)
    page = await read_older(team.backend, actor=team.owner, channel_id=over, before_seq=9)
    assert len(page["ms"]) == sum(isinstance(answer, dict) and "seq" in answer for answer in answers)
