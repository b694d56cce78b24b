"""A request's body: read whole before anything else is asked, counted while it comes, and not waited for for ever."""

import asyncio

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.allowances import BODY_MAX_BYTES, BODY_SECONDS, HEAD_MAX_BYTES


class Gone(Exception):
    """Whoever asked is not there any more."""


def check_head(scope: Scope) -> None:
    """Refuse what is too large before anything looks into it. TOO_LARGE."""
    size = len(scope.get("raw_path") or b"") + len(scope.get("query_string", b""))
    size += sum(len(name) + len(value) for name, value in scope["headers"])
    if size > HEAD_MAX_BYTES:
        raise ConfabError(ErrorCode.TOO_LARGE)


async def read_body(scope: Scope, receive: Receive) -> Receive:
    """What gives the body to whoever asks for it. TOO_LARGE, also when its length is nonsense; TOO_SLOW; Gone."""
    headers = Headers(scope=scope)
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdecimal()) or int(length) > BODY_MAX_BYTES:
        raise ConfabError(ErrorCode.TOO_LARGE)
    if int(length) == 0 and "transfer-encoding" not in headers:
        return receive
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _counted(receive)
    except TimeoutError as error:
        raise ConfabError(ErrorCode.TOO_SLOW) from error
    return _given(body, receive)


async def _counted(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body += message.get("body", b"")
        if len(body) > BODY_MAX_BYTES:
            raise ConfabError(ErrorCode.TOO_LARGE)
        if not message.get("more_body", False):
            return bytes(body)


def _given(body: bytes, receive: Receive) -> Receive:
    is_given = False

    async def give() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give
