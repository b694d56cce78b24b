"""What several workers say of one thing, put in order again by its `rev`.

Two workers may commit the revs 5 and 6 of a channel and say 6 first. A browser would show it and ask for what is
missing, and so would all browsers in the room; so an op whose predecessor has not come waits for it a moment. One that
waited long enough goes without: the browser then asks, as ever.
"""

import asyncio
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from rxapp.live.ops import Op

# Between two workers a message takes a millisecond or two; who waits longer waits in vain.
PATIENCE_SECONDS = 0.1

Deliver = Callable[[str, Op], None]

# Each is the next rev of what it is about,
STEPS = frozenset({"new", "edit", "delete", "workspace", "channel", "hidden", "person"}) | frozenset(
    {"joined", "left", "closed", "role", "read", "read_all"}
)
# says how far one should be,
HEADS = frozenset({"head", "ws_head", "me_head"})
# or leaps on: the `rev` after it is a new beginning.
LEAPS = frozenset({"gone"})


class Place(NamedTuple):
    """Where an op stands among those of its kind: `line` counts together, and is what its `rev` counts."""

    line: tuple[str, str]
    rev: int


class Waiting(NamedTuple):
    """An op before its time: sorted by rev, heads behind the step they tell of."""

    rev: int
    is_head: bool
    number: int
    until: float
    op: Op


@dataclass(slots=True)
class Line:
    """How far one thing was told, and what waits for its turn."""

    rev: int
    waiting: list[Waiting] = field(default_factory=list)
    timer: asyncio.TimerHandle | None = None


class InOrder:
    """In front of the sockets of one worker."""

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._lines: dict[str, dict[tuple[str, str], Line]] = {}
        self._numbers = count()
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, room: str, op: Op) -> None:
        """Deliver an op in its turn: now, or as soon as those before it came, or when they do not."""
        place = place_of(room, op)
        if place is None:
            self._deliver(room, op)
            return
        lines = self._lines.setdefault(room, {})
        line = lines.get(place.line)
        if line is None:
            line = lines[place.line] = Line(place.rev)
        is_head = op["k"] in HEADS
        if place.rev <= line.rev + (0 if is_head else 1) or op["k"] in LEAPS:
            line.rev = max(line.rev, place.rev)
            self._deliver(room, op)
            await self._go_on(room, line)
            return
        until = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        heapq.heappush(line.waiting, Waiting(place.rev, is_head, next(self._numbers), until, op))
        self._arm(room, line)

    def forget(self, room: str) -> None:
        """Nobody is in the room any more: how far it was told does not matter to who comes."""
        for line in self._lines.pop(room, {}).values():
            if line.timer is not None:
                line.timer.cancel()

    async def let_go(self) -> None:
        """Deliver all that waits, and begin anew: what was missed in between is not waited for."""
        lines, self._lines = self._lines, {}
        for room, of_room in lines.items():
            for line in of_room.values():
                if line.timer is not None:
                    line.timer.cancel()
                while line.waiting:
                    self._deliver(room, heapq.heappop(line.waiting).op)

    async def close(self) -> None:
        """Stop waiting."""
        for room in list(self._lines):
            self.forget(room)
        await asyncio.gather(*self._tasks)

    async def _go_on(self, room: str, line: Line) -> None:
        while line.waiting and line.waiting[0].rev <= line.rev + (0 if line.waiting[0].is_head else 1):
            waiting = heapq.heappop(line.waiting)
            line.rev = max(line.rev, waiting.rev)
            self._deliver(room, waiting.op)

    def _arm(self, room: str, line: Line) -> None:
        if line.timer is not None:
            line.timer.cancel()
        line.timer = None
        if line.waiting:
            first = min(waiting.until for waiting in line.waiting)
            line.timer = asyncio.get_running_loop().call_at(first, self._out_of_patience, room, line)

    def _out_of_patience(self, room: str, line: Line) -> None:
        task = asyncio.create_task(self._give_up(room, line))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _give_up(self, room: str, line: Line) -> None:
        now = asyncio.get_running_loop().time()
        late = [waiting.rev for waiting in line.waiting if waiting.until <= now]
        if late:
            line.rev = max(line.rev, max(late))
            await self._go_on(room, line)
        self._arm(room, line)


def place_of(room: str, op: Op) -> Place | None:
    """None for what stands in no line: an op that is not counted, or has no rev."""
    kind = op["k"]
    if kind not in STEPS and kind not in HEADS and kind not in LEAPS:
        return None
    rev = op.get("me_rev") or op.get("rev")
    return Place((room, str(op.get("ws", ""))), rev) if rev else None
