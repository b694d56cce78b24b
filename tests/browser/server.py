"""A running Confab, as a process of its own that a test may stop and crash."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import psycopg

from db.embedded import ensure_running
from rxapp.settings import Settings
from tests.browser.waiting import until

PROJECT = Path(__file__).resolve().parents[2]
LOG_TAIL_LINES = 60
# The page may have to be built first.
START_SECONDS = 180.0


class Server:
    """One installation: a data folder, a port and what else is set, served or not."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self._settings = settings
        self.data = folder / "data"
        self.log = folder / "server.log"
        # Tests are quicker than people, and all at one address.
        self.rate_limit_factor = 100
        self._folder = folder
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address that browsers open."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Serve, and wait until it answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-u", "-m", "rxapp"], cwd=self._folder, env=self.environment(),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        await until(self._answers, lambda: f"the server answers; it said:\n{self.last_words()}", within=START_SECONDS)

    async def stop(self) -> None:
        """Ask it to stop; it takes its database along."""
        if self._process is None:
            return
        ended = self._process.poll()
        self._process.terminate()
        code = await asyncio.to_thread(self._process.wait)
        self._process = None
        assert ended is None, f"the server ended by itself with {ended}; it said:\n{self.last_words()}"
        assert code == 0, f"the server stopped with {code}; it said:\n{self.last_words()}"

    async def crash(self) -> None:
        """End every process of it at once and without warning, the database's too."""
        assert self._process is not None, "expected a running server"
        watchdog = int((self.data / "postgres/watchdog.lock").read_text())
        postmaster = int((self.data / "postgres/data/postmaster.pid").read_text().splitlines()[0])
        # The watchdog first: it would start a new database in the moment between.
        for pid in (watchdog, postmaster, *children_of(postmaster), *descendants_of(self._process.pid)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.kill()
        await asyncio.to_thread(self._process.wait)
        self._process = None

    async def query(self, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What the database itself holds; a statement without rows gives none."""
        return await asyncio.to_thread(self._query, statement, parameters)

    def last_words(self) -> str:
        """The end of its log."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        return "\n".join(lines[-LOG_TAIL_LINES:])

    def _query(self, statement: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        with ensure_running(self.data) as database, psycopg.connect(database.url) as connection:
            found = connection.execute(statement.encode(), parameters)
            return found.fetchall() if found.description else []

    async def _answers(self) -> bool:
        assert self._process is not None
        code = self._process.poll()
        assert code is None, f"the server ended with {code}; it said:\n{self.last_words()}"
        async with httpx.AsyncClient(trust_env=False) as client:
            try:
                answer = await client.get(f"{self.url}/api/session")
            except httpx.TransportError:
                return False
        return answer.status_code == httpx.codes.UNAUTHORIZED

    def environment(self) -> dict[str, str]:
        """What a process of this installation is started with."""
        # None of the machine's own settings; the working directory has no .env either.
        settings = {str(field.alias) for field in Settings.model_fields.values()}
        kept = {name: value for name, value in os.environ.items() if name not in settings}
        path = os.pathsep.join(part for part in (str(PROJECT), kept.get("PYTHONPATH")) if part)
        own = {"PYTHONPATH": path, "PORT": str(self._port), "CONFAB_DATA": str(self.data)}
        return {**kept, **own, "RATE_LIMIT_FACTOR": str(self.rate_limit_factor), **self._settings}

    def replace_workers(self) -> None:
        """As the operator of several does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> list[int]:
    """The processes that a process started and that still run."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = (line.split() for line in listed.splitlines())
    return [int(child) for child, parent in pairs if int(parent) == pid]


def descendants_of(pid: int) -> list[int]:
    """The same, down to the last one."""
    return [found for child in children_of(pid) for found in (child, *descendants_of(child))]
