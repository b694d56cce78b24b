"""One child process that renders, seen from the parent. All calls block: use them in a thread."""

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from rxapp.markup.frames import COLOURED, PLAIN, read_frame, write_frame
from rxapp.markup.rendered import Rendered

START_TIMEOUT_SECONDS = 10.0

CHILD_COMMAND = (sys.executable, "-m", "rxapp.markup.child")

_PROJECT_FOLDER = Path(__file__).resolve().parents[2]


class RendererLost(Exception):
    """The child process ended, or was killed for overstaying, before it answered."""


class RendererProcess:
    """A running child. Raises `RendererLost` when it is not ready in `START_TIMEOUT_SECONDS`."""

    def __init__(self, command: Sequence[str] = CHILD_COMMAND) -> None:
        # A session of its own, so that Ctrl-C in the terminal reaches the server alone.
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_PROJECT_FOLDER,
            start_new_session=True,
        )
        self._answer(START_TIMEOUT_SECONDS)

    @property
    def is_alive(self) -> bool:
        """Whether the process can be asked again."""
        return self._process.poll() is None

    def render(self, source: str, timeout_seconds: float, *, with_colours: bool = True) -> Rendered:
        """Render `source`; after `timeout_seconds` kill the process and raise `RendererLost`."""
        request = (COLOURED if with_colours else PLAIN) + source.encode("utf-8", "surrogatepass")
        answer = json.loads(self._answer(timeout_seconds, request))
        return Rendered(**{**answer, "mentions": tuple(answer["mentions"])})

    def close(self) -> None:
        """Kill the process and free its pipes. May be called more than once."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()

    def _answer(self, timeout_seconds: float, request: bytes | None = None) -> bytes:
        # Killing the child is what ends a blocked read or write here: nothing else could.
        watchdog = threading.Timer(timeout_seconds, self._process.kill)
        watchdog.daemon = True
        watchdog.start()
        answer = None
        try:
            answer = self._exchange(request)
        finally:
            watchdog.cancel()
            if answer is None:
                self.close()
        if answer is None:
            raise RendererLost(f"no answer within {timeout_seconds} s, exit code {self._process.returncode}")
        return answer

    def _exchange(self, request: bytes | None) -> bytes | None:
        requests, answers = self._process.stdin, self._process.stdout
        if requests is None or answers is None:
            raise RuntimeError("expected pipes to the renderer, but it has none")
        try:
            if request is not None:
                write_frame(requests, request)
            return read_frame(answers)
        except BrokenPipeError:
            return None
