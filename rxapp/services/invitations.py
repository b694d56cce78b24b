"""Invitation links: who has one may register and come into its workspace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Invitation, User, Workspace, new_id
from rxapp.actor import Actor
from rxapp.auth.tokens import hash_token, new_token
from rxapp.errors import ConfabError, ErrorCode, not_found
from rxapp.live.allowances import INVITE, READ
from rxapp.services.backend import Backend
from rxapp.services.ids import number, object_id
from rxapp.services.members import add_member
from rxapp.services.views import View, milliseconds
from rxapp.services.workspaces import Role, access_administration, role_of

INVITATION_DAYS = (1, 7, 14, 30)
LISTED_INVITATIONS = 100


@dataclass(frozen=True, slots=True)
class InvitationPreview:
    """What somebody who holds the link may know before they come in."""

    workspace_id: UUID
    workspace: str
    invited_by: str
    role: Role


async def create_invitation(
    backend: Backend, *, actor: Actor, workspace_id: object, role: object = Role.MEMBER, days: object = 14
) -> str:
    """The path of a new link, good for 1, 7, 14 or 30 days and any number of people. NOT_ALLOWED for members.

    Admins make links for admins too, as they make admins of members; those end when who made them is none any more.
    Only its hash is stored: who loses a link makes another. INVALID_REQUEST for other days, and for an owner's link.
    """
    await backend.limits.take(INVITE, actor.user_id)
    lifetime = number(days, field="days")
    if lifetime not in INVITATION_DAYS:
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="days")
    wanted = role_of(role)
    if wanted is Role.OWNER:
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="role")
    token = new_token()
    async with backend.database.transaction() as session:
        access = await access_administration(session, actor=actor, workspace_id=workspace_id)
        session.add(
            Invitation(
                id=new_id(),
                workspace_id=access.workspace.id,
                token_hash=hash_token(token),
                role=wanted,
                created_by=actor.user_id,
                expires_at=func.now() + timedelta(days=lifetime),
            )
        )
    return f"/join/{token}"


async def list_invitations(backend: Backend, *, actor: Actor, workspace_id: object) -> Sequence[View]:
    """The newest 100 links that still work, never the links themselves: `id role by at expires uses`.

    Times in milliseconds since 1970. NOT_ALLOWED for members.
    """
    await backend.limits.take(READ, actor.user_id)
    async with backend.database.session() as session:
        access = await access_administration(session, actor=actor, workspace_id=workspace_id)
        query = (
            select(Invitation, User.display_name)
            .outerjoin(User, User.id == Invitation.created_by)
            .where(Invitation.workspace_id == access.workspace.id, *_living())
            .order_by(Invitation.created_at.desc(), Invitation.id)
            .limit(LISTED_INVITATIONS)
        )
        found = (await session.execute(query)).all()
    return [
        {
            "id": str(invitation.id),
            "role": invitation.role,
            "by": by or "",
            "at": milliseconds(invitation.created_at),
            "expires": milliseconds(invitation.expires_at),
            "uses": invitation.uses,
        }
        for invitation, by in found
    ]


async def withdraw_invitation(backend: Backend, *, actor: Actor, workspace_id: object, invitation_id: object) -> None:
    """End a link; again changes nothing. NOT_ALLOWED for members, NOT_FOUND for another workspace's."""
    await backend.limits.take(INVITE, actor.user_id)
    async with backend.database.transaction() as session:
        access = await access_administration(session, actor=actor, workspace_id=workspace_id)
        found = await session.scalar(
            update(Invitation)
            .where(Invitation.id == object_id(invitation_id), Invitation.workspace_id == access.workspace.id)
            .values(revoked_at=func.coalesce(Invitation.revoked_at, func.now()))
            .returning(Invitation.id)
        )
        if found is None:
            raise not_found()


async def follow_link(backend: Backend, *, link: object) -> str:
    """The path that a link somebody was sent leads to, whatever address it was made at. INVITATION_INVALID."""
    _, _, rest = str(link).strip().rpartition("/join/")
    token = rest.rstrip("/")
    await preview_invitation(backend, token=token)
    return f"/join/{token}"


async def preview_invitation(backend: Backend, *, token: str) -> InvitationPreview:
    """What a link leads to. INVITATION_INVALID when it is unknown, expired or revoked."""
    async with backend.database.session() as session:
        return await _valid(session, token)


async def accept_invitation(backend: Backend, *, actor: Actor, token: str) -> UUID:
    """Come into the workspace of a link, and get its id. Who is a member already stays what they are."""
    await backend.limits.take(INVITE, actor.user_id)
    async with backend.database.session() as session:
        found = await _valid(session, token)
    if await add_member(backend, user_id=actor.user_id, workspace_id=found.workspace_id, role=found.role):
        async with backend.database.transaction() as session:
            mine = Invitation.token_hash == hash_token(token)
            await session.execute(update(Invitation).where(mine).values(uses=Invitation.uses + 1))
    return found.workspace_id


def _living() -> tuple[ColumnElement[bool], ...]:
    return Invitation.revoked_at.is_(None), Invitation.expires_at > func.now()


async def _valid(session: AsyncSession, token: str) -> InvitationPreview:
    found = (
        await session.execute(
            select(Workspace.id, Workspace.name, User.display_name, Invitation.role)
            .join(Workspace, Workspace.id == Invitation.workspace_id)
            .outerjoin(User, User.id == Invitation.created_by)
            .where(
                Invitation.token_hash == hash_token(token),
                *_living(),
                Workspace.deleted_at.is_(None),
            )
        )
    ).one_or_none()
    if found is None:
        raise ConfabError(ErrorCode.INVITATION_INVALID)
    workspace_id, workspace, invited_by, role = found
    return InvitationPreview(workspace_id, workspace, invited_by or "", Role(role))
