"""The real thing, as processes: a server that is started again whenever it ends, its database, and a Redis."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from rxapp.settings import Settings
from tests.browser.server import children_of, descendants_of, free_port
from tests.foundation.processes import is_running
from tests.redis_server import RedisServer

PROJECT = Path(__file__).resolve().parents[2]
LOG_TAIL_LINES = 40
# As a service manager does.
RESTART_SECONDS = 0.3
POLL_SECONDS = 0.05
READY = b"Confab is ready at"


class Site:
    """One installation."""

    def __init__(
        self, folder: Path, *, workers: int = 1, redis: RedisServer | None = None, redis_url: str = ""
    ) -> None:
        self.data = folder / "data"
        self.log = folder / "server.log"
        self.port = free_port()
        self.redis = redis
        self.surprises: list[str] = []
        self.failed_starts = 0
        self._said_before = 0  # the length of the log at the last start
        self._folder = folder
        self._workers = workers
        self._redis_url = redis_url
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._is_awaited = False  # whether the end of the server is ours

    # ---------------------------------------------------------------- the server

    def serve(self) -> None:
        """Start, and start again whenever it ends."""
        self._start()
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """End it as an operator does; it takes its database along."""
        if self._keeper is not None:
            self._keeper.cancel()
            self._keeper = None
        process, self._process = self._process, None
        if process is None:
            return
        before = [pid for pid in (process.pid, *descendants_of(process.pid)) if is_running(pid)]
        process.terminate()
        code = await asyncio.to_thread(process.wait)
        if code != 0:
            self.surprises.append(f"the server stopped with {code}")
        if left := [pid for pid in before if is_running(pid)]:
            self.surprises.append(f"the server left {len(left)} processes behind")
        if self.postgres():
            self.surprises.append("the server left its database running")

    async def restart(self) -> None:
        """Ask it to stop; its keeper starts it again."""
        process = self._process
        if process is None:
            return
        self._is_awaited = True
        process.terminate()
        await asyncio.to_thread(process.wait)

    async def kill_server(self) -> None:
        """End the process that was started; with one worker it is the one that serves."""
        self._is_awaited = True
        process = self._process
        if process is not None:
            _kill([process.pid])
            await asyncio.to_thread(process.wait)

    async def kill_everything(self) -> None:
        """End every process at once, the database's too. The watchdog first: it would start a new one in between."""
        self._is_awaited = True
        server = [self._process.pid, *descendants_of(self._process.pid)] if self._process is not None else []
        watchdog = self.data / "postgres/watchdog.lock"
        watchers = [int(watchdog.read_text())] if watchdog.exists() and watchdog.read_text() else []
        process = self._process
        _kill([*watchers, *self.postgres(), *server])
        if process is not None:
            await asyncio.to_thread(process.wait)

    def is_ready(self) -> bool:
        """Whether the newest start has come so far that it serves."""
        if self._process is None or self._process.poll() is not None:
            return False
        return self._said_ready()

    def workers(self) -> list[int]:
        """The processes that serve."""
        if self._process is None:
            return []
        if self._workers == 1:
            return [self._process.pid]
        return sorted(pid for pid in children_of(self._process.pid) if "rxapp.worker" in command_of(pid))

    # ---------------------------------------------------------------- the database

    def postgres(self) -> list[int]:
        """The postmaster and its children; nothing while it is away."""
        try:
            postmaster = int((self.data / "postgres/data/postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return []
        return [postmaster, *children_of(postmaster)] if is_running(postmaster) else []

    def backends(self) -> list[int]:
        """The processes of Postgres that clients talk to."""
        return sorted(pid for pid in self.postgres() if "[local]" in command_of(pid))

    def last_words(self) -> str:
        """The end of the log."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-LOG_TAIL_LINES:])

    # ---------------------------------------------------------------- inside

    def _said_ready(self) -> bool:
        with self.log.open("rb") as log:
            log.seek(self._said_before)
            return READY in log.read()

    def _start(self) -> None:
        self._is_awaited = False
        self._said_before = self.log.stat().st_size if self.log.exists() else 0
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-m", "rxapp"], cwd=self._folder, env=self._environment(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    async def _keep(self) -> None:
        while True:
            process = self._process
            if process is None:
                return
            if (code := process.poll()) is not None:
                if not self._said_ready():
                    # What it needs was away: it says so, ends, and is started again.
                    self.failed_starts += 1
                elif not self._is_awaited:
                    self.surprises.append(f"the server ended by itself with {code}")
                await asyncio.sleep(RESTART_SECONDS)
                self._start()
            await asyncio.sleep(POLL_SECONDS)

    def _environment(self) -> dict[str, str]:
        # None of the machine's own settings; the working directory has no .env either.
        settings = {str(field.alias) for field in Settings.model_fields.values()}
        kept = {name: value for name, value in os.environ.items() if name not in settings}
        own = {"PYTHONPATH": str(PROJECT), "PORT": str(self.port), "CONFAB_DATA": str(self.data)}
        own["RATE_LIMIT_FACTOR"] = own["ADDRESS_LIMIT_FACTOR"] = "100"  # what hurries here is a machine
        if self._workers > 1:
            own |= {"WEB_CONCURRENCY": str(self._workers), "REDIS_URL": self._redis_url}
        return {**kept, **own}


def pause(pids: Iterable[int]) -> None:
    """They stand still."""
    _signal(pids, signal.SIGSTOP)


def resume(pids: Iterable[int]) -> None:
    """They go on."""
    _signal(pids, signal.SIGCONT)


def kill(pids: Iterable[int]) -> None:
    """They end without warning."""
    _kill(pids)


def command_of(pid: int) -> str:
    """What a process was started with; empty when there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _kill(pids: Iterable[int]) -> None:
    _signal(pids, signal.SIGKILL)


def _signal(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
