"""Workspaces: who may see, make and rename them."""

import pytest
from sqlalchemy import text

from db.models import new_id
from rxapp.errors import ErrorCode
from rxapp.live.ops import user_room, workspace_room
from rxapp.services.installation import open_creation, read_creation
from rxapp.services.workspaces import (
    access_administration,
    access_workspace,
    create_workspace,
    list_workspaces,
    rename_workspace,
)
from tests.hostile import TEXTS, VALUES
from tests.recording_wire import RecordingWire, connect
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


async def test_the_installations_owner_lets_anybody_make_workspaces(team: Team) -> None:
    await own_installation(team.backend, team.owner)
    for who in (team.admin, team.outsider):
        with refused(ErrorCode.NOT_ALLOWED):
            await open_creation(team.backend, actor=who, is_open=True)
    assert await read_creation(team.backend, actor=team.outsider) == ("owner", False)
    await open_creation(team.backend, actor=team.owner, is_open=True)
    assert await read_creation(team.backend, actor=team.outsider) == ("anyone", True)
    view = await create_workspace(team.backend, actor=team.ex_member, name="Mine", icon="🌱")
    assert (view["name"], view["icon"]) == ("Mine", "🌱")
    await open_creation(team.backend, actor=team.owner, is_open=False)
    with refused(ErrorCode.NOT_ALLOWED):
        await create_workspace(team.backend, actor=team.ex_member, name="Another")


async def test_the_tabs_of_who_makes_a_workspace_hear_of_it(team: Team, wire: RecordingWire) -> None:
    await own_installation(team.backend, team.owner)
    connect(team.backend.hub, team.owner, "tab")
    view = await create_workspace(team.backend, actor=team.owner, name="Mine")
    (op,) = wire.said_in(user_room(team.owner.user_id), "me_head")
    assert op["ws"] == view["id"]


async def test_an_icon_is_one_emoji_or_nothing(team: Team) -> None:
    for icon in ("🌱", "👍🏽", "👨‍👩‍👧‍👦", "🇩🇪", "1️⃣", " 🌱 ", ""):
        await rename_workspace(team.backend, actor=team.owner, workspace_id=team.workspace, name="Team", icon=icon)
        (view,) = await list_workspaces(team.backend, actor=team.owner)
        assert view["icon"] == icon.strip()


async def test_what_is_no_emoji_is_no_icon(team: Team) -> None:
    texts = [text for name, text in TEXTS.items() if name != "flags and tags"]
    for icon in ("a", "1", "🌱🌱", "🌱 a", "🌱" * 40, "\u200d", *texts):
        with refused(ErrorCode.INVALID_ICON):
            await rename_workspace(team.backend, actor=team.owner, workspace_id=team.workspace, name="Team", icon=icon)


async def test_a_hue_is_kept_until_another_is_given(team: Team) -> None:
    for hue, kept in (("210", 210), (None, 210), (7, 7), ("0", 0), ("359", 359)):
        await rename_workspace(team.backend, actor=team.owner, workspace_id=team.workspace, name="Team", hue=hue)
        (view,) = await list_workspaces(team.backend, actor=team.owner)
        assert view["hue"] == kept


async def test_what_is_no_hue_is_refused(team: Team) -> None:
    for hue in ("360", "-1", "1.5", "٣", "", *TEXTS.values(), *(value for value in VALUES[1:] if value != 7)):
        with refused(ErrorCode.INVALID_REQUEST, field="hue"):
            await rename_workspace(team.backend, actor=team.owner, workspace_id=team.workspace, name="Team", hue=hue)
