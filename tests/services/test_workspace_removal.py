"""Deleting a workspace: who may, that everything in it is absent at once, that it comes back, and its end."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from db.models import new_id
from rxapp.errors import ErrorCode
from rxapp.live.ops import channel_room, user_room, workspace_room
from rxapp.services.channel_people import add_people, join_channel, leave_channel, list_people
from rxapp.services.channels import create_channel, list_channels, rename_channel
from rxapp.services.cursors import mark_all_read, mark_unread, move_cursor
from rxapp.services.direct import open_direct
from rxapp.services.directory import read_directory
from rxapp.services.drafts import save_draft
from rxapp.services.forwarding import forward_message
from rxapp.services.heads import read_heads
from rxapp.services.history import open_channel, read_around, read_newer, read_older
from rxapp.services.invitations import create_invitation, list_invitations, withdraw_invitation
from rxapp.services.members import change_role, list_members, remove_member
from rxapp.services.message_versions import list_versions
from rxapp.services.messages import delete_message, edit_message, read_source, restore_message
from rxapp.services.names import read_names
from rxapp.services.places import find_places
from rxapp.services.profiles import read_profile
from rxapp.services.sidebar import enter_workspace, home_path, read_sidebar
from rxapp.services.workspace_removal import (
    delete_workspace,
    list_deleted,
    purge_workspaces,
    restore_workspace,
)
from rxapp.services.workspaces import list_workspaces, rename_workspace
from tests.hostile import TEXTS, VALUES
from tests.recording_wire import RecordingWire, connect
from tests.refusals import refused
from tests.team import Team

Act = Callable[[Team, str], Awaitable[object]]


async def delete(team: Team, who: str = "owner", name: object = "Team") -> None:
    await delete_workspace(team.backend, actor=getattr(team, who), workspace_id=team.workspace, name=name)


async def restore(team: Team, who: str = "owner") -> None:
    await restore_workspace(team.backend, actor=getattr(team, who), workspace_id=team.workspace)


async def age(team: Team, days: float) -> None:
    """As if it had been deleted so long ago."""
    async with team.backend.database.transaction() as session:
        await session.execute(
            text("update public.workspaces set deleted_at = deleted_at - make_interval(secs => :days * 86400)"),
            {"days": days},
        )


async def count(team: Team, table: str) -> int:
    async with team.backend.database.session() as session:
        return int((await session.execute(text(f"select count(*) from {table}"))).scalar_one())


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("admin", ErrorCode.NOT_ALLOWED),
        ("member", ErrorCode.NOT_ALLOWED),
        ("ex_member", ErrorCode.NOT_FOUND),
        ("outsider", ErrorCode.NOT_FOUND),
    ],
)
async def test_only_an_owner_deletes_a_workspace(team: Team, who: str, code: ErrorCode) -> None:
    with refused(code):
        await delete(team, who)
    assert [view["name"] for view in await list_workspaces(team.backend, actor=team.member)] == ["Team"]


async def test_its_name_has_to_be_typed(team: Team) -> None:
    for name in ("team", "Tea", "Team2"):
        with refused(ErrorCode.NAME_DIFFERS):
            await delete(team, name=name)
    with refused(ErrorCode.INVALID_REQUEST, field="workspace"):
        await delete(team, name=None)
    await delete(team, name=" Team ")
    assert await list_workspaces(team.backend, actor=team.owner) == []


ACTS: dict[str, Act] = {
    "enter": lambda team, _: enter_workspace(
        team.backend, actor=team.owner, socket_id="tab", workspace_id=team.workspace
    ),
    "sidebar": lambda team, _: read_sidebar(team.backend, actor=team.owner, workspace_id=team.workspace),
    "rename": lambda team, _: rename_workspace(
        team.backend, actor=team.owner, workspace_id=team.workspace, name="Mine"
    ),
    "delete": lambda team, _: delete(team),
    "members": lambda team, _: list_members(team.backend, actor=team.owner, workspace_id=team.workspace),
    "role": lambda team, _: change_role(
        team.backend, actor=team.owner, workspace_id=team.workspace, user_id=team.member.user_id, role="admin"
    ),
    "leave": lambda team, _: remove_member(
        team.backend, actor=team.member, workspace_id=team.workspace, user_id=team.member.user_id
    ),
    "invite": lambda team, _: create_invitation(team.backend, actor=team.owner, workspace_id=team.workspace),
    "invitations": lambda team, _: list_invitations(team.backend, actor=team.owner, workspace_id=team.workspace),
    "channels": lambda team, _: list_channels(team.backend, actor=team.owner, workspace_id=team.workspace),
    "new channel": lambda team, _: create_channel(
        team.backend, actor=team.owner, workspace_id=team.workspace, name="new"
    ),
    "channel name": lambda team, _: rename_channel(
        team.backend, actor=team.owner, channel_id=team.general, name="renamed", topic=""
    ),
    "open": lambda team, _: open_channel(team.backend, actor=team.owner, socket_id="tab", channel_id=team.general),
    "older": lambda team, _: read_older(team.backend, actor=team.owner, channel_id=team.general, before_seq=9),
    "join": lambda team, _: join_channel(team.backend, actor=team.bystander, channel_id=team.general),
    "leave channel": lambda team, _: leave_channel(team.backend, actor=team.owner, channel_id=team.general),
    "people": lambda team, _: list_people(team.backend, actor=team.owner, channel_id=team.general),
    "add": lambda team, _: add_people(
        team.backend, actor=team.owner, channel_id=team.general, user_ids=[team.bystander.user_id]
    ),
    "read": lambda team, _: move_cursor(team.backend, actor=team.owner, channel_id=team.general, seq=1),
    "say": lambda team, _: team.say(team.owner, team.general),
    "edit": lambda team, message: edit_message(team.backend, actor=team.owner, message_id=message, source="x"),
    "delete message": lambda team, message: delete_message(team.backend, actor=team.owner, message_id=message),
    "restore message": lambda team, message: restore_message(team.backend, actor=team.owner, message_id=message),
    "source": lambda team, message: read_source(team.backend, actor=team.owner, message_id=message),
    "versions": lambda team, message: list_versions(team.backend, actor=team.owner, message_id=message),
    "forward": lambda team, message: forward_message(
        team.backend,
        actor=team.owner,
        message_id=message,
        channel_id=team.general,
        client_key=new_id(),
        comment="",
        address="http://localhost",
    ),
    "newer": lambda team, _: read_newer(team.backend, actor=team.owner, channel_id=team.general, after_seq=0),
    "around": lambda team, _: read_around(team.backend, actor=team.owner, channel_id=team.general, to={"seq": 1}),
    "draft": lambda team, _: save_draft(team.backend, actor=team.owner, channel_id=team.general, source="x", rev=0),
    "mark unread": lambda team, _: mark_unread(team.backend, actor=team.owner, channel_id=team.general, seq=1),
    "mark all": lambda team, _: mark_all_read(team.backend, actor=team.owner, workspace_id=team.workspace),
    "names": lambda team, _: read_names(
        team.backend, actor=team.owner, workspace_id=team.workspace, users=[], channels=[team.general]
    ),
    "places": lambda team, _: find_places(team.backend, actor=team.owner, workspace_id=team.workspace, search="gen"),
    "directory": lambda team, _: read_directory(team.backend, actor=team.owner, workspace_id=team.workspace),
    "profile": lambda team, _: read_profile(
        team.backend, actor=team.owner, workspace_id=team.workspace, user_id=team.owner.user_id
    ),
    "conversation": lambda team, _: open_direct(
        team.backend, actor=team.owner, workspace_id=team.workspace, user_ids=[]
    ),
    "link": lambda team, _: withdraw_invitation(
        team.backend, actor=team.owner, workspace_id=team.workspace, invitation_id=new_id()
    ),
}


async def test_everything_in_a_deleted_workspace_is_absent_until_it_is_restored(team: Team) -> None:
    connect(team.backend.hub, team.owner, "tab")
    message = (await team.say(team.owner, team.general))["id"]
    await delete(team)
    for act in ACTS.values():
        with refused(ErrorCode.NOT_FOUND):
            await act(team, message)
    await restore(team)
    for name in sorted(ACTS.keys() - {"delete", "leave", "leave channel", "delete message", "link"}):
        await ACTS[name](team, message)


async def test_all_tabs_hear_that_they_are_out_and_are(team: Team, wire: RecordingWire) -> None:
    hub = team.backend.hub
    for who in ("owner", "member"):
        tab = connect(hub, getattr(team, who), who)
        await enter_workspace(team.backend, actor=getattr(team, who), socket_id=tab, workspace_id=team.workspace)
        await open_channel(team.backend, actor=getattr(team, who), socket_id=tab, channel_id=team.general)
    await delete(team)
    for who in ("owner", "member"):
        (gone,) = wire.heard_by(who, "gone")
        sidebar = wire.heard_by(who, "sidebar")[0]
        assert (gone["ws"], gone["rev"] > sidebar["me_rev"]) == (str(team.workspace), True)
    assert set(wire.rooms()) == {user_room(team.owner.user_id), user_room(team.member.user_id)}
    assert not {workspace_room(team.workspace), channel_room(team.general)} & set(wire.rooms())
    assert await home_path(team.backend, actor=team.member) is None


async def test_heads_say_nothing_of_a_deleted_workspace(team: Team) -> None:
    await delete(team)
    room = user_room(team.member.user_id)
    assert await read_heads(team.backend, [room]) == {room: [{"k": "workspaces", "ids": []}]}


async def test_restoring_calls_all_tabs_back(team: Team, wire: RecordingWire) -> None:
    tab = connect(team.backend.hub, team.member, "tab")
    await enter_workspace(team.backend, actor=team.member, socket_id=tab, workspace_id=team.workspace)
    await delete(team)
    (gone,) = wire.heard_by(tab, "gone")
    await restore(team)
    head = wire.heard_by(tab, "me_head")[-1]
    assert (head["ws"], head["rev"] > gone["rev"]) == (str(team.workspace), True)
    op = await read_sidebar(team.backend, actor=team.member, workspace_id=team.workspace)
    assert [entry["c"]["name"] for entry in op["channels"]] == ["general", "secret"]


async def test_only_owners_see_and_restore_what_was_deleted(team: Team) -> None:
    await delete(team)
    for who in ("admin", "member", "ex_member", "outsider"):
        assert await list_deleted(team.backend, actor=getattr(team, who)) == []
        with refused(ErrorCode.NOT_FOUND):
            await restore(team, who)
    (view,) = await list_deleted(team.backend, actor=team.owner)
    assert (view["name"], view["by"], view["days_left"]) == ("Team", "Olga", 14)
    await restore(team)
    assert await list_deleted(team.backend, actor=team.owner) == []


async def test_what_is_not_there_or_was_not_deleted_is_not_restored(team: Team) -> None:
    for workspace_id in (*TEXTS.values(), *VALUES, new_id(), team.workspace):
        with refused(ErrorCode.NOT_FOUND):
            await restore_workspace(team.backend, actor=team.owner, workspace_id=workspace_id)


async def test_after_fourteen_days_it_is_gone_for_good_and_nothing_else_is(team: Team) -> None:
    await team.say(team.member, team.secret)
    await team.say(team.outsider, team.elsewhere_general)
    await delete(team)
    await age(team, 13.9)
    assert await purge_workspaces(team.backend) == 0
    (view,) = await list_deleted(team.backend, actor=team.owner)
    assert view["days_left"] == 1
    await age(team, 0.2)
    assert await list_deleted(team.backend, actor=team.owner) == []
    with refused(ErrorCode.NOT_FOUND):
        await restore(team)
    assert await purge_workspaces(team.backend) == 1
    assert await purge_workspaces(team.backend) == 0
    counts = {table: await count(team, f"public.{table}") for table in ("workspaces", "members", "channels", "chat")}
    assert counts == {"workspaces": 1, "members": 1, "channels": 1, "chat": 1}
    assert await count(team, "public.users") == 6
