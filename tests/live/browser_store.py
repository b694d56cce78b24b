"""The browser's own store, assets/live/store.js, run by the Node that builds the page."""

import json
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from rxapp.live.ops import Op

NODE = Path(sys.executable).parent / "node"
# The assets are modules without a package.json: Node finds out, and says that this costs time.
NODE_COMMAND = (str(NODE), "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON")
HOST = Path(__file__).with_name("store_host.mjs")


@dataclass(frozen=True, slots=True)
class Missed:
    """What a store wants to be asked for."""

    channels: list[str]
    workspaces: list[str]


class BrowserStore:
    """The store of one tab."""

    def __init__(self, stores: "BrowserStores", name: str) -> None:
        self._stores = stores
        self._name = name
        self._call("open")

    def apply(self, ops: Sequence[Op]) -> Missed:
        """Fold ops; says what they show to be missing."""
        return Missed(**self._call("apply", list(ops)))

    def feed(self, channel_id: UUID) -> dict[str, Any]:
        """What is known of a channel."""
        return dict(self._call("feed", str(channel_id)))

    def begin_older(self, channel_id: UUID) -> None:
        """The list asks for an older page."""
        self._call("beginOlder", str(channel_id))

    def sidebar(self, workspace_id: UUID) -> dict[str, Any]:
        """What is known of a workspace."""
        return dict(self._call("sidebar", str(workspace_id)))

    def _call(self, command: str, argument: object = None) -> Any:
        return self._stores.call({"tab": self._name, "command": command, "argument": argument})


class BrowserStores:
    """A Node process with any number of stores."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._numbers = count(1)

    def open(self) -> BrowserStore:
        """The empty store of a new tab."""
        return BrowserStore(self, f"tab {next(self._numbers)}")

    def call(self, command: dict[str, Any]) -> Any:
        """One command and its answer."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("expected a process with pipes")
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise AssertionError(f"Node ended with {self._process.wait()}: its reason is on standard error")
        return json.loads(answer)


@contextmanager
def browser_stores() -> Generator[BrowserStores]:
    """Start Node, and end it."""
    with subprocess.Popen([*NODE_COMMAND, str(HOST)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
        yield BrowserStores(node)
        if node.stdin is not None:
            node.stdin.close()
        node.wait()
