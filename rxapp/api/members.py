"""`/api/workspaces/…/members` and `/people`: who is in a workspace, and what people say of themselves."""

from typing import Any

from fastapi import APIRouter

from rxapp.api.request import SignedIn, ThisBackend
from rxapp.services.directory import read_directory
from rxapp.services.profiles import read_profile

router = APIRouter(prefix="/workspaces/{workspace_id}", tags=["members"])


@router.get("/members")
async def index(
    workspace_id: str, actor: SignedIn, backend: ThisBackend, search: str = "", after: str = ""
) -> dict[str, Any]:
    """50 `members` by name that match, and the cursor `after` which the next page begins behind, empty at the end."""
    return await read_directory(backend, actor=actor, workspace_id=workspace_id, search=search, after=after)


@router.get("/people/{user_id}")
async def read(workspace_id: str, user_id: str, actor: SignedIn, backend: ThisBackend) -> dict[str, Any]:
    """The profile of a member, or of the author of a message that one may read here."""
    return await read_profile(backend, actor=actor, workspace_id=workspace_id, user_id=user_id)
