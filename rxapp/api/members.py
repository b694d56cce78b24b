"""`/api/workspaces/…/members`: who is in a workspace."""

from typing import Any

from fastapi import APIRouter

from rxapp.api.request import SignedIn, ThisBackend
from rxapp.services.directory import read_directory

router = APIRouter(prefix="/workspaces/{workspace_id}", tags=["members"])


@router.get("/members")
async def index(
    workspace_id: str, actor: SignedIn, backend: ThisBackend, search: str = "", after: str = ""
) -> dict[str, Any]:
    """50 `members` by name that match, and the cursor `after` which the next page begins behind, empty at the end."""
    return await read_directory(backend, actor=actor, workspace_id=workspace_id, search=search, after=after)
