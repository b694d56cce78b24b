"""What an op is, and the names of rooms.

An op is absolute, idempotent and the same for every reader: applied twice, or late, it changes nothing, because the
`rev` of what it carries decides. `k` says what it is; the browser's `assets/live/store.js` folds it.
"""

from typing import Any
from uuid import UUID

Op = dict[str, Any]


def channel_room(channel_id: UUID) -> str:
    """The tabs that look at a channel."""
    return f"ch:{channel_id}"


def user_room(user_id: UUID) -> str:
    """All tabs of one person."""
    return f"user:{user_id}"


def workspace_room(workspace_id: UUID) -> str:
    """The tabs in a workspace: what every member of it may see."""
    return f"ws:{workspace_id}"
