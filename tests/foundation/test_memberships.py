"""Who is in a channel is in its workspace: kept by the database, whatever writes to it."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from db.engine import Database
from tests.foundation.team import Team, make_team

JOIN_CHANNEL = text("insert into public.channel_members (channel_id, user_id) values (:channel, :user)")
LEAVE_WORKSPACE = text("delete from public.members where user_id = :user")
SEATS = text("select channel_id from public.channel_members where user_id = :user")
WAITING = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")


async def seats(database: Database, user: object) -> set[object]:
    async with database.session() as session:
        return set(await session.scalars(SEATS, {"user": user}))


async def test_who_leaves_a_workspace_leaves_its_channels_but_not_direct_conversations(database: Database) -> None:
    team = await make_team(database)  # in which Eve has left
    assert await seats(database, team.eve) == {team.direct}
    assert await seats(database, team.bob) == {team.general, team.secret, team.direct}


async def test_what_a_former_member_wrote_stays(database: Database) -> None:
    team = await make_team(database)
    async with database.session() as session:
        written = await session.scalar(
            text("select count(*) from public.chat where author_id = :eve"), {"eve": team.eve}
        )
    assert written == 1


async def test_a_person_with_messages_cannot_be_deleted(database: Database) -> None:
    team = await make_team(database)
    with pytest.raises(IntegrityError, match="chat_author_id_fkey"):
        async with database.transaction() as session:
            await session.execute(text("delete from public.users where id = :eve"), {"eve": team.eve})


async def test_somebody_from_elsewhere_cannot_be_put_into_a_channel(database: Database) -> None:
    team = await make_team(database)
    with pytest.raises(IntegrityError, match=f"user {team.otto} is not in the workspace of channel {team.secret}"):
        async with database.transaction() as session:
            await session.execute(JOIN_CHANNEL, {"channel": team.secret, "user": team.otto})


async def test_being_added_while_leaving_ends_outside(database: Database) -> None:
    team = await make_team(database)
    async with database.transaction() as adding:
        await adding.execute(JOIN_CHANNEL, {"channel": team.secret, "user": team.ada})
        leaving = asyncio.create_task(leave(database, team))
        await until_waiting(database)
    await leaving
    assert await seats(database, team.ada) == set()


async def test_being_added_after_leaving_is_refused(database: Database) -> None:
    team = await make_team(database)
    async with database.transaction() as leaving:
        await leaving.execute(LEAVE_WORKSPACE, {"user": team.ada})
        adding = asyncio.create_task(add(database, team))
        await until_waiting(database)
    with pytest.raises(IntegrityError):
        await adding


async def test_a_workspace_is_deleted_whole(database: Database) -> None:
    team = await make_team(database)
    async with database.transaction() as session:
        await session.execute(text("delete from public.workspaces where id = :id"), {"id": team.workspace})
    async with database.session() as session:
        for table in ("channels", "channel_members", "chat", "emojis"):
            assert await session.scalar(text(f"select count(*) from public.{table}")) == 0


async def leave(database: Database, team: Team) -> None:
    async with database.transaction() as session:
        await session.execute(LEAVE_WORKSPACE, {"user": team.ada})


async def add(database: Database, team: Team) -> None:
    async with database.transaction() as session:
        await session.execute(JOIN_CHANNEL, {"channel": team.secret, "user": team.ada})


async def until_waiting(database: Database) -> None:
    """Until some session waits for a lock: the other one's, as there are no more."""
    while True:
        async with database.session() as session:
            if await session.scalar(WAITING):
                return
