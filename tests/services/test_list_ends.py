"""Lists that come whole have an end, because what is in them has."""

import pytest_asyncio
from sqlalchemy import func, select, text, update

from db.models import Channel, Installation, Member
from rxapp.errors import ErrorCode
from rxapp.services.channel_people import SEATS_MAX, add_people, join_channel, leave_channel
from rxapp.services.channels import create_channel
from rxapp.services.direct import open_direct
from rxapp.services.members import add_member
from rxapp.services.workspaces import MEMBERSHIPS_MAX, Creation, Role, create_workspace
from tests.refusals import refused
from tests.team import Team

FILL_SEATS = text("""
    with made as (
        insert into public.channels (id, workspace_id, kind, name)
        select gen_random_uuid(), :workspace_id, 'public', 'full-' || number
        from generate_series(1, :many) as number returning id
    )
    insert into public.channel_members (channel_id, user_id) select id, :user_id from made
""")
FILL_MEMBERSHIPS = text("""
    with made as (
        insert into public.workspaces (id, name)
        select gen_random_uuid(), 'Full ' || number from generate_series(1, :many) as number returning id
    )
    insert into public.members (workspace_id, user_id, role) select id, :user_id, 'member' from made
""")


@pytest_asyncio.fixture
async def full(team: Team) -> Team:
    """A team whose bystander is in one conversation, and beside it in all the channels that one can be in."""
    await open_direct(
        team.backend, actor=team.owner, workspace_id=team.workspace, user_ids=[str(team.bystander.user_id)]
    )  # fmt: skip
    many = {"workspace_id": team.workspace, "user_id": team.bystander.user_id, "many": SEATS_MAX - 1}
    async with team.backend.database.transaction() as session:
        await session.execute(FILL_SEATS, many)
    return team


async def channels_of(team: Team) -> int:
    async with team.backend.database.session() as session:
        count = select(func.count()).select_from(Channel).where(Channel.workspace_id == team.workspace)
        return await session.scalar(count) or 0


async def test_who_is_in_as_many_channels_as_one_can_be_comes_into_no_other(full: Team) -> None:
    before, ids = await channels_of(full), {"actor": full.bystander, "workspace_id": full.workspace}
    with refused(ErrorCode.TOO_MANY_CHANNELS, limit=SEATS_MAX):
        await join_channel(full.backend, actor=full.bystander, channel_id=full.general)
    with refused(ErrorCode.TOO_MANY_CHANNELS, limit=SEATS_MAX):
        await create_channel(full.backend, **ids, name="one-more")  # type: ignore[arg-type]
    with refused(ErrorCode.TOO_MANY_CHANNELS, limit=SEATS_MAX):
        await open_direct(full.backend, **ids, user_ids=[str(full.member.user_id)])  # type: ignore[arg-type]
    with refused(ErrorCode.TOO_MANY_CHANNELS, limit=SEATS_MAX):
        both = [full.bystander.user_id, full.owner.user_id]
        await add_people(full.backend, actor=full.member, channel_id=full.secret, user_ids=both)
    assert await channels_of(full) == before


async def test_where_one_is_already_one_comes_as_before_and_leaving_makes_room(full: Team) -> None:
    talk = await open_direct(
        full.backend, actor=full.bystander, workspace_id=full.workspace, user_ids=[str(full.owner.user_id)]
    )  # fmt: skip
    assert talk["kind"] == "direct"
    async with full.backend.database.session() as session:
        filled = await session.scalar(select(Channel.id).where(Channel.name == "full-1"))
    await join_channel(full.backend, actor=full.bystander, channel_id=filled)
    await leave_channel(full.backend, actor=full.bystander, channel_id=filled)
    await join_channel(full.backend, actor=full.bystander, channel_id=full.general)


async def test_who_is_in_as_many_workspaces_as_one_can_be_comes_into_no_other(team: Team) -> None:
    someone = team.bystander.user_id
    async with team.backend.database.transaction() as session:
        await session.execute(
            update(Installation).values(workspace_creation=Creation.ANYONE, owner_id=team.owner.user_id)
        )
        await session.execute(FILL_MEMBERSHIPS, {"user_id": someone, "many": MEMBERSHIPS_MAX - 1})
    with refused(ErrorCode.TOO_MANY_WORKSPACES, limit=MEMBERSHIPS_MAX):
        await create_workspace(team.backend, actor=team.bystander, name="One more")
    with refused(ErrorCode.TOO_MANY_WORKSPACES, limit=MEMBERSHIPS_MAX):
        await add_member(team.backend, user_id=someone, workspace_id=team.elsewhere, role=Role.MEMBER)
    assert not await add_member(team.backend, user_id=someone, workspace_id=team.workspace, role=Role.MEMBER)
    async with team.backend.database.session() as session:
        mine = select(func.count()).select_from(Member).where(Member.user_id == someone)
        assert await session.scalar(mine) == MEMBERSHIPS_MAX
