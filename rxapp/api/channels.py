"""`/api/workspaces/…/channels` and `/direct`: finding channels, opening direct conversations."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from rxapp.api.request import SignedIn, ThisBackend
from rxapp.services.channels import list_channels
from rxapp.services.direct import open_direct

router = APIRouter(prefix="/workspaces/{workspace_id}", tags=["channels"])


class Conversation(BaseModel):
    """The others it is with: up to 8 of them, or nobody for notes to oneself."""

    user_ids: list[str]


@router.get("/channels")
async def index(
    workspace_id: str, actor: SignedIn, backend: ThisBackend, search: str = "", after: str = ""
) -> dict[str, Any]:
    """Up to 100 `channels` by name whose name holds the text, from after a name."""
    found = await list_channels(backend, actor=actor, workspace_id=workspace_id, search=search, after=after)
    return {"channels": found}


@router.post("/direct")
async def open_conversation(
    workspace_id: str, body: Conversation, actor: SignedIn, backend: ThisBackend
) -> dict[str, Any]:
    """The one conversation with these people, made if there is none."""
    return await open_direct(backend, actor=actor, workspace_id=workspace_id, user_ids=body.user_ids)
