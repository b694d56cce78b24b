"""Several workers on one listening socket: started, kept alive, replaced one after another, and stopped.

Each worker is a child that inherits the socket, so that whoever connects is taken by one that serves, whatever happens
to another. `rxapp.worker` is the other end.
"""

import asyncio
import logging
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from rxapp.observability.exposition import forget_worker
from rxapp.operator_error import OperatorError
from rxapp.worker import ALIVE_EVERY_SECONDS, FAREWELL_PAUSE_SECONDS, GRACEFUL_SHUTDOWN_SECONDS, READY

# A worker whose loop does not turn for so long does nothing for its tabs; they come back on another.
STUCK_SECONDS = 15 * ALIVE_EVERY_SECONDS
# Much longer than a worker needs on a busy machine: one that hangs must not hold up a replacement for good.
READY_SECONDS = 120.0
# What it takes to send thousands of tabs away, to finish what was asked, and to say what is still to be said.
STOP_SECONDS = GRACEFUL_SHUTDOWN_SECONDS + 100 * FAREWELL_PAUSE_SECONDS + 5.0
RESTART_FIRST_SECONDS = 0.2
RESTART_MAX_SECONDS = 30.0
# One that lived so long did not fail because of how it was started.
SOUND_SECONDS = 60.0
WORKER_COMMAND = (sys.executable, "-m", "rxapp.worker")

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Child:
    """One worker as its parent sees it."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    began: float
    is_ready: asyncio.Event = field(default_factory=asyncio.Event)
    has_ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def pid(self) -> int:
        """Of the process."""
        return self.process.pid

    async def serves(self) -> bool:
        """Whether it came to serve; False when it ended, or hangs."""
        waits = [asyncio.ensure_future(event.wait()) for event in (self.is_ready, self.has_ended)]
        await asyncio.wait(waits, timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        return self.is_ready.is_set() and not self.has_ended.is_set()

    async def stop(self) -> None:
        """Ask it to end politely, and wait; in the end it is not asked."""
        if not self.has_ended.is_set():
            self.process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.has_ended.wait()
        except TimeoutError:
            log.warning("Worker %d did not end in time and is killed", self.pid)
            self.process.kill()
            await self.has_ended.wait()


class Supervisor:
    """The parent's part; `run` returns once all workers ended."""

    def __init__(
        self, count: int, listener: socket.socket, *, ready: Callable[[], None], renew: Callable[[], Awaitable[None]]
    ) -> None:
        """`renew` prepares for other workers than those that run; raises OperatorError when that is not possible."""
        self._count = count
        self._listener = listener
        self._ready = ready
        self._renew = renew
        self._children: set[Child] = set()
        self._places: list[Child] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._replacements: set[asyncio.Task[None]] = set()
        self._is_stopping = asyncio.Event()
        self._turns = asyncio.Lock()

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT; SIGHUP replaces the workers. Raises OperatorError when they cannot start."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._is_stopping.set)
        loop.add_signal_handler(signal.SIGHUP, self._begin_replacement)
        try:
            await self._start_all()
            if not self._is_stopping.is_set():
                self._ready()
            await self._is_stopping.wait()
        finally:
            self._is_stopping.set()
            replacements = list(self._replacements)
            for replacement in replacements:
                replacement.cancel()  # what it prepares takes a moment to end
            await asyncio.gather(*(child.stop() for child in list(self._children)))
            await asyncio.gather(*replacements, return_exceptions=True)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                loop.remove_signal_handler(number)
                signal.signal(number, signal.SIG_IGN)  # stopping is under way: nothing may interrupt the rest of it

    async def _start_all(self) -> None:
        self._places = [self._start() for _ in range(self._count)]
        if not await self._all_serve():
            raise OperatorError("The workers could not start: the reason is in the lines above.")
        for place in range(self._count):
            self._do(self._keep_alive(place))

    async def _all_serve(self) -> bool:
        """Whether all came to serve, or are told to stop before they do."""
        serving = [asyncio.create_task(child.serves()) for child in self._places]
        stopping = asyncio.create_task(self._is_stopping.wait())
        left = {*serving, stopping}
        while left - {stopping} and not stopping.done():
            done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
            if not all(task.result() for task in done):
                break  # one ended: the others need not be waited for
        for task in left:
            task.cancel()
        return stopping.done() or all(task.done() and not task.cancelled() and task.result() for task in serving)

    async def _keep_alive(self, place: int) -> None:
        """Start another worker in the place of one that ended without being told to."""
        pause = RESTART_FIRST_SECONDS
        while True:
            child = self._places[place]
            await child.has_ended.wait()
            if self._is_stopping.is_set():
                return
            if self._places[place] is not child:
                continue  # it was replaced
            if time.monotonic() - child.began > SOUND_SECONDS:
                pause = RESTART_FIRST_SECONDS
            code = child.process.returncode
            log.error("Worker %d ended with %s; another one starts in %.1f s", child.pid, code, pause)
            await asyncio.sleep(pause)
            pause = min(2 * pause, RESTART_MAX_SECONDS)
            async with self._turns:  # not in the middle of a replacement
                if not self._is_stopping.is_set() and self._places[place] is child:
                    try:
                        self._places[place] = self._start()
                    except OSError as error:
                        log.error("Another worker could not be started (%s)", error)

    def _begin_replacement(self) -> None:
        replacement = self._do(self._replace_all())
        self._replacements.add(replacement)
        replacement.add_done_callback(self._replacements.discard)

    async def _replace_all(self) -> None:
        """One after another: an old worker is told to end once a new one serves in its place."""
        async with self._turns:
            try:
                await self._renew()
            except (OperatorError, OSError) as error:
                log.error("The workers stay as they are: %s", error)
                return
            for place in range(self._count):
                if self._is_stopping.is_set():
                    return
                old = self._places[place]
                try:
                    new = self._start()
                except OSError as error:
                    log.error("A new worker could not be started (%s); the old ones stay", error)
                    return
                if not await new.serves():
                    if not self._is_stopping.is_set():
                        log.error("A new worker could not start, the reason is in the lines above; the old ones stay")
                    await new.stop()
                    return
                self._places[place] = new
                await old.stop()
            log.warning("All workers were replaced")

    def _start(self) -> Child:
        ours, theirs = socket.socketpair()
        with theirs:
            # A session of its own: Ctrl-C is for the parent, which then stops its workers one and all.
            try:
                process = subprocess.Popen(
                    [*WORKER_COMMAND, str(self._listener.fileno()), str(theirs.fileno())],
                    pass_fds=(self._listener.fileno(), theirs.fileno()),
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except OSError:
                ours.close()
                raise
        ours.setblocking(False)
        child = Child(process, ours, began=time.monotonic())
        self._children.add(child)
        self._do(self._listen(child))
        return child

    async def _listen(self, child: Child) -> None:
        """Hear that it serves, and that it is alive; its end of the line closes with it."""
        loop = asyncio.get_running_loop()
        with child.control:
            while True:
                try:
                    async with asyncio.timeout(STUCK_SECONDS if child.is_ready.is_set() else READY_SECONDS):
                        words = await loop.sock_recv(child.control, 64)
                except TimeoutError:
                    what = "does nothing any more" if child.is_ready.is_set() else "does not come to serve"
                    log.error("Worker %d %s and is killed", child.pid, what)
                    child.process.kill()
                    break
                except ConnectionError:
                    break
                if not words:
                    break
                if READY in words:
                    child.is_ready.set()
        await asyncio.to_thread(child.process.wait)
        try:
            forget_worker(child.pid)
        finally:
            self._children.discard(child)
            child.has_ended.set()

    def _do(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
