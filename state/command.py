"""How a handler speaks for a person: the session behind the socket, and refusals that are said and not lost."""

import inspect
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import reflex as rx

from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.ops import Op
from rxapp.observability.circumstances import note_actor
from rxapp.observability.events import handling
from rxapp.observability.metrics import refused
from rxapp.services.backend import backend

Handler = Callable[..., Awaitable[Any]]


class CommandState(rx.State, mixin=True):
    """What every state with handlers has. A leading underscore keeps a method off the wire."""

    @property
    def _socket_id(self) -> str:
        return self.router.session.session_id

    async def _actor(self) -> Actor:
        """The person whose session let this tab in. NOT_SIGNED_IN when it ended meanwhile.

        The hub knows without asking the database: whatever ends a session takes its tabs out of the hub.
        """
        actor = backend().hub.actor_of(self._socket_id)
        if actor is None:
            raise ConfabError(ErrorCode.NOT_SIGNED_IN)
        note_actor(actor.user_id)
        return actor

    async def _tell(self, op: Op) -> None:
        """Say something to this tab alone."""
        await backend().hub.push(self._socket_id, op)

    async def _tell_absent(self, channel_id: object) -> None:
        """Say that there is no such channel, for this person. A lone surrogate would end the socket's writer."""
        place = str(channel_id).encode("utf-8", "replace").decode()
        await self._tell({"k": "absent", "ch": place})

    async def _done(self, goto: str = "") -> None:
        """What the open dialog was for is done: close it, and go to a page."""
        await self._tell({"k": "done", "goto": goto})


def command(handler: Handler) -> Any:
    """An event handler whose refusal is told to the tab it came from."""

    bound = inspect.signature(handler).bind
    name = handler.__qualname__

    @wraps(handler)
    async def run(self: Any, *arguments: Any, **named: Any) -> Any:
        given = bound(self, *arguments, **named).arguments
        with handling(name, given):
            try:
                _check_forms(given)
                return await handler(self, *arguments, **named)
            except ConfabError as error:
                refused(error.code.value)
                await self._tell(_refusal(error))
                return None

    run.__signature__ = inspect.signature(handler)  # type: ignore[attr-defined] # Reflex maps arguments by it
    return rx.event(run)


def _check_forms(arguments: dict[str, Any]) -> None:
    """What a form sends has fields. INVALID_REQUEST."""
    if "form" in arguments and not isinstance(arguments["form"], dict):
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="form")


def _refusal(refused: ConfabError) -> Op:
    if refused.code is ErrorCode.NOT_SIGNED_IN:
        return {"k": "signed_out"}
    return {"k": "refusal", "code": refused.code.value, "parameters": refused.parameters}
