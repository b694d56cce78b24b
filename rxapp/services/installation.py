"""The installation itself: who may register, and who decides that."""

from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Installation, Workspace
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.allowances import MANAGE, READ
from rxapp.services.backend import Backend
from rxapp.services.members import add_member
from rxapp.services.workspaces import Creation, Role, may_create_workspaces


class Entrance(StrEnum):
    """How one comes in from outside."""

    FIRST = "first"
    INVITATION = "invitation"
    OPEN = "open"


async def read_entrance(backend: Backend) -> Entrance:
    """Whether the first account is still to be made, and else who may register: anybody may know."""
    async with backend.database.session() as session:
        owner_id, registration = (await session.execute(select(Installation.owner_id, Installation.registration))).one()
    return Entrance.FIRST if owner_id is None else Entrance(registration)


async def owns_installation(session: AsyncSession, actor: Actor) -> bool:
    """Whether the actor made the first account."""
    return await session.scalar(select(Installation.owner_id)) == actor.user_id


async def open_registration(backend: Backend, *, actor: Actor, is_open: bool) -> None:
    """Let anybody register, or only who is invited. NOT_ALLOWED unless the actor owns the installation."""
    await backend.limits.take(MANAGE, actor.user_id)
    async with backend.database.transaction() as session:
        if not await owns_installation(session, actor):
            raise ConfabError(ErrorCode.NOT_ALLOWED)
        await session.execute(
            update(Installation).values(registration=Entrance.OPEN if is_open else Entrance.INVITATION)
        )


async def read_creation(backend: Backend, *, actor: Actor) -> tuple[Creation, bool]:
    """Who may make workspaces, and whether the actor may."""
    await backend.limits.take(READ, actor.user_id)
    async with backend.database.session() as session:
        creation = Creation((await session.execute(select(Installation.workspace_creation))).scalar_one())
        return creation, await may_create_workspaces(session, actor)


async def open_creation(backend: Backend, *, actor: Actor, is_open: bool) -> None:
    """Let anybody make workspaces, or only the installation's owner. NOT_ALLOWED unless the actor owns it."""
    await backend.limits.take(MANAGE, actor.user_id)
    async with backend.database.transaction() as session:
        if not await owns_installation(session, actor):
            raise ConfabError(ErrorCode.NOT_ALLOWED)
        await session.execute(
            update(Installation).values(workspace_creation=Creation.ANYONE if is_open else Creation.OWNER)
        )


async def admit_to_first_workspace(backend: Backend, *, actor: Actor) -> None:
    """Where registration is open, who came without a link is a member of the oldest workspace."""
    async with backend.database.session() as session:
        workspace_id = await session.scalar(
            select(Workspace.id)
            .where(Workspace.deleted_at.is_(None))
            .order_by(Workspace.created_at, Workspace.id)
            .limit(1)
        )
    if workspace_id is not None:
        await add_member(backend, user_id=actor.user_id, workspace_id=workspace_id, role=Role.MEMBER)
