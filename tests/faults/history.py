"""What was asked and answered, and what was heard, with the moments: all that the checker knows of a run."""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any


class Outcome(StrEnum):
    """What became of something that was asked."""

    OK = "ok"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # no answer came: it may have been done, and may still be


class What(StrEnum):
    """What people do that the checker judges."""

    SEND = "send"
    EDIT = "edit"
    DELETE = "delete"
    TAKE_OUT = "take out"
    ADD = "add"


@dataclass(slots=True)
class Act:
    """Something that was asked, and its answer. Times are of `time.monotonic`.

    `key` is the client key of a message that is sent, the id of one that is changed, a person for all else.
    """

    what: What
    who: int
    channel: str
    key: str
    text: str = ""
    begun: float = field(default_factory=time.monotonic)
    ended: float | None = None
    outcome: Outcome = Outcome.UNKNOWN
    tries: int = 0
    message: str = ""
    seq: int = 0
    rev: int = 0
    status: int = 0

    def end(self, outcome: Outcome, row: dict[str, Any] | None = None, status: int = 0) -> None:
        """The answer came."""
        self.ended, self.outcome, self.status = time.monotonic(), outcome, status
        if row is not None:
            self.message, self.seq, self.rev = row["id"], row["seq"], row["rev"]


@dataclass(slots=True)
class Heard:
    """An op about a channel that reached a person's tab; `revs` are those of the messages in it, or its own."""

    who: int
    at: float
    kind: str
    channel: str
    revs: list[int]


@dataclass(slots=True)
class Probe:
    """A request that asks only whether the system is there."""

    begun: float
    ended: float
    is_ok: bool


@dataclass(slots=True)
class History:
    """A run."""

    acts: list[Act] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    again: list[Act] = field(default_factory=list)  # messages that were sent once more, after their answer
    probes: list[Probe] = field(default_factory=list)
    notes: list[tuple[float, str]] = field(default_factory=list)
    say: Callable[[str], None] | None = None

    def begin(self, what: What, who: int, channel: str, key: str, text: str = "") -> Act:
        """Something is asked now."""
        act = Act(what, who, channel, key, text)
        self.acts.append(act)
        return act

    def note(self, words: str) -> None:
        """Remember what happened, for who reads the history."""
        if self.say is not None:
            self.say(words)
        self.notes.append((time.monotonic(), words))

    def of(self, *whats: What) -> list[Act]:
        """What was asked, of some kinds."""
        return [act for act in self.acts if act.what in whats]

    def write(self, path: Path) -> None:
        """Keep it."""
        kept = asdict(replace(self, say=None))
        path.write_text(json.dumps(kept, indent=1))
