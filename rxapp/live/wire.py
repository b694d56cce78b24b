"""The socket server as the hub needs it."""

from typing import Protocol

from rxapp.live.ops import Op


class Wire(Protocol):
    """What carries ops to tabs. A tab is named by the id of its socket."""

    async def enter(self, socket_id: str, room: str) -> None:
        """Add a tab to a room, without giving other tasks a turn."""
        ...

    async def leave(self, socket_id: str, room: str) -> None:
        """Take a tab out of a room, without giving other tasks a turn."""
        ...

    async def deliver(self, room: str, op: Op) -> None:
        """Send an op to every tab of a room; a socket id is a room of one."""
        ...

    async def close(self, socket_id: str) -> None:
        """Close a tab's socket; the tab does not come back by itself."""
        ...

    def rooms(self) -> list[str]:
        """Every room somebody is in."""
        ...


class NoWire:
    """Where there is no socket: commands, imports, tests of services."""

    async def enter(self, socket_id: str, room: str) -> None:
        """Nobody is there."""

    async def leave(self, socket_id: str, room: str) -> None:
        """Nobody is there."""

    async def deliver(self, room: str, op: Op) -> None:
        """Nobody is there."""

    async def close(self, socket_id: str) -> None:
        """Nobody is there."""

    def rooms(self) -> list[str]:
        """None."""
        return []
