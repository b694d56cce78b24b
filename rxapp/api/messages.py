"""`/api/channels/…/messages` and `/api/messages`: sending, reading, changing, deleting."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from rxapp.api.request import SignedIn, ThisBackend
from rxapp.services.history import read_older
from rxapp.services.messages import delete_message, edit_message, read_source, send_message

router = APIRouter(tags=["messages"])

NEWEST = 2**62


class NewMessage(BaseModel):
    """A message; the same `client_key` (a UUID) never makes a second one."""

    client_key: str
    source: str


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


@router.patch("/messages/{message_id}")
async def update(message_id: str, body: Source, actor: SignedIn, backend: ThisBackend) -> dict[str, Any]:
    """Change one's own message."""
    return await edit_message(backend, actor=actor, message_id=message_id, source=body.source)


@router.delete("/messages/{message_id}")
async def delete(message_id: str, actor: SignedIn, backend: ThisBackend) -> dict[str, Any]:
    """Delete a message."""
    return await delete_message(backend, actor=actor, message_id=message_id)
