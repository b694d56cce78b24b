"""Sockets that keep what they are sent."""

from collections import defaultdict
from collections.abc import Iterable

from rxapp.live.ops import Op


class RecordingWire:
    """A `Wire` whose tabs are lists."""

    def __init__(self) -> None:
        self.members: dict[str, set[str]] = {}
        self.inbox: defaultdict[str, list[Op]] = defaultdict(list)
        self.closed: list[str] = []

    def enter(self, socket_id: str, room: str) -> None:
        self.members.setdefault(room, set()).add(socket_id)

    def leave(self, socket_id: str, room: str) -> None:
        self.members[room].discard(socket_id)
        if not self.members[room]:
            del self.members[room]

    def deliver(self, room: str, op: Op) -> None:
        for socket_id in self.members.get(room, {room}):
            self.inbox[socket_id].append(op)

    def deliver_to(self, socket_ids: Iterable[str], op: Op) -> None:
        for socket_id in socket_ids:
            self.inbox[socket_id].append(op)

    async def close(self, socket_id: str) -> None:
        self.closed.append(socket_id)
        self.forget(socket_id)

    def rooms(self) -> list[str]:
        return list(self.members)

    def forget(self, socket_id: str) -> None:
        """The socket is gone, and so are its places in rooms."""
        for room in [room for room, members in self.members.items() if socket_id in members]:
            self.members[room].discard(socket_id)
            if not self.members[room]:
                del self.members[room]

    def take(self, socket_id: str) -> list[Op]:
        """What came since the last time."""
        return self.inbox.pop(socket_id, [])
