"""`/api/channels/…/messages` and `/api/messages`: sending, reading, changing, deleting."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from rxapp.api.request import SignedIn, ThisBackend
from rxapp.services.forwarding import forward_message
from rxapp.services.history import read_older
from rxapp.services.message_versions import list_versions
from rxapp.services.messages import delete_message, edit_message, read_source, restore_message, send_message

router = APIRouter(tags=["messages"])

NEWEST = 2**62


class NewMessage(BaseModel):
    """A message; the same `client_key` (a UUID) never makes a second one."""

    client_key: str
    source: str


class NewForward(BaseModel):
    """Where a message goes, and what is said to it; the same `client_key` (a UUID) never forwards it twice."""

    channel_id: str
    client_key: str
    comment: str = ""


class Source(BaseModel):
    """A message's Markdown."""

    source: str


@router.get("/channels/{channel_id}/messages")
async def index(channel_id: str, actor: SignedIn, backend: ThisBackend, before: int = NEWEST) -> dict[str, Any]:
    """50 messages (`ms`) before a message number, their authors (`us`), and whether there are `older` ones."""
    return await read_older(backend, actor=actor, channel_id=channel_id, before_seq=before)


@router.post("/channels/{channel_id}/messages", status_code=201)
async def create(channel_id: str, body: NewMessage, actor: SignedIn, backend: ThisBackend) -> dict[str, Any]:
    """Send a message, or get the one that was sent with this key."""
    return await send_message(
        backend, actor=actor, channel_id=channel_id, client_key=body.client_key, source=body.source
    )


@router.get("/messages/{message_id}/source")
async def source(message_id: str, actor: SignedIn, backend: ThisBackend) -> dict[str, str]:
    """The Markdown of a message, with names of people and channels as the reader may know them."""
    return {"source": await read_source(backend, actor=actor, message_id=message_id)}


@router.get("/messages/{message_id}/versions")
async def versions(message_id: str, actor: SignedIn, backend: ThisBackend) -> dict[str, Any]:
    """Every text that a message had, the newest first, and what changed each time."""
    return {"versions": await list_versions(backend, actor=actor, message_id=message_id)}


@router.patch("/messages/{message_id}")
async def update(message_id: str, body: Source, actor: SignedIn, backend: ThisBackend) -> dict[str, Any]:
    """Change one's own message."""
    return await edit_message(backend, actor=actor, message_id=message_id, source=body.source)


@router.delete("/messages/{message_id}")
async def delete(message_id: str, actor: SignedIn, backend: ThisBackend) -> dict[str, Any]:
    """Delete a message."""
    return await delete_message(backend, actor=actor, message_id=message_id)


@router.post("/messages/{message_id}/restoration")
async def restore(message_id: str, actor: SignedIn, backend: ThisBackend) -> dict[str, Any]:
    """Bring back a message that one has just deleted."""
    return await restore_message(backend, actor=actor, message_id=message_id)


@router.post("/messages/{message_id}/forwards", status_code=201)
async def forward(
    message_id: str, body: NewForward, request: Request, actor: SignedIn, backend: ThisBackend
) -> dict[str, Any]:
    """Send a message on to another channel."""
    return await forward_message(
        backend,
        actor=actor,
        message_id=message_id,
        channel_id=body.channel_id,
        client_key=body.client_key,
        comment=body.comment,
        address=request.headers["origin"],  # one of ours, or the request would not be here
    )
