"""`/api/workspaces/…/names`: what stands behind the ids in messages."""

from typing import Any

from fastapi import APIRouter

from rxapp.api.request import SignedIn, ThisBackend
from rxapp.services.names import read_names

router = APIRouter(prefix="/workspaces/{workspace_id}/names", tags=["names"])


@router.get("")
async def index(
    workspace_id: str, actor: SignedIn, backend: ThisBackend, users: str = "", channels: str = ""
) -> dict[str, Any]:
    """The people (`us`) and channels (`cs`) of ids parted by commas, as far as one may see them."""
    return await read_names(
        backend, actor=actor, workspace_id=workspace_id, users=_parted(users), channels=_parted(channels)
    )


def _parted(ids: str) -> list[str]:
    return ids.split(",") if ids else []
