"""`/api/emoji`: which names stand for which emoji."""

import json
from functools import cache
from hashlib import sha256

from fastapi import APIRouter, Request, Response

from rxapp.api.request import SECONDS_PER_DAY, SignedIn
from rxapp.services.emoji import read_emoji

router = APIRouter(prefix="/emoji", tags=["emoji"])

CACHE_SECONDS = 7 * SECONDS_PER_DAY


@router.get("")
async def index(request: Request, _: SignedIn) -> Response:
    """`emoji`: lists of a character and its names, `["👍","+1","thumbsup","thumbs_up"]`; kept for a week."""
    body, tag = _answer()
    headers = {"etag": tag, "cache-control": f"private, max-age={CACHE_SECONDS}"}
    if tag in [known.strip().removeprefix("W/") for known in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@cache
def _answer() -> tuple[bytes, str]:
    body = json.dumps(read_emoji(), ensure_ascii=False, separators=(",", ":")).encode()
    return body, f'"{sha256(body).hexdigest()[:16]}"'
