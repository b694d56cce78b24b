"""Workspaces: a team's place, and the role each person has in it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Uuid,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from db.models import Channel, ChannelMember, Installation, Member, Workspace, new_id
from db.reading import Query, Reader, columns_of
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode, not_found
from rxapp.live.allowances import CREATE, MANAGE
from rxapp.services.backend import Backend
from rxapp.services.hues import HUES_DEGREES, check_hue
from rxapp.services.ids import object_id
from rxapp.services.rows import WorkspaceRow
from rxapp.services.text import check_icon, check_name
from rxapp.services.views import View, workspace_view

FIRST_CHANNEL_NAME = "general"
# Of one person: all of them are in the list that each sidebar brings along.
MEMBERSHIPS_MAX = 100
HUES = 12  # that a new workspace may have, and that the settings offer


class Creation(StrEnum):
    """Who may make workspaces."""

    OWNER = "owner"
    ANYONE = "anyone"


class Role(StrEnum):
    """What a person is in a workspace."""

    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"

    @property
    def administers(self) -> bool:
        """Whether the role changes the workspace itself and lets people in."""
        return self is not Role.MEMBER


def role_of(value: object) -> Role:
    """The role that a client names. Raises INVALID_REQUEST."""
    try:
        return Role(str(value))
    except ValueError as error:
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="role") from error


@dataclass(frozen=True, slots=True)
class WorkspaceAccess:
    """A workspace that the actor is in."""

    workspace: Workspace
    role: Role


async def access_workspace(
    session: AsyncSession, *, actor: Actor, workspace_id: object, lock: bool = False
) -> WorkspaceAccess:
    """The workspace, for its members; `lock` holds its row. NOT_FOUND for everybody else."""
    key = object_id(workspace_id)
    query = (
        select(Workspace, Member.role)
        .join(Member, Member.workspace_id == Workspace.id)
        .where(Workspace.id == key, Workspace.deleted_at.is_(None), Member.user_id == actor.user_id)
    )
    if lock:
        # First, by itself: what one query reads is as of before it waited, and a role that was taken meanwhile too.
        is_known = exists().where(Member.workspace_id == Workspace.id, Member.user_id == actor.user_id)
        held = select(Workspace.id).where(Workspace.id == key, is_known)
        await session.execute(held.with_for_update(of=Workspace, key_share=True))
        query = query.execution_options(populate_existing=True)
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise not_found()
    return WorkspaceAccess(found[0], Role(found[1]))


BELONGS = Query(
    select(Member.role)
    .join(Workspace, Workspace.id == Member.workspace_id)
    .where(
        Workspace.id == bindparam("workspace_id"),
        Workspace.deleted_at.is_(None),
        Member.user_id == bindparam("user_id"),
    ),
    lambda found: Role(found[0]),
)


async def access_workspace_to_read(reader: Reader, *, actor: Actor, workspace_id: object) -> Role:
    """The role that the actor has in a workspace, as `access_workspace` finds it. NOT_FOUND for who is no member."""
    role = await reader.first(BELONGS, user_id=actor.user_id, workspace_id=object_id(workspace_id))
    if role is None:
        raise not_found()
    return role


async def access_administration(
    session: AsyncSession, *, actor: Actor, workspace_id: object, lock: bool = False
) -> WorkspaceAccess:
    """The workspace, for its owners and admins. NOT_ALLOWED for its other members."""
    access = await access_workspace(session, actor=actor, workspace_id=workspace_id, lock=lock)
    if not access.role.administers:
        raise ConfabError(ErrorCode.NOT_ALLOWED)
    return access


async def may_create_workspaces(session: AsyncSession, actor: Actor) -> bool:
    """Whether the actor owns the installation, or its owner lets anybody make workspaces."""
    owner_id, creation = (await session.execute(select(Installation.owner_id, Installation.workspace_creation))).one()
    return may_create(actor, owner_id, creation)


def may_create(actor: Actor, owner_id: UUID | None, creation: str) -> bool:
    """The same of what the installation's row says."""
    return owner_id is not None and (owner_id == actor.user_id or creation == Creation.ANYONE)


async def create_workspace(backend: Backend, *, actor: Actor, name: object, icon: object = "") -> View:
    """A new workspace with its first channel; the actor owns it.

    NOT_ALLOWED unless they own the installation, or its owner lets anybody. Raises TOO_MANY_WORKSPACES, EMPTY,
    TOO_LONG, INVALID_TEXT, INVALID_ICON.
    """
    await backend.limits.take(CREATE, actor.user_id)
    checked, sign = check_name(name, field="workspace"), check_icon(icon)
    async with backend.database.transaction() as session:
        if not await may_create_workspaces(session, actor):
            raise ConfabError(ErrorCode.NOT_ALLOWED)
        await refuse_more_workspaces(session, actor.user_id)
        key = new_id()
        workspace = Workspace(
            id=key, name=checked, icon=sign, hue=key.int % HUES * (HUES_DEGREES // HUES), created_by=actor.user_id
        )
        session.add(workspace)
        await session.flush()
        session.add(Member(workspace_id=workspace.id, user_id=actor.user_id, role=Role.OWNER))
        channel = Channel(
            id=new_id(),
            workspace_id=workspace.id,
            kind="public",
            name=FIRST_CHANNEL_NAME,
            created_by=actor.user_id,
        )
        session.add(channel)
        await session.flush()
        session.add(ChannelMember(channel_id=channel.id, user_id=actor.user_id))
        await session.flush()
        await session.refresh(workspace)
    await tell_member(backend, user_id=actor.user_id, workspace_id=workspace.id)
    return workspace_view(workspace)


async def refuse_more_workspaces(session: AsyncSession, user_id: UUID) -> None:
    """TOO_MANY_WORKSPACES for who is in 100, deleted ones that may come back included."""
    mine = await session.scalar(select(func.count()).select_from(Member).where(Member.user_id == user_id))
    if (mine or 0) >= MEMBERSHIPS_MAX:
        raise ConfabError(ErrorCode.TOO_MANY_WORKSPACES, limit=MEMBERSHIPS_MAX)


async def tell_member(backend: Backend, *, user_id: UUID, workspace_id: UUID) -> None:
    """Tell a person's tabs how far they should be in a workspace: where they are not in it yet, they come in."""
    async with backend.hub.ordered(user_id), backend.database.session() as session:
        rev = await session.scalar(
            select(Member.rev).where(Member.workspace_id == workspace_id, Member.user_id == user_id)
        )
        if rev is not None:
            await backend.hub.to_user(user_id, {"k": "me_head", "ws": str(workspace_id), "rev": rev})


async def list_workspaces(backend: Backend, *, actor: Actor) -> Sequence[View]:
    """The workspaces that the actor is in, oldest membership first."""
    async with backend.database.reader() as reader:
        return await read_workspaces(reader, actor=actor)


OWN_WORKSPACES = Query(
    select(*columns_of(Workspace, WorkspaceRow))
    .join(Member, Member.workspace_id == Workspace.id)
    .where(Member.user_id == bindparam("user_id"), Workspace.deleted_at.is_(None))
    .order_by(Member.joined_at, Workspace.id),
    lambda found: workspace_view(WorkspaceRow._make(found)),
)


async def read_workspaces(reader: Reader, *, actor: Actor) -> list[View]:
    """The same for who reads more besides."""
    return await reader.all(OWN_WORKSPACES, user_id=actor.user_id)


async def rename_workspace(
    backend: Backend, *, actor: Actor, workspace_id: object, name: object, icon: object = None, hue: object = None
) -> None:
    """Give the workspace another name, and another icon and hue where they are given. NOT_ALLOWED for members.

    Raises EMPTY, TOO_LONG, INVALID_TEXT, INVALID_ICON, and INVALID_REQUEST for a hue that is none.
    """
    await backend.limits.take(MANAGE, actor.user_id)
    checked = check_name(name, field="workspace")
    sign = None if icon is None else check_icon(icon)
    degrees = None if hue is None else check_hue(hue)
    workspace_key = object_id(workspace_id)
    async with backend.hub.ordered(workspace_key):
        async with backend.database.transaction() as session:
            access = await access_administration(session, actor=actor, workspace_id=workspace_key, lock=True)
            access.workspace.name = checked
            if sign is not None:
                access.workspace.icon = sign
            if degrees is not None:
                access.workspace.hue = degrees
            access.workspace.rev += 1
        view = workspace_view(access.workspace)
        await backend.hub.to_workspace(
            workspace_key, {"k": "workspace", "ws": view["id"], "rev": view["rev"], "w": view}
        )


async def hold_workspace(session: AsyncSession, workspace_id: UUID) -> None:
    """Hold a workspace's row, before any of its channels and memberships."""
    await session.execute(select(Workspace.id).where(Workspace.id == workspace_id).with_for_update(key_share=True))


async def bump_workspace(session: AsyncSession, workspace_id: UUID) -> int:
    """The next `rev` of what all members see."""
    return (
        await session.scalars(
            update(Workspace).where(Workspace.id == workspace_id).values(rev=Workspace.rev + 1).returning(Workspace.rev)
        )
    ).one()


def new_member_rev() -> ColumnElement[int]:
    """The `rev` that a membership begins with, milliseconds since 1970.

    Who was here before comes back with a higher one than they left with: a tab of theirs would believe no other.
    """
    return cast(func.extract("epoch", func.clock_timestamp()) * 1000, BigInteger)


async def bump_member(session: AsyncSession, workspace_id: UUID, user_id: UUID) -> int:
    """The next `rev` of one person's sidebar; 0 for somebody who is no member.

    The membership is held from then on: before any of the person's seats, see "Order of locks" in the architecture.
    """
    found = await session.scalar(
        update(Member)
        .where(Member.workspace_id == workspace_id, Member.user_id == user_id)
        .values(rev=Member.rev + 1)
        .returning(Member.rev)
    )
    return found or 0


async def hold_member(session: AsyncSession, workspace_id: UUID, user_id: UUID, *, to_remove: bool = False) -> None:
    """Hold a membership without changing it yet, where there is one: before any of the person's seats.

    Who is going `to_remove` it waits for those too who take a seat just now.
    """
    held = select(Member.user_id).where(Member.workspace_id == workspace_id, Member.user_id == user_id)
    await session.execute(held.with_for_update(key_share=not to_remove))


async def bump_members(session: AsyncSession, workspace_id: UUID, user_ids: Collection[UUID]) -> dict[UUID, int]:
    """The next `rev` of several people's sidebars. Locked in one order: two of these never wait for each other."""
    mine = and_(Member.workspace_id == workspace_id, Member.user_id.in_(user_ids))
    await session.execute(select(Member.user_id).where(mine).order_by(Member.user_id).with_for_update(key_share=True))
    bumped = await session.execute(
        update(Member).where(mine).values(rev=Member.rev + 1).returning(Member.user_id, Member.rev)
    )
    return {row.user_id: row.rev for row in bumped}


async def first_channel_id(session: AsyncSession, workspace_id: UUID) -> UUID | None:
    """Where newcomers begin: the oldest public channel."""
    return await session.scalar(first_channel(literal(workspace_id, Uuid)))


def first_channel(workspace_id: ColumnElement[UUID] | InstrumentedAttribute[UUID]) -> Select[UUID]:
    """The same as a part of another statement."""
    return (
        select(Channel.id)
        .where(Channel.workspace_id == workspace_id, Channel.kind == "public", Channel.archived_at.is_(None))
        .order_by(Channel.created_at, Channel.id)
        .limit(1)
    )


async def count_owners(session: AsyncSession, workspace_id: UUID) -> int:
    """How many people own the workspace."""
    return (
        await session.scalar(select(func.count()).where(Member.workspace_id == workspace_id, Member.role == Role.OWNER))
    ) or 0
