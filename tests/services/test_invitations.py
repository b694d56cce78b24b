"""Invitation links: who makes them, whom they let in, and when they are worth nothing."""

import asyncio

import pytest
from sqlalchemy import text

from db.models import new_id
from rxapp.actor import Actor
from rxapp.errors import ErrorCode
from rxapp.services.invitations import (
    accept_invitation,
    create_invitation,
    follow_link,
    list_invitations,
    preview_invitation,
    withdraw_invitation,
)
from rxapp.services.members import change_role, list_members, remove_member
from rxapp.services.workspaces import list_workspaces
from tests.hostile import TEXTS, VALUES
from tests.refusals import refused
from tests.team import Team, make_person

ENDINGS = {
    "revoked": "update private.invitations set revoked_at = now()",
    "expired": "update private.invitations set expires_at = now()",
    "of a deleted workspace": "update public.workspaces set deleted_at = now()",
}


async def invite(team: Team, by: Actor, role: object = "member") -> str:
    path = await create_invitation(team.backend, actor=by, workspace_id=team.workspace, role=role)
    return path.removeprefix("/join/")


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("member", ErrorCode.NOT_ALLOWED),
        ("bystander", ErrorCode.NOT_ALLOWED),
        ("ex_member", ErrorCode.NOT_FOUND),
        ("outsider", ErrorCode.NOT_FOUND),
    ],
)
async def test_only_owners_and_admins_invite(team: Team, who: str, code: ErrorCode) -> None:
    with refused(code):
        await invite(team, getattr(team, who))


@pytest.mark.parametrize("how", ["made a member", "taken out"])
async def test_who_administers_no_longer_makes_no_admin_by_an_old_link(team: Team, how: str) -> None:
    as_admin, as_member = await invite(team, team.admin, "admin"), await invite(team, team.admin)
    others = await invite(team, team.owner, "admin")
    backend, workspace, target = team.backend, team.workspace, team.admin.user_id
    if how == "taken out":
        await remove_member(backend, actor=team.owner, workspace_id=workspace, user_id=target)
    else:
        await change_role(backend, actor=team.owner, workspace_id=workspace, user_id=target, role="member")
    with refused(ErrorCode.INVITATION_INVALID):
        await accept_invitation(team.backend, actor=team.admin, token=as_admin)
    for token in (as_member, others):
        await preview_invitation(team.backend, token=token)


async def test_a_workspace_that_is_not_there_invites_nobody(team: Team) -> None:
    with refused(ErrorCode.NOT_FOUND):
        await create_invitation(team.backend, actor=team.owner, workspace_id=new_id())


@pytest.mark.parametrize("role", ["owner", "king", None, 7])
async def test_a_link_makes_no_owner_and_no_unknown_role(team: Team, role: object) -> None:
    with refused(ErrorCode.INVALID_REQUEST, field="role"):
        await invite(team, team.owner, role)


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "x" * 1_000_000, "' or 1=1 --"])
async def test_an_unknown_link_is_invalid(team: Team, token: str) -> None:
    with refused(ErrorCode.INVITATION_INVALID):
        await preview_invitation(team.backend, token=token)
    with refused(ErrorCode.INVITATION_INVALID):
        await accept_invitation(team.backend, actor=team.outsider, token=token)


@pytest.mark.parametrize("ending", list(ENDINGS))
async def test_a_link_that_ended_is_as_invalid_as_an_unknown_one(team: Team, ending: str) -> None:
    token = await invite(team, team.owner)
    async with team.backend.database.transaction() as session:
        await session.execute(text(ENDINGS[ending]))
    with refused(ErrorCode.INVITATION_INVALID):
        await preview_invitation(team.backend, token=token)
    with refused(ErrorCode.INVITATION_INVALID):
        await accept_invitation(team.backend, actor=team.outsider, token=token)
    assert [view["name"] for view in await list_workspaces(team.backend, actor=team.outsider)] != ["Team"]


async def test_the_token_is_stored_as_a_hash_only(team: Team) -> None:
    token = await invite(team, team.owner)
    async with team.backend.database.session() as session:
        row = (await session.execute(text("select invitations::text from private.invitations"))).scalar_one()
    assert token not in row


async def test_a_link_says_where_it_leads_and_who_invites(team: Team) -> None:
    found = await preview_invitation(team.backend, token=await invite(team, team.admin, "admin"))
    assert (found.workspace_id, found.workspace, found.invited_by, found.role) == (
        team.workspace, "Team", "Abe", "admin",
    )  # fmt: skip


async def test_a_link_lets_several_people_in_with_its_role(team: Team) -> None:
    token = await invite(team, team.owner, "admin")
    newcomer = await make_person(team.backend, "Nia")
    for who in (newcomer, team.outsider, newcomer):
        assert await accept_invitation(team.backend, actor=who, token=token) == team.workspace
    found = await list_members(team.backend, actor=newcomer, workspace_id=team.workspace)
    assert {view["name"] for view in found if view["role"] == "admin"} == {"Abe", "Nia", "Otto"}


async def test_a_member_who_follows_a_link_stays_what_they_are(team: Team) -> None:
    token = await invite(team, team.owner, "admin")
    for who in (team.owner, team.member):
        await accept_invitation(team.backend, actor=who, token=token)
    found = await list_members(team.backend, actor=team.member, workspace_id=team.workspace)
    assert {view["name"]: view["role"] for view in found} == {
        "Abe": "admin", "Ben": "member", "Mia": "member", "Olga": "owner",
    }  # fmt: skip


async def test_following_a_link_twice_at_once_is_one_membership(team: Team) -> None:
    token, newcomer = await invite(team, team.owner), await make_person(team.backend, "Nia")
    await asyncio.gather(*(accept_invitation(team.backend, actor=newcomer, token=token) for _ in range(4)))
    assert len(await list_workspaces(team.backend, actor=newcomer)) == 1


async def test_an_ex_member_comes_back_by_a_link_without_the_private_channels_of_before(team: Team) -> None:
    await accept_invitation(team.backend, actor=team.ex_member, token=await invite(team, team.owner))
    with refused(ErrorCode.NOT_FOUND):
        await team.say(team.ex_member, team.secret)
    await team.say(team.ex_member, team.general)


async def living(team: Team, by: Actor) -> list[dict[str, object]]:
    return list(await list_invitations(team.backend, actor=by, workspace_id=team.workspace))


async def withdraw(team: Team, by: Actor, invitation_id: object) -> None:
    await withdraw_invitation(team.backend, actor=by, workspace_id=team.workspace, invitation_id=invitation_id)


async def test_a_link_lives_as_many_days_as_it_was_made_for(team: Team) -> None:
    milliseconds_per_day = 24 * 60 * 60 * 1000
    for days in (1, 7, 14, 30):
        await create_invitation(team.backend, actor=team.admin, workspace_id=team.workspace, days=days)
        newest, *_ = await living(team, team.owner)
        assert (int(str(newest["expires"])) - int(str(newest["at"]))) / milliseconds_per_day == days


async def test_other_lifetimes_are_refused(team: Team) -> None:
    for days in (0, 2, 365, *(value for value in VALUES if value != 7), *TEXTS.values()):
        with refused(ErrorCode.INVALID_REQUEST, field="days"):
            await create_invitation(team.backend, actor=team.owner, workspace_id=team.workspace, days=days)


async def test_administrators_list_the_links_that_work_and_how_often_they_were_used(team: Team) -> None:
    token = await invite(team, team.admin, "admin")
    await invite(team, team.owner)
    for who in (team.outsider, team.member, team.outsider):
        await accept_invitation(team.backend, actor=who, token=token)
    newest, first = await living(team, team.owner)
    assert (newest["role"], newest["by"], newest["uses"]) == ("member", "Olga", 0)
    assert (first["role"], first["by"], first["uses"]) == ("admin", "Abe", 1)
    assert token not in str(newest) + str(first)
    for who, code in {team.member: ErrorCode.NOT_ALLOWED, team.ex_member: ErrorCode.NOT_FOUND}.items():
        with refused(code):
            await living(team, who)


async def test_a_withdrawn_link_lets_nobody_in_and_is_listed_no_more(team: Team) -> None:
    token = await invite(team, team.owner)
    (view,) = await living(team, team.admin)
    for _ in range(2):
        await withdraw(team, team.admin, view["id"])
    assert await living(team, team.admin) == []
    with refused(ErrorCode.INVITATION_INVALID):
        await accept_invitation(team.backend, actor=team.outsider, token=token)


async def test_members_and_strangers_withdraw_no_link(team: Team) -> None:
    await invite(team, team.owner)
    (view,) = await living(team, team.owner)
    for who, code in {
        team.member: ErrorCode.NOT_ALLOWED,
        team.ex_member: ErrorCode.NOT_FOUND,
        team.outsider: ErrorCode.NOT_FOUND,
    }.items():
        with refused(code):
            await withdraw(team, who, view["id"])
    with refused(ErrorCode.NOT_FOUND):  # another workspace's
        await withdraw_invitation(
            team.backend, actor=team.outsider, workspace_id=team.elsewhere, invitation_id=view["id"]
        )
    assert len(await living(team, team.owner)) == 1


async def test_what_is_no_link_is_not_withdrawn(team: Team) -> None:
    for invitation_id in (*TEXTS.values(), *VALUES, new_id()):
        with refused(ErrorCode.NOT_FOUND):
            await withdraw(team, team.owner, invitation_id)


async def test_a_pasted_link_leads_to_its_page_whatever_stands_before_it(team: Team) -> None:
    token = await invite(team, team.owner)
    for link in (f"https://chat.example.org/join/{token}", f" /join/{token}/ ", token):
        assert await follow_link(team.backend, link=link) == f"/join/{token}"


async def test_what_is_no_link_leads_nowhere(team: Team) -> None:
    for link in (*TEXTS.values(), *VALUES, "https://chat.example.org/join/"):
        with refused(ErrorCode.INVITATION_INVALID):
            await follow_link(team.backend, link=link)
