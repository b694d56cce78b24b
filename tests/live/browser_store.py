"""The browser's own store, assets/live/store.js."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

from rxapp.live.ops import Op
from tests.live.node_host import NodeHost, node_host


@dataclass(frozen=True, slots=True)
class Missed:
    """What a store wants to be asked for."""

    channels: list[str]
    workspaces: list[str]


class BrowserStore:
    """The store of one tab."""

    def __init__(self, host: NodeHost, name: str) -> None:
        self._host = host
        self._name = name
        self._call("open")

    def apply(self, ops: Sequence[Op]) -> Missed:
        """Fold ops; says what they show to be missing."""
        return Missed(**self._call("apply", list(ops)))

    def feed(self, channel_id: UUID | str) -> dict[str, Any]:
        """What is known of a channel."""
        return dict(self._call("feed", str(channel_id)))

    def begin_older(self, channel_id: UUID | str) -> None:
        """The list asks for an older page."""
        self._call("beginOlder", str(channel_id))

    def ask(self, channel_id: UUID | str) -> int:
        """The number of the tab's next question about a channel."""
        return int(self._call("ask", str(channel_id)))

    def come(self, workspace_id: UUID | str) -> int:
        """The tab comes into a workspace; gives the `rev` it knows."""
        return int(self._call("come", str(workspace_id)))

    def wait_ms(self) -> float:
        """How long the tab waits before it asks for something again by itself; 0 when there is no such thing."""
        return float(self._call("waitMs"))

    def watch(self) -> None:
        """From now on take note when a message that is shown goes back to an earlier state."""
        self._call("watch")

    def regressions(self) -> list[str]:
        """What went back since `watch`, in words."""
        return list(self._call("regressions"))

    def trim(self, channel_id: UUID | str, limit: int, *, newest: bool) -> None:
        """The list has too much loaded: rows go at the newest or at the oldest end."""
        self._call("trim", {"channel": str(channel_id), "limit": limit, "newest": newest})

    def sidebar(self, workspace_id: UUID) -> dict[str, Any]:
        """What is known of a workspace."""
        return dict(self._call("sidebar", str(workspace_id)))

    def look(self, channel_id: UUID | str) -> None:
        """The list of a channel comes onto the screen."""
        self._call("look", str(channel_id))

    def read_to(self, channel_id: UUID | str) -> dict[str, int] | None:
        """What the list says of the cursor when its end is seen: `seq` and `rr`, or nothing."""
        found = self._call("readTo", str(channel_id))
        return dict(found) if found else None

    def badges(self, workspace_id: UUID) -> dict[str, dict[str, Any]]:
        """Whether each channel is unread, and how many of its messages count."""
        return dict(self._call("badges", str(workspace_id)))

    def total(self) -> dict[str, Any]:
        """What the title says of all of it."""
        return dict(self._call("total"))

    def workspaces(self) -> list[str]:
        """The ids of the workspaces in the rail."""
        return list(self._call("workspaces"))

    def _call(self, command: str, argument: object = None) -> Any:
        return self._host.call({"tab": self._name, "command": command, "argument": argument})


class BrowserStores:
    """A Node process with any number of stores."""

    def __init__(self, host: NodeHost) -> None:
        self._host = host
        self._numbers = count(1)

    def open(self) -> BrowserStore:
        """The empty store of a new tab."""
        return BrowserStore(self._host, f"tab {next(self._numbers)}")


@contextmanager
def browser_stores() -> Generator[BrowserStores]:
    """Start Node, and end it."""
    with node_host("store_host.mjs") as host:
        yield BrowserStores(host)
