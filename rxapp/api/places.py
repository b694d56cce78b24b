"""`/api/workspaces/{id}/places`: finding where to go."""

from typing import Any

from fastapi import APIRouter

from rxapp.api.request import SignedIn, ThisBackend
from rxapp.services.places import find_places

router = APIRouter(tags=["places"])


@router.get("/workspaces/{workspace_id}/places")
async def index(workspace_id: str, actor: SignedIn, backend: ThisBackend, search: str = "") -> dict[str, Any]:
    """The `channels` and `people` whose names are most like the text."""
    return await find_places(backend, actor=actor, workspace_id=workspace_id, search=search)
