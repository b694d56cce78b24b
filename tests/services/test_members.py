"""The people of a workspace: who lists them, who changes their roles, and how they go."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text

from db.models import new_id
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.ops import channel_room, user_room, workspace_room
from rxapp.services.channel_people import list_people
from rxapp.services.history import open_channel
from rxapp.services.members import add_member, change_role, list_members, remove_member
from rxapp.services.sidebar import enter_workspace
from rxapp.services.workspaces import Role
from tests.recording_wire import RecordingWire, connect
from tests.refusals import refused
from tests.team import Team, make_person


async def roles(team: Team) -> dict[UUID, str]:
    async with team.backend.database.session() as session:
        found = await session.execute(
            text("select user_id, role from public.members where workspace_id = :id"), {"id": team.workspace}
        )
        return {row.user_id: row.role for row in found}


async def give(team: Team, who: Actor, role: str, *, by: Actor) -> None:
    await change_role(team.backend, actor=by, workspace_id=team.workspace, user_id=who.user_id, role=role)


async def remove(team: Team, who: Actor, *, by: Actor) -> None:
    await remove_member(team.backend, actor=by, workspace_id=team.workspace, user_id=who.user_id)


@pytest.mark.parametrize("who", ["ex_member", "outsider"])
async def test_strangers_list_no_members(team: Team, who: str) -> None:
    for workspace_id in (team.workspace, new_id()):
        with refused(ErrorCode.NOT_FOUND):
            await list_members(team.backend, actor=getattr(team, who), workspace_id=workspace_id)


async def test_members_are_listed_by_name_with_their_roles_and_those_who_left_are_not(team: Team) -> None:
    found = await list_members(team.backend, actor=team.bystander, workspace_id=team.workspace)
    assert [(view["name"], view["role"]) for view in found] == [
        ("Abe", "admin"),
        ("Ben", "member"),
        ("Mia", "member"),
        ("Olga", "owner"),
    ]


@pytest.mark.parametrize(("search", "names"), [("  MI ", ["Mia"]), ("abe.", ["Abe"]), ("%", []), ("_", []), ("\\", [])])
async def test_members_are_searched_by_name_and_handle_and_wildcards_are_plain_characters(
    team: Team, search: str, names: list[str]
) -> None:
    found = await list_members(team.backend, actor=team.member, workspace_id=team.workspace, search=search)
    assert [view["name"] for view in found] == names


async def test_those_who_are_in_a_channel_already_can_be_left_out(team: Team) -> None:
    found = await list_members(team.backend, actor=team.member, workspace_id=team.workspace, but_channel=team.secret)
    assert [view["name"] for view in found] == ["Ben", "Olga"]


@pytest.mark.parametrize("who", ["owner", "bystander"])
async def test_leaving_out_a_private_channels_people_does_not_tell_others_who_they_are(team: Team, who: str) -> None:
    for channel in (team.secret, team.elsewhere_general, new_id()):
        with refused(ErrorCode.NOT_FOUND):
            await list_members(team.backend, actor=getattr(team, who), workspace_id=team.workspace, but_channel=channel)


async def test_members_change_no_role_not_even_their_own(team: Team) -> None:
    for target in (team.member, team.bystander, team.owner):
        with refused(ErrorCode.NOT_ALLOWED):
            await give(team, target, "admin", by=team.member)


@pytest.mark.parametrize("who", ["ex_member", "outsider"])
async def test_strangers_change_and_remove_nobody(team: Team, who: str) -> None:
    before = await roles(team)
    with refused(ErrorCode.NOT_FOUND):
        await give(team, team.member, "admin", by=getattr(team, who))
    with refused(ErrorCode.NOT_FOUND):
        await remove(team, team.member, by=getattr(team, who))
    assert await roles(team) == before


async def test_an_admin_neither_makes_nor_unmakes_an_owner(team: Team) -> None:
    for target, role in ((team.member, "owner"), (team.admin, "owner"), (team.owner, "member"), (team.owner, "admin")):
        with refused(ErrorCode.NOT_ALLOWED):
            await give(team, target, role, by=team.admin)


async def test_who_is_no_member_has_no_role_to_change(team: Team) -> None:
    for target in (team.ex_member, team.outsider, Actor(new_id())):
        with refused(ErrorCode.NOT_FOUND):
            await give(team, target, "admin", by=team.owner)
        with refused(ErrorCode.NOT_FOUND):
            await remove(team, target, by=team.owner)


@pytest.mark.parametrize("role", ["king", "", "OWNER", None, 1, ["owner"]])
async def test_a_role_that_does_not_exist_is_refused(team: Team, role: object) -> None:
    with refused(ErrorCode.INVALID_REQUEST, field="role"):
        await change_role(
            team.backend, actor=team.owner, workspace_id=team.workspace, user_id=team.member.user_id, role=role
        )


async def test_an_admin_makes_and_unmakes_admins_and_the_person_is_told(team: Team, wire: RecordingWire) -> None:
    for rev, role in ((2, "admin"), (3, "member")):
        await give(team, team.member, role, by=team.admin)
        op = wire.said_in(user_room(team.member.user_id), "role")[-1]
        assert (op["rev"], op["role"]) == (rev, role)
    assert (await roles(team))[team.member.user_id] == "member"


async def test_the_last_owner_stays_one(team: Team) -> None:
    with refused(ErrorCode.LAST_OWNER):
        await give(team, team.owner, "admin", by=team.owner)
    with refused(ErrorCode.LAST_OWNER):
        await remove(team, team.owner, by=team.owner)
    await give(team, team.owner, "owner", by=team.owner)
    await give(team, team.admin, "owner", by=team.owner)
    await give(team, team.owner, "member", by=team.owner)
    assert (await roles(team))[team.owner.user_id] == "member"


@pytest.mark.parametrize("way", [give, remove])
async def test_two_owners_who_step_down_at_once_leave_one(team: Team, way: object) -> None:
    await give(team, team.admin, "owner", by=team.owner)

    async def step_down(who: Actor) -> None:
        await (give(team, who, "member", by=who) if way is give else remove(team, who, by=who))

    answers = await asyncio.gather(step_down(team.owner), step_down(team.admin), return_exceptions=True)
    refusals = [answer.code for answer in answers if isinstance(answer, ConfabError)]
    assert refusals == [ErrorCode.LAST_OWNER]
    assert list((await roles(team)).values()).count("owner") == 1


async def test_a_member_removes_nobody_but_oneself(team: Team) -> None:
    for target in (team.bystander, team.admin, team.owner):
        with refused(ErrorCode.NOT_ALLOWED):
            await remove(team, target, by=team.member)
    await remove(team, team.member, by=team.member)
    assert team.member.user_id not in await roles(team)


async def test_an_admin_removes_members_and_admins_but_no_owner(team: Team) -> None:
    with refused(ErrorCode.NOT_ALLOWED):
        await remove(team, team.owner, by=team.admin)
    await give(team, team.bystander, "admin", by=team.admin)
    for target in (team.bystander, team.member):
        await remove(team, target, by=team.admin)
    assert set(await roles(team)) == {team.owner.user_id, team.admin.user_id}


async def test_who_is_removed_hears_nothing_more_on_any_tab(team: Team, wire: RecordingWire) -> None:
    hub = team.backend.hub
    tabs = [connect(hub, team.member, f"tab{n}") for n in range(2)]
    for tab, channel in zip(tabs, (team.general, team.secret), strict=True):
        await enter_workspace(team.backend, actor=team.member, socket_id=tab, workspace_id=team.workspace)
        await open_channel(team.backend, actor=team.member, socket_id=tab, channel_id=channel)
    await remove(team, team.member, by=team.admin)
    heard = {tab: len(wire.heard_by(tab)) for tab in tabs}
    assert {wire.heard_by(tab)[-1]["k"] for tab in tabs} == {"gone"}
    for channel in (team.general, team.secret):
        await team.say(team.admin, channel)
        await hub.to_channel(channel, {"k": "anything"})
    await hub.to_workspace(team.workspace, {"k": "anything"})
    assert {tab: len(wire.heard_by(tab)) for tab in tabs} == heard
    for room in (workspace_room(team.workspace), channel_room(team.secret), channel_room(team.general)):
        assert room not in wire.rooms()


async def test_who_is_removed_has_no_seat_left_and_their_words_stay(team: Team) -> None:
    view = await team.say(team.member, team.secret)
    await remove(team, team.member, by=team.owner)
    people = (await list_people(team.backend, actor=team.admin, channel_id=team.secret))["people"]
    assert [person["name"] for person in people] == ["Abe"]
    async with team.backend.database.session() as session:
        assert await session.scalar(text("select source from public.chat where id = :id"), {"id": view["id"]})


async def test_a_new_member_begins_in_the_first_channel_and_again_changes_nothing(team: Team) -> None:
    newcomer = await make_person(team.backend, "Nia")
    for role in (Role.MEMBER, Role.ADMIN):
        await add_member(team.backend, user_id=newcomer.user_id, workspace_id=team.workspace, role=role)
    assert (await roles(team))[newcomer.user_id] == "member"
    people = (await list_people(team.backend, actor=newcomer, channel_id=team.general))["people"]
    assert "Nia" in [person["name"] for person in people]
