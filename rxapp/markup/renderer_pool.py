"""A few renderer processes behind one awaitable call that always comes back in time."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from weakref import WeakValueDictionary

from rxapp.markup.rendered import Rendered, render_as_typed
from rxapp.markup.renderer_process import CHILD_COMMAND, RendererLost, RendererProcess

RENDER_TIMEOUT_SECONDS = 2.0
"""For one message; the slowest known one of full length takes a tenth of it."""

RENDER_WAIT_SECONDS = 5.0
"""For one message with its wait for its turn and for a free process."""

RENDERER_PROCESSES = 2

_log = logging.getLogger(__name__)


class RendererPool:
    """Starts its processes when they are first needed and replaces those that it had to kill."""

    def __init__(
        self,
        *,
        timeout_seconds: float = RENDER_TIMEOUT_SECONDS,
        wait_seconds: float = RENDER_WAIT_SECONDS,
        command: Sequence[str] = CHILD_COMMAND,
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._wait_seconds = wait_seconds
        self._command = command
        self._threads = ThreadPoolExecutor(RENDERER_PROCESSES, thread_name_prefix="renderer")
        self._idle: list[RendererProcess] = []
        self._lock = threading.Lock()
        self._turns: WeakValueDictionary[object, asyncio.Lock] = WeakValueDictionary()

    async def render(
        self, source: str, *, who: object = None, with_colours: bool = True, is_patient: bool = False
    ) -> Rendered:
        """Render `source` in a child process; as typed, with `fallback` set, when that fails.

        One text at a time of each `who`, so that somebody's slow ones hold up their own. Patient is who does not mind
        how long it takes until it is their turn. Every failure is logged, without the text.
        """
        turn = asyncio.Lock() if who is None else self._turns.setdefault(who, asyncio.Lock())
        try:
            async with asyncio.timeout(None if is_patient else self._wait_seconds):
                await turn.acquire()
                work = self._threads.submit(self._render, source, with_colours)
                work.add_done_callback(_when_it_ends(turn))
                return await asyncio.wrap_future(work)
        except (RendererLost, OSError) as failure:  # too long (TimeoutError), or no process can be started just now
            _log.warning("A message of %d characters is shown as typed: %r", len(source), failure)
            return render_as_typed(source)

    def close(self) -> None:
        """End the idle processes. A later `render` starts new ones."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.close()

    def _render(self, source: str, with_colours: bool) -> Rendered:
        process = self._take() or RendererProcess(self._command)
        rendered = process.render(source, self._timeout_seconds, with_colours=with_colours)
        with self._lock:
            self._idle.append(process)
        return rendered

    def _take(self) -> RendererProcess | None:
        while True:
            with self._lock:
                if not self._idle:
                    return None
                process = self._idle.pop()
            if process.is_alive:
                return process
            process.close()


def _when_it_ends(turn: asyncio.Lock) -> Callable[[Future[Rendered]], None]:
    """Give the turn back when the thread is done, which may be long after the caller stopped waiting for it."""
    loop = asyncio.get_running_loop()

    def release(_: Future[Rendered]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits for the turn
            loop.call_soon_threadsafe(turn.release)

    return release
