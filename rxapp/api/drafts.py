"""`/api/channels/…/draft`: what one has written in a channel and not sent."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from rxapp.api.request import SignedIn, ThisBackend
from rxapp.services.drafts import save_draft

router = APIRouter(tags=["drafts"])


class DraftCopy(BaseModel):
    """A device's copy: its text, and the `rev` of the draft that it was made from."""

    source: str
    rev: int


@router.put("/channels/{channel_id}/draft")
async def update(channel_id: str, body: DraftCopy, actor: SignedIn, backend: ThisBackend) -> dict[str, Any]:
    """Keep a draft; the answer is another one when this copy is late."""
    return await save_draft(backend, actor=actor, channel_id=channel_id, source=body.source, rev=body.rev)
