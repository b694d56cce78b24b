"""A wire that remembers what each tab heard, in the order it was said."""

from collections import defaultdict
from collections.abc import Iterable

from rxapp.actor import Actor
from rxapp.live.hub import Hub
from rxapp.live.ops import Op


class RecordingWire:
    """Rooms and tabs without sockets."""

    def __init__(self) -> None:
        self.said: list[tuple[str, Op]] = []
        self.heard: dict[str, list[Op]] = defaultdict(list)
        self.closed: list[str] = []
        self._people: dict[str, set[str]] = defaultdict(set)

    def enter(self, socket_id: str, room: str) -> None:
        self._people[room].add(socket_id)

    def leave(self, socket_id: str, room: str) -> None:
        self._people[room].discard(socket_id)

    def deliver(self, room: str, op: Op) -> None:
        self.said.append((room, op))
        for socket_id in {room} | self._people[room]:
            self.heard[socket_id].append(op)

    def deliver_to(self, socket_ids: Iterable[str], op: Op) -> None:
        for socket_id in socket_ids:
            self.heard[socket_id].append(op)

    def forget(self, socket_id: str) -> None:
        for people in self._people.values():
            people.discard(socket_id)

    async def close(self, socket_id: str) -> None:
        self.closed.append(socket_id)

    def rooms(self) -> list[str]:
        return [room for room, people in self._people.items() if people]

    def said_in(self, room: str, *kinds: str) -> list[Op]:
        """What was said in a room, of some kinds or of all."""
        return [op for where, op in self.said if where == room and (not kinds or op["k"] in kinds)]

    def heard_by(self, socket_id: str, *kinds: str) -> list[Op]:
        """What a tab heard, of some kinds or of all."""
        return [op for op in self.heard[socket_id] if not kinds or op["k"] in kinds]


def connect(hub: Hub, actor: Actor, socket_id: str) -> str:
    """A tab of a person; gives back its id."""
    hub.connect(socket_id, actor)
    return socket_id
