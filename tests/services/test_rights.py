"""Which rooms people have no right to be in, whoever took it: what a worker that heard nothing finds in its rounds."""

from sqlalchemy import delete, update

from db.models import ChannelMember, Workspace
from rxapp.live.heads import evict_who_lost
from rxapp.live.ops import channel_room, user_room, workspace_room
from rxapp.services.history import open_channel
from rxapp.services.rights import lost_rooms
from rxapp.services.sidebar import enter_workspace
from tests.recording_wire import RecordingWire, connect
from tests.team import Team


async def test_it_is_what_opening_would_refuse(team: Team) -> None:
    rooms = {
        channel_room(team.general),
        channel_room(team.secret),
        channel_room(team.elsewhere_general),
        workspace_room(team.workspace),
        workspace_room(team.elsewhere),
    }
    secret, elsewhere = (
        channel_room(team.secret),
        {channel_room(team.elsewhere_general), workspace_room(team.elsewhere)},
    )
    people = {
        team.member: elsewhere,
        team.admin: elsewhere,
        team.owner: {secret, *elsewhere},
        team.bystander: {secret, *elsewhere},
        team.ex_member: rooms,
        team.outsider: rooms - elsewhere,
    }
    held = {who.user_id: {*rooms, user_room(who.user_id)} for who in people}
    lost = await lost_rooms(team.backend, held)
    assert {user_id: set(found) for user_id, found in lost.items()} == {
        who.user_id: expected for who, expected in people.items()
    }
    assert await lost_rooms(team.backend, {}) == {}


async def test_of_a_deleted_workspace_everything_is_lost(team: Team) -> None:
    async with team.backend.database.transaction() as session:
        gone = {"deleted_at": Workspace.created_at, "deleted_by": team.owner.user_id}
        await session.execute(update(Workspace).where(Workspace.id == team.workspace).values(**gone))
    rooms = [channel_room(team.general), workspace_room(team.workspace)]
    lost = await lost_rooms(team.backend, {team.owner.user_id: rooms})
    assert set(lost[team.owner.user_id]) == set(rooms)


async def test_a_round_takes_out_who_lost_a_right_unheard_and_nobody_else(team: Team, wire: RecordingWire) -> None:
    hub = team.backend.hub
    await evict_who_lost(hub, lambda held: lost_rooms(team.backend, held))
    for who in (team.member, team.admin):
        tab = connect(hub, who, str(who.user_id))
        await enter_workspace(team.backend, actor=who, socket_id=tab, workspace_id=team.workspace)
        await open_channel(team.backend, actor=who, socket_id=tab, channel_id=team.secret)
    async with team.backend.database.transaction() as session:
        seat = (ChannelMember.channel_id == team.secret, ChannelMember.user_id == team.member.user_id)
        await session.execute(delete(ChannelMember).where(*seat))
    admission = hub.admission(team.member.user_id)
    await evict_who_lost(hub, lambda held: lost_rooms(team.backend, held))
    await team.say(team.admin, team.secret, "among ourselves")
    assert wire.heard_by(str(team.member.user_id), "new") == []
    assert len(wire.heard_by(str(team.admin.user_id), "new")) == 1
    assert not await hub.enter(str(team.member.user_id), channel_room(team.secret), admission=admission)
    assert workspace_room(team.workspace) in hub.rooms_of_people()[team.member.user_id]
