"""`/api/workspaces/…/channels` and `/direct`, `/api/channels/…/people`: channels, conversations, who is in them."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from rxapp.api.request import SignedIn, ThisBackend
from rxapp.services.channel_people import list_people
from rxapp.services.channels import list_channels
from rxapp.services.direct import open_direct

router = APIRouter(tags=["channels"])


class Conversation(BaseModel):
    """The others it is with: up to 8 of them, or nobody for notes to oneself."""

    user_ids: list[str]


@router.get("/workspaces/{workspace_id}/channels")
async def index(
    workspace_id: str,
    actor: SignedIn,
    backend: ThisBackend,
    search: str = "",
    after: str = "",
    archived: bool = False,
) -> dict[str, Any]:
    """100 `channels` by name whose name holds the text, and the name `after` which the next page begins, or nothing."""
    return await list_channels(
        backend, actor=actor, workspace_id=workspace_id, search=search, after=after, archived=archived
    )


@router.post("/workspaces/{workspace_id}/direct")
async def open_conversation(
    workspace_id: str, body: Conversation, actor: SignedIn, backend: ThisBackend
) -> dict[str, Any]:
    """The one conversation with these people, made if there is none."""
    return await open_direct(backend, actor=actor, workspace_id=workspace_id, user_ids=body.user_ids)


@router.get("/channels/{channel_id}/people")
async def people(
    channel_id: str, actor: SignedIn, backend: ThisBackend, search: str = "", after: str = ""
) -> dict[str, Any]:
    """100 `people` of a channel by name, and the cursor `after` which the next page begins behind, empty at the end."""
    return await list_people(backend, actor=actor, channel_id=channel_id, search=search, after=after)
