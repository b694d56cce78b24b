"""Messages that can be told apart in the raw bytes of any socket, and the count of who got which of them.

A message of a run holds a mark, `~dddddddddd~`, with a number of ten digits. An op says a message's text once, and the
server compresses nothing, so each delivery is one mark in what a socket reads: nothing has to be parsed.
"""

import random
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from tests.load.talk import WORDS

DIGITS = 10
MARK_BYTES = DIGITS + 2
MESSAGE_CHARACTERS = 200
# The digits that all marks of a run share, found at once among other bytes, and how many messages a run may have.
PREFIXES = range(1_000, 10_000)
RUN_MAX_MESSAGES = 1_000_000
_END = ord("~")


@dataclass(frozen=True, slots=True)
class Volley:
    """Messages sent at an even pace, however long the server takes: number n is due at `began` + n / `rate`."""

    base: int
    count: int
    began: float  # of time.perf_counter, which all processes of a machine share
    rate: float

    def due(self, number: int) -> float:
        """When a message should be sent."""
        return self.began + number / self.rate

    def text(self, number: int) -> str:
        """What it says: 200 characters."""
        chance = random.Random(number)
        words = f"~{self.base + number:0{DIGITS}}~ "
        while len(words) < MESSAGE_CHARACTERS:
            words += f"{chance.choice(WORDS)} "
        return words[:MESSAGE_CHARACTERS].rstrip().ljust(MESSAGE_CHARACTERS, ".")


def new_base() -> int:
    """Where the numbers of a run begin; two runs in one channel have others."""
    return random.SystemRandom().choice(PREFIXES) * RUN_MAX_MESSAGES


class Tally:
    """Which members got which messages of a volley, and how late; a second copy is a duplicate."""

    def __init__(self, volley: Volley, members: int) -> None:
        self.volley = volley
        self.members = members
        self.late: array[float] = array("f")
        self.duplicated = 0
        self.last_at = 0.0
        self._prefix = b"~%d" % (volley.base // RUN_MAX_MESSAGES)
        self._seen = [bytearray(volley.count) for _ in range(members)]
        self._due = [volley.due(number) for number in range(volley.count)]

    @property
    def lost(self) -> int:
        """How many never came."""
        return self.members * self.volley.count - len(self.late)

    def find(self, data: bytes) -> tuple[list[int], int]:
        """The messages of this volley in some bytes, and up to where those were read."""
        prefix, base, count = self._prefix, self.volley.base, self.volley.count
        numbers: list[int] = []
        end = 0
        at = data.find(prefix)
        while at >= 0:
            end = at + MARK_BYTES
            if len(data) < end:
                return numbers, at  # the rest of it comes with the next bytes
            if data[end - 1] == _END and (number := int(data[at + 1 : end - 1]) - base) < count:
                numbers.append(number)
            at = data.find(prefix, end)
        return numbers, end

    def count(self, member: int, numbers: Iterable[int], now: float) -> None:
        """A member got messages."""
        seen = self._seen[member]
        for number in numbers:
            if seen[number]:
                self.duplicated += 1
            else:
                seen[number] = 1
                self.late.append(now - self._due[number])
        self.last_at = now
