"""The socket server as the hub needs it."""

from collections.abc import Iterable
from typing import Protocol

from rxapp.live.ops import Op


class Wire(Protocol):
    """What carries ops to tabs. A tab is named by the id of its socket."""

    def enter(self, socket_id: str, room: str) -> None:
        """Add a tab to a room."""
        ...

    def leave(self, socket_id: str, room: str) -> None:
        """Take a tab out of a room."""
        ...

    def deliver(self, room: str, op: Op) -> None:
        """Send an op to every tab of a room; a socket id is a room of one. Nobody is waited for."""
        ...

    def deliver_to(self, socket_ids: Iterable[str], op: Op) -> None:
        """Send an op to tabs that share no room."""
        ...

    async def close(self, socket_id: str) -> None:
        """Close a tab's socket; the tab does not come back by itself."""
        ...

    def forget(self, socket_id: str) -> None:
        """A socket is gone, and with it the tab's places in rooms."""
        ...

    def rooms(self) -> list[str]:
        """Every room somebody is in."""
        ...


class NoWire:
    """Where there is no socket: commands, imports, tests of services."""

    def enter(self, socket_id: str, room: str) -> None:
        """Nobody is there."""

    def leave(self, socket_id: str, room: str) -> None:
        """Nobody is there."""

    def deliver(self, room: str, op: Op) -> None:
        """Nobody is there."""

    def deliver_to(self, socket_ids: Iterable[str], op: Op) -> None:
        """Nobody is there."""

    async def close(self, socket_id: str) -> None:
        """Nobody is there."""

    def forget(self, socket_id: str) -> None:
        """Nobody is there."""

    def rooms(self) -> list[str]:
        """None."""
        return []
