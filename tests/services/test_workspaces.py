"""Workspaces: who may see, make and rename them."""

import pytest
from sqlalchemy import text

from db.models import new_id
from rxapp.errors import ErrorCode
from rxapp.live.ops import workspace_room
from rxapp.services.workspaces import (
    access_administration,
    access_workspace,
    create_workspace,
    list_workspaces,
    rename_workspace,
)
from tests.recording_wire import RecordingWire
from tests.refusals import refused
from tests.team import Team, own_installation


@pytest.mark.parametrize("who", ["ex_member", "outsider"])
async def test_a_workspace_is_absent_for_who_is_no_member(team: Team, who: str) -> None:
    async with team.backend.database.session() as session:
        for workspace_id in (team.workspace, new_id(), "no id", None):
            with refused(ErrorCode.NOT_FOUND):
                await access_workspace(session, actor=getattr(team, who), workspace_id=workspace_id)
            with refused(ErrorCode.NOT_FOUND):
                await access_administration(session, actor=getattr(team, who), workspace_id=workspace_id)


@pytest.mark.parametrize("who", ["member", "bystander"])
async def test_members_see_the_workspace_and_do_not_administer_it(team: Team, who: str) -> None:
    async with team.backend.database.session() as session:
        access = await access_workspace(session, actor=getattr(team, who), workspace_id=team.workspace)
        assert (access.workspace.id, access.role) == (team.workspace, "member")
        with refused(ErrorCode.NOT_ALLOWED):
            await access_administration(session, actor=getattr(team, who), workspace_id=team.workspace)


@pytest.mark.parametrize("who", ["owner", "admin"])
async def test_owners_and_admins_administer_it(team: Team, who: str) -> None:
    async with team.backend.database.session() as session:
        access = await access_administration(session, actor=getattr(team, who), workspace_id=team.workspace)
    assert access.role == who


async def test_a_deleted_workspace_is_absent_for_its_owner_too(team: Team) -> None:
    async with team.backend.database.transaction() as session:
        await session.execute(
            text("update public.workspaces set deleted_at = now() where id = :id"), {"id": team.workspace}
        )
    async with team.backend.database.session() as session:
        with refused(ErrorCode.NOT_FOUND):
            await access_workspace(session, actor=team.owner, workspace_id=team.workspace)
    assert await list_workspaces(team.backend, actor=team.owner) == []


async def test_one_lists_the_workspaces_one_is_in_and_no_others(team: Team) -> None:
    names = {
        who: [view["name"] for view in await list_workspaces(team.backend, actor=getattr(team, who))]
        for who in ("member", "ex_member", "outsider")
    }
    assert names == {"member": ["Team"], "ex_member": [], "outsider": ["Elsewhere"]}


async def test_only_the_owner_of_the_installation_makes_a_workspace(team: Team) -> None:
    await own_installation(team.backend, team.owner)
    for who in (team.admin, team.member, team.outsider):
        with refused(ErrorCode.NOT_ALLOWED):
            await create_workspace(team.backend, actor=who, name="Mine")
    view = await create_workspace(team.backend, actor=team.owner, name="  Second \n team ")
    assert view["name"] == "Second team"
    async with team.backend.database.session() as session:
        access = await access_workspace(session, actor=team.owner, workspace_id=view["id"])
        channels = await session.scalars(
            text("select name from public.channels where workspace_id = :id"), {"id": view["id"]}
        )
        assert (access.role, channels.all()) == ("owner", ["general"])


async def test_before_the_first_account_nobody_makes_a_workspace(team: Team) -> None:
    with refused(ErrorCode.NOT_ALLOWED):
        await create_workspace(team.backend, actor=team.owner, name="Mine")


async def test_members_and_strangers_do_not_rename_a_workspace(team: Team) -> None:
    for who, code in {
        team.member: ErrorCode.NOT_ALLOWED,
        team.ex_member: ErrorCode.NOT_FOUND,
        team.outsider: ErrorCode.NOT_FOUND,
    }.items():
        with refused(code):
            await rename_workspace(team.backend, actor=who, workspace_id=team.workspace, name="Mine")
    assert [view["name"] for view in await list_workspaces(team.backend, actor=team.owner)] == ["Team"]


async def test_a_new_name_is_said_to_all_members_with_the_next_rev(team: Team, wire: RecordingWire) -> None:
    for number, who in enumerate((team.owner, team.admin), start=2):
        await rename_workspace(team.backend, actor=who, workspace_id=team.workspace, name=f"Team {number}")
        (view,) = await list_workspaces(team.backend, actor=team.member)
        assert view == {"id": str(team.workspace), "rev": number, "name": f"Team {number}", "icon": "", "hue": 0}
        op = wire.said_in(workspace_room(team.workspace), "workspace")[-1]
        assert {name: op[name] for name in ("rev", "w")} == {"rev": number, "w": view}
