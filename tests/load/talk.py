"""What people say, and how a message tells when it was due."""

import random
from uuid import UUID

_TEXT = (
    "the deploy finished and all checks are green so we can merge this branch after review please look at the failing "
    "test on staging before lunch thanks for the quick fix see you at standup tomorrow morning"
)
WORDS = _TEXT.split()
LENGTH_CHARACTERS = 200
# A client key of this tool: a mark, the moment in nanoseconds, and chance.
_MARK = 0x10AD
_MARK_SHIFT, _MOMENT_SHIFT = 112, 48
_MOMENT_MASK = (1 << 64) - 1
NANOSECONDS = 1_000_000_000


def sentence(chance: random.Random) -> str:
    """Some words, about as many as people write at once."""
    words = ""
    while len(words) < LENGTH_CHARACTERS:
        words += f"{chance.choice(WORDS)} "
    return words[:LENGTH_CHARACTERS].strip()


def key_due(moment: float, chance: random.Random) -> UUID:
    """The client key of a message that is due at a moment of `time.perf_counter`."""
    return UUID(int=_MARK << _MARK_SHIFT | int(moment * NANOSECONDS) << _MOMENT_SHIFT | chance.getrandbits(48))


def due_of(key: str) -> float | None:
    """When the message with that key was due; None for one that this tool did not send."""
    value = int(key.replace("-", ""), 16)
    if value >> _MARK_SHIFT != _MARK:
        return None
    return (value >> _MOMENT_SHIFT & _MOMENT_MASK) / NANOSECONDS
