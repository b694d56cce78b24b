"""What a tab knows of one channel, folded from ops as assets/live/feed.js does; of each row only its number."""

from typing import Any

Op = dict[str, Any]


class Feed:
    """One channel in one tab."""

    def __init__(self) -> None:
        self.is_open = False
        self.rev = 0
        self.heard: set[int] = set()  # revs above `rev`, with something missing in between
        self.said: set[int] = set()  # revs that came as ops of their own
        self.floor = 0
        self.has_older = False
        self.is_loading_older = False
        self.newest = 0
        self.read = 0
        self.read_rev = 0
        self.told = 0

    def open_page(self, op: Op) -> bool:
        """The newest page; gives whether something is still missing."""
        rows = op["ms"]
        is_late = self.is_open and op["rev"] < self.rev
        self.floor = rows[0]["seq"] if op["older"] else 0
        self.has_older, self.is_loading_older = op["older"], False
        self.move_cursor(op["read"], op["rr"])
        self.is_open = True
        self._show(rows)
        return self._hear(op["rev"], whole=True) or is_late

    def catch_up(self, op: Op) -> bool:
        """What was missed; gives whether something is still missing."""
        self._show(op["ms"])
        self.move_cursor(op["read"], op["rr"])
        self.is_loading_older = False
        return self._hear(op["rev"], whole=True)

    def move_cursor(self, seq: int, read_rev: int) -> None:
        """The higher `read_rev` wins; of two with the same, the one that is further."""
        self.read_rev, self.read = max((self.read_rev, self.read), (read_rev, seq))

    def grow_above(self, op: Op) -> None:
        """An older page."""
        self.floor = min(self.floor, op["ms"][0]["seq"] if op["older"] else 0)
        self.has_older, self.is_loading_older = self.floor > 0, False

    def add(self, op: Op) -> bool:
        """A new message; gives whether one before it is missing."""
        self.said.add(op["rev"])
        self._show([op["m"]])
        return self._hear(op["rev"], whole=False)

    def change(self, op: Op) -> bool:
        """A message is another one now; gives whether something before that is missing."""
        self.said.add(op["rev"])
        return self._hear(op["rev"], whole=False)

    def knows(self, rev: int) -> bool:
        """Whether what has that rev is here."""
        return rev <= self.rev or rev in self.heard

    def lacks(self, rev: int) -> int:
        """How many changes up to a rev never came."""
        return max(rev - self.rev, 0) - sum(1 for heard in self.heard if heard <= rev)

    def _show(self, rows: list[dict[str, Any]]) -> None:
        self.newest = max([self.newest, *(row["seq"] for row in rows)])

    def _hear(self, rev: int, *, whole: bool) -> bool:
        if whole:
            self.rev = max(self.rev, rev)
            self.heard = {heard for heard in self.heard if heard > self.rev}
        elif rev > self.rev:
            self.heard.add(rev)
        while self.rev + 1 in self.heard:
            self.rev += 1
            self.heard.discard(self.rev)
        return self.is_open and bool(self.heard)
