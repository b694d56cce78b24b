"""`/api/invitations`: what a link leads to, and coming in by one."""

from fastapi import APIRouter

from rxapp.api.request import SignedIn, ThisBackend
from rxapp.services.invitations import accept_invitation, preview_invitation

router = APIRouter(prefix="/invitations", tags=["invitations"])


@router.get("/{token}")
async def read(token: str, backend: ThisBackend) -> dict[str, str]:
    """The workspace's name and who invites; the link itself is the permission."""
    found = await preview_invitation(backend, token=token)
    return {"workspace": found.workspace, "invited_by": found.invited_by}


@router.post("/{token}/acceptance")
async def accept(token: str, actor: SignedIn, backend: ThisBackend) -> dict[str, str]:
    """Come into the workspace."""
    workspace_id = await accept_invitation(backend, actor=actor, token=token)
    return {"workspace_id": str(workspace_id)}
