"""For whom and what the code runs right now: what every line of the log and every slow query says besides."""

import secrets
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

REQUEST_ID_BYTES = 8


@dataclass(slots=True)
class Circumstances:
    """One request, or one event of a tab. What is not known (yet) is empty. No text that a person wrote gets in."""

    request_id: str
    where: str = ""
    """The template of the route, or the name of the handler."""
    actor_id: str = ""
    workspace_id: str = ""
    channel_id: str = ""
    is_over: bool = False
    """Whatever it started and that still runs is not of it any more."""


_current: ContextVar[Circumstances | None] = ContextVar("circumstances", default=None)


def circumstances() -> Circumstances | None:
    """Those of the running task; None outside of requests and events."""
    found = _current.get()
    return None if found is None or found.is_over else found


def new_request_id() -> str:
    """One that no other request has."""
    return secrets.token_hex(REQUEST_ID_BYTES)


@contextmanager
def under(found: Circumstances) -> Generator[Circumstances]:
    """Run under these circumstances."""
    token = _current.set(found)
    try:
        yield found
    finally:
        found.is_over = True
        _current.reset(token)


def note_actor(user_id: UUID) -> None:
    """It became known who asks."""
    found = circumstances()
    if found is not None:
        found.actor_id = str(user_id)


def note_places(*, workspace_id: object = None, channel_id: object = None) -> None:
    """It became known what is asked about. What is no id, as anybody may send it, is left out."""
    found = circumstances()
    if found is not None:
        found.workspace_id = as_id(workspace_id) or found.workspace_id
        found.channel_id = as_id(channel_id) or found.channel_id


def as_id(value: object) -> str:
    """The id as it is always written; empty when it is none."""
    try:
        return str(UUID(str(value)))
    except ValueError:
        return ""
