"""What is done at the same time on several workers waits in one order: nobody waits in a circle.

Each worker is a backend of its own, so that nothing but the database's locks holds one back for another.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import func, select, text, update

from db.engine import Database
from db.models import ChannelMember, Invitation, Member, User, Workspace, new_id
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.services.backend import Backend, make_backend
from rxapp.services.channel_people import join_channel, leave_channel
from rxapp.services.channels import create_channel, rename_channel
from rxapp.services.cursors import mark_all_read, mark_unread
from rxapp.services.invitations import create_invitation
from rxapp.services.members import add_member, change_role, remove_member
from rxapp.services.messages import send_message
from rxapp.services.profiles import change_profile
from rxapp.services.workspaces import Role, rename_workspace
from tests.recording_wire import RecordingWire
from tests.refusals import refused
from tests.team import Team

WAITING = text("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
GIVE_UP_SECONDS = 20


@pytest_asyncio.fixture
async def workers(database: Database) -> AsyncGenerator[list[Backend]]:
    """Three of them."""
    async with AsyncExitStack() as stack:
        made = [make_backend(database, RecordingWire()) for _ in range(3)]
        for backend in made:
            stack.push_async_callback(backend.hub.close)
        yield made


async def begun(database: Database, work: Coroutine[Any, Any, Any], waiting: int) -> asyncio.Task[Any]:
    """Work that is done, or waits as one of so many for a lock."""
    task = asyncio.create_task(work)
    async with asyncio.timeout(GIVE_UP_SECONDS):
        while not task.done():
            async with database.session() as session:
                if (await session.scalar(WAITING) or 0) >= waiting:
                    break
            await asyncio.sleep(0.01)
    return task


def profile(backend: Backend, actor: Actor, *, name: str, handle: str) -> Coroutine[Any, Any, Any]:
    """Change how somebody is called."""
    return change_profile(
        backend, actor=actor, name=name, handle=handle, title="", pronouns="", time_zone="", hue=30
    )  # fmt: skip


async def test_who_takes_a_seat_does_not_hold_up_their_own_removal(team: Team, workers: list[Backend]) -> None:
    database, (here, there, _) = team.backend.database, workers
    await create_invitation(team.backend, actor=team.admin, workspace_id=team.workspace, role="admin")
    mine = Invitation.created_by == team.admin.user_id
    async with database.transaction() as session:
        # The removal stops in the middle, where it ends the links of who goes.
        await session.execute(select(Invitation.id).where(mine).with_for_update())
        removed = remove_member(
            here, actor=team.owner, workspace_id=team.workspace, user_id=team.admin.user_id
        )  # fmt: skip
        removal = await begun(database, removed, 1)
        coming = await begun(database, join_channel(there, actor=team.admin, channel_id=team.general), 2)
    await removal
    with refused(ErrorCode.NOT_FOUND):
        await coming
    async with database.session() as session:
        for place in (ChannelMember, Member):
            left = select(func.count()).select_from(place).where(place.user_id == team.admin.user_id)
            assert await session.scalar(left) == 0


async def test_who_is_renamed_holds_up_nobody_who_holds_up_the_renaming(team: Team, workers: list[Backend]) -> None:
    database, (here, there, elsewhere) = team.backend.database, workers
    await add_member(team.backend, user_id=team.member.user_id, workspace_id=team.elsewhere, role=Role.MEMBER)
    async with database.transaction() as session:
        await session.execute(select(Workspace.id).where(Workspace.id == team.workspace).with_for_update())
        handle = f"new.{team.member.user_id.hex[-8:]}"
        renaming = await begun(database, profile(here, team.member, name="New", handle=handle), 1)
        said = send_message(
            there, actor=team.member, channel_id=team.elsewhere_general, client_key=new_id(), source="still here"
        )
        sending = await begun(database, said, 2)
        removed = remove_member(
            elsewhere, actor=team.outsider, workspace_id=team.elsewhere, user_id=team.member.user_id
        )  # fmt: skip
        removal = await begun(database, removed, 3)
    await asyncio.gather(renaming, sending, removal)
    async with database.session() as session:
        assert await session.scalar(select(User.handle).where(User.id == team.member.user_id)) == handle


async def test_a_role_that_was_taken_while_one_waited_is_gone(team: Team, workers: list[Backend]) -> None:
    database, (here, there, _) = team.backend.database, workers
    async with database.transaction() as session:
        await session.execute(select(Workspace.id).where(Workspace.id == team.workspace).with_for_update())
        demoted = change_role(
            here, actor=team.owner, workspace_id=team.workspace, user_id=team.admin.user_id, role=Role.MEMBER
        )  # fmt: skip
        demotion = await begun(database, demoted, 1)
        rename = rename_workspace(there, actor=team.admin, workspace_id=team.workspace, name="Mine")
        renaming = await begun(database, rename, 2)
    await demotion
    with refused(ErrorCode.NOT_ALLOWED):
        await renaming


async def test_two_channels_that_swap_their_names_at_once(team: Team, workers: list[Backend]) -> None:
    database, (here, there, _) = team.backend.database, workers
    one, other = [
        (await create_channel(team.backend, actor=team.owner, workspace_id=team.workspace, name=name))["id"]
        for name in ("one", "other")
    ]
    async with database.transaction() as session:
        await session.execute(select(Workspace.id).where(Workspace.id == team.workspace).with_for_update())
        swaps = [
            rename_channel(backend, actor=team.owner, channel_id=channel, name=name, topic="")
            for backend, channel, name in ((here, one, "other"), (there, other, "one"))
        ]
        tasks = [await begun(database, swap, place) for place, swap in enumerate(swaps, start=1)]
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [one.code if isinstance(one, ConfabError) else one for one in outcomes] == [ErrorCode.NAME_TAKEN] * 2


async def test_whatever_is_done_at_once_ends(team: Team, workers: list[Backend]) -> None:
    """Everything that holds several rows, of the same people and places, again and again."""
    here, there, elsewhere = workers
    member, general, workspace = team.member, team.general, team.workspace
    await team.say(member, general)

    def everything(round_: int) -> list[Coroutine[Any, Any, Any]]:
        return [
            send_message(here, actor=member, channel_id=general, client_key=new_id(), source="a"),
            send_message(there, actor=team.owner, channel_id=general, client_key=new_id(), source="b"),
            mark_unread(here, actor=member, channel_id=general, seq=1),
            mark_all_read(there, actor=member, workspace_id=workspace),
            join_channel(elsewhere, actor=member, channel_id=general),
            leave_channel(there, actor=member, channel_id=general),
            profile(here, member, name=f"Mia {round_}", handle=f"mia.{round_}.{member.user_id.hex[-8:]}"),
            rename_channel(there, actor=team.owner, channel_id=general, name="general", topic=f"{round_}"),
            rename_channel(elsewhere, actor=member, channel_id=team.secret, name="secret", topic=f"{round_}"),
            change_role(here, actor=team.owner, workspace_id=workspace, user_id=member.user_id, role=Role.ADMIN),
            remove_member(elsewhere, actor=team.owner, workspace_id=workspace, user_id=member.user_id),
            add_member(there, user_id=member.user_id, workspace_id=workspace, role=Role.MEMBER),
        ]

    for round_ in range(12):
        async with asyncio.timeout(GIVE_UP_SECONDS):
            outcomes = await asyncio.gather(*everything(round_), return_exceptions=True)
        assert [one for one in outcomes if isinstance(one, BaseException) and not _is_refusal(one)] == []


def _is_refusal(error: BaseException) -> bool:
    """An answer, and not what is said of a database that gave up: UNAVAILABLE."""
    return isinstance(error, ConfabError) and error.code is not ErrorCode.UNAVAILABLE


async def test_transactions_that_wait_for_each_other_are_logged_without_what_they_write(
    team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    """One of the two is told to come again; the log says where they met."""
    database, met = team.backend.database, asyncio.Barrier(2)

    async def name_both(*places: UUID) -> None:
        async with database.transaction() as session:
            for place in places:
                await session.execute(update(Workspace).where(Workspace.id == place).values(name="whispered"))
                if place == places[0]:
                    await met.wait()

    there_and_back = team.workspace, team.elsewhere
    outcomes = await asyncio.gather(
        name_both(*there_and_back), name_both(*there_and_back[::-1]), return_exceptions=True
    )
    assert sorted(str(getattr(one, "code", "done")) for one in outcomes) == ["done", str(ErrorCode.UNAVAILABLE)]
    (said,) = [record.getMessage() for record in caplog.records if "waited for each other" in record.message]
    assert "blocked by process" in said
    assert '"workspaces"' in said
    assert "whispered" not in caplog.text
