"""What an op is, and the names of rooms.

An op is absolute, idempotent and the same for every reader: applied twice, or late, it changes nothing, because the
`rev` of what it carries decides. `k` says what it is; the browser's `assets/live/store.js` folds it.
"""

from typing import Any
from uuid import UUID

Op = dict[str, Any]
# A head with this `rev` is ahead of every tab: what it is sent to asks again. The largest that JavaScript counts with.
ASK_AGAIN = 2**53 - 1


def channel_room(channel_id: UUID | str) -> str:
    """The tabs that look at a channel."""
    return f"ch:{channel_id}"


def user_room(user_id: UUID | str) -> str:
    """All tabs of one person."""
    return f"user:{user_id}"


def ask_again(room: str) -> Op:
    """The head that makes a tab ask for a channel or a workspace once more, and learn whether it may see it."""
    kind, _, object_id = room.partition(":")
    if kind == "ch":
        return {"k": "head", "ch": object_id, "rev": ASK_AGAIN}
    return {"k": "ws_head", "ws": object_id, "rev": ASK_AGAIN}


def workspace_room(workspace_id: UUID | str) -> str:
    """The tabs in a workspace: what every member of it may see."""
    return f"ws:{workspace_id}"
