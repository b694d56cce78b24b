"""Deleting a workspace: it is absent at once, its owners can bring it back for 14 days, then it is gone for good."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, Member, User, Workspace
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode, not_found
from rxapp.live.allowances import CREATE, MANAGE, READ
from rxapp.live.ops import channel_room, workspace_room
from rxapp.live.rounds import keep_doing
from rxapp.services.backend import Backend
from rxapp.services.ids import object_id
from rxapp.services.text import check_name
from rxapp.services.views import View, workspace_view
from rxapp.services.workspaces import Role, access_workspace, new_member_rev, tell_member

GRACE_DAYS = 14
LISTED_DELETED = 100
PURGE_ROUND_SECONDS = 3600.0
SECONDS_PER_DAY = 24 * 60 * 60

log = logging.getLogger(__name__)


async def delete_workspace(backend: Backend, *, actor: Actor, workspace_id: object, name: object) -> None:
    """Take a workspace away from all its members, with everything in it, until an owner restores it.

    Who deletes it types its name. NOT_ALLOWED for who is no owner, NAME_DIFFERS for another name.
    """
    await backend.limits.take(MANAGE, actor.user_id)
    key = object_id(workspace_id)
    # To the end: a restoration that came in between would let tabs in that are then put out again, unheard.
    async with backend.hub.ordered(key):
        async with backend.database.transaction() as session:
            access = await access_workspace(session, actor=actor, workspace_id=key, lock=True)
            if access.role is not Role.OWNER:
                raise ConfabError(ErrorCode.NOT_ALLOWED)
            if check_name(name, field="workspace") != access.workspace.name:
                raise ConfabError(ErrorCode.NAME_DIFFERS)
            access.workspace.deleted_at, access.workspace.deleted_by = func.now(), actor.user_id
            access.workspace.rev += 1
            revs = await _bump_everybody(session, key)
            channels = (await session.scalars(select(Channel.id).where(Channel.workspace_id == key))).all()
        rooms = [workspace_room(key), *(channel_room(channel_id) for channel_id in channels)]
        await backend.hub.evict(revs, rooms)
        for user_id in await backend.hub.here(revs):
            async with backend.hub.ordered(user_id):
                backend.hub.unfollow(user_id, channels, revs[user_id])
                await backend.hub.to_user(user_id, {"k": "gone", "ws": str(key), "rev": revs[user_id]})


async def list_deleted(backend: Backend, *, actor: Actor) -> Sequence[View]:
    """The latest 100 deleted workspaces that the actor can restore; `days_left` and `by`, a name, besides."""
    await backend.limits.take(READ, actor.user_id)
    left = Workspace.deleted_at + timedelta(days=GRACE_DAYS) - func.now()
    query = (
        select(Workspace, User.display_name, func.extract("epoch", left))
        .join(Member, Member.workspace_id == Workspace.id)
        .outerjoin(User, User.id == Workspace.deleted_by)
        .where(*_restorable(actor))
        .order_by(Workspace.deleted_at.desc(), Workspace.id)
        .limit(LISTED_DELETED)
    )
    async with backend.database.session() as session:
        return [
            {**workspace_view(workspace), "by": by or "", "days_left": ceil(float(seconds) / SECONDS_PER_DAY)}
            for workspace, by, seconds in await session.execute(query)
        ]


async def restore_workspace(backend: Backend, *, actor: Actor, workspace_id: object) -> View:
    """Bring a deleted workspace back to all its members. NOT_FOUND unless the actor owns it and it is still there."""
    await backend.limits.take(CREATE, actor.user_id)
    key = object_id(workspace_id)
    async with backend.hub.ordered(key), backend.database.transaction() as session:
        query = select(Workspace).join(Member, Member.workspace_id == Workspace.id)
        workspace = await session.scalar(
            query.where(Workspace.id == key, *_restorable(actor)).with_for_update(of=Workspace, key_share=True)
        )
        if workspace is None:
            raise not_found()
        workspace.deleted_at = workspace.deleted_by = None
        workspace.rev += 1
        revs = await _bump_everybody(session, key)
    for user_id in await backend.hub.here(revs):
        await tell_member(backend, user_id=user_id, workspace_id=key)
    return workspace_view(workspace)


async def purge_workspaces(backend: Backend) -> int:
    """Remove for good what nobody restored in time, one workspace a transaction; gives how many those were."""
    due = Workspace.deleted_at < func.now() - timedelta(days=GRACE_DAYS)
    oldest = select(Workspace).where(due).order_by(Workspace.deleted_at).limit(1).with_for_update(skip_locked=True)
    purged = 0
    while True:
        async with backend.database.transaction() as session:
            workspace = await session.scalar(oldest)
            if workspace is None:
                return purged
            log.info("Removing the workspace %s, deleted %s", workspace.id, workspace.deleted_at)
            await session.delete(workspace)
        purged += 1


async def keep_removing(backend: Backend) -> None:
    """Until cancelled."""
    await keep_doing(
        lambda: purge_workspaces(backend), what="Removing deleted workspaces", every_seconds=PURGE_ROUND_SECONDS
    )


def _restorable(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """A membership that restores: an owner's, while the days of grace last."""
    return (
        Member.user_id == actor.user_id,
        Member.role == Role.OWNER,
        Workspace.deleted_at > func.now() - timedelta(days=GRACE_DAYS),
    )


async def _bump_everybody(session: AsyncSession, workspace_id: UUID) -> dict[UUID, int]:
    """A next `rev` of every member's sidebar, beyond all that a tab of theirs was told, also of not being there."""
    mine = Member.workspace_id == workspace_id
    await session.execute(select(Member.user_id).where(mine).order_by(Member.user_id).with_for_update(key_share=True))
    bumped = await session.execute(
        update(Member)
        .where(mine)
        .values(rev=func.greatest(Member.rev + 1, new_member_rev()))
        .returning(Member.user_id, Member.rev)
    )
    return {row.user_id: row.rev for row in bumped}
