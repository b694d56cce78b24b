"""`/api/installation`: how one comes in."""

from fastapi import APIRouter

from rxapp.api.request import ThisBackend
from rxapp.services.installation import read_entrance

router = APIRouter(prefix="/installation", tags=["installation"])


@router.get("")
async def read(backend: ThisBackend) -> dict[str, str]:
    """`entrance`: `first`, `invitation` or `open`."""
    return {"entrance": await read_entrance(backend)}
