"""Commands that need no state: taken off the socket before Reflex loads and locks any.

A Reflex event costs a queue, a lock and a search for what changed. For what every reader of a busy channel sends, that
is most of the work of the server; a shortcut is one function call. The page sends it as any other event.
"""

from collections.abc import Callable
from typing import Any

from rxapp.actor import Actor

Shortcut = Callable[[Actor, dict[str, Any]], None]
"""From who sends and the event's payload; may raise ConfabError."""


class Shortcuts:
    """The shortcuts by the full name of their event."""

    def __init__(self) -> None:
        self._by_event: dict[str, Shortcut] = {}

    def add(self, event: str, shortcut: Shortcut) -> None:
        """Take an event here from now on."""
        self._by_event[event] = shortcut

    def take(self, actor: Actor | None, data: dict[str, Any]) -> bool:
        """Whether the event was one of ours; then it is done with. Without an actor it is dropped."""
        shortcut = self._by_event.get(str(data.get("name")))
        if shortcut is None:
            return False
        payload = data.get("payload")
        if actor is not None and isinstance(payload, dict):
            shortcut(actor, payload)
        return True
