"""Invitation links: who has one may register and come into its workspace."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Invitation, User, Workspace, new_id
from rxapp.actor import Actor
from rxapp.auth.tokens import hash_token, new_token
from rxapp.errors import ConfabError, ErrorCode
from rxapp.services.backend import Backend
from rxapp.services.members import add_member
from rxapp.services.workspaces import Role, access_administration, role_of

INVITATION_DAYS = 14


@dataclass(frozen=True, slots=True)
class InvitationPreview:
    """What somebody who holds the link may know before they come in."""

    workspace_id: UUID
    workspace: str
    invited_by: str
    role: Role


async def create_invitation(backend: Backend, *, actor: Actor, workspace_id: object, role: object = Role.MEMBER) -> str:
    """The path of a new link, good for 14 days and any number of people. NOT_ALLOWED for members.

    Only its hash is stored: who loses a link makes another.
    """
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
                expires_at=func.now() + timedelta(days=INVITATION_DAYS),
            )
        )
    return f"/join/{token}"


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
    async with backend.database.session() as session:
        found = await _valid(session, token)
    await add_member(backend, user_id=actor.user_id, workspace_id=found.workspace_id, role=found.role)
    return found.workspace_id


async def _valid(session: AsyncSession, token: str) -> InvitationPreview:
    found = (
        await session.execute(
            select(Workspace.id, Workspace.name, User.display_name, Invitation.role)
            .join(Workspace, Workspace.id == Invitation.workspace_id)
            .outerjoin(User, User.id == Invitation.created_by)
            .where(
                Invitation.token_hash == hash_token(token),
                Invitation.revoked_at.is_(None),
                Invitation.expires_at > func.now(),
                Workspace.deleted_at.is_(None),
            )
        )
    ).one_or_none()
    if found is None:
        raise ConfabError(ErrorCode.INVITATION_INVALID)
    workspace_id, workspace, invited_by, role = found
    return InvitationPreview(workspace_id, workspace, invited_by or "", Role(role))
