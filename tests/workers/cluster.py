"""A running Confab with two workers and a Redis of its own, whose parts a test may stop and crash."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from db.engine import Database
from rxapp.services.backend import make_backend
from rxapp.settings import Settings
from tests.access.server import METRICS_TOKEN, Server
from tests.browser.server import children_of, free_port
from tests.live.waiting import until
from tests.redis_server import RedisServer

PROJECT = Path(__file__).resolve().parents[2]
WORKERS = 2


class Cluster:
    """The processes of one installation, and a backend to arrange things with: nobody hears what that one says."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.redis = RedisServer(folder)
        self.log = folder / "server.log"
        self._folder = folder
        self._database_url = database_url
        self._port = free_port()
        self._served: Server | None = None

    @property
    def server(self) -> Server:
        """What is served."""
        assert self._served is not None, "expected a running cluster"
        return self._served

    @property
    def parent(self) -> int:
        """The process that started the workers."""
        return self.server.process.pid

    async def start(self) -> None:
        """Redis first, then all else; returns when all workers serve."""
        self.redis.start()
        with self.log.open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-u", "-m", "rxapp"], cwd=PROJECT, env=self._environment(), text=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        self._served = Server(self._port, self.log, make_backend(Database.at(self._database_url, pool_size=3)), process)
        await until(self._is_ready, "all workers serve")

    async def stop(self) -> int:
        """Ask it to end; gives the exit code."""
        self.server.process.terminate()
        return await self._ended()

    async def crash(self) -> None:
        """The parent is gone from one moment to the next."""
        self.server.process.kill()
        await self._ended()

    def workers(self) -> list[int]:
        """The processes that serve, or are about to."""
        return [pid for pid in children_of(self.parent) if b"rxapp.worker" in _command(pid)]

    def worker_of(self, local_port: int) -> int:
        """Which of them has the connection from a port of this machine."""
        inode = _inode(self._port, local_port)
        return next(pid for pid in self.workers() if f"socket:[{inode}]" in _open_files(pid))

    def replace_workers(self) -> None:
        """As the operator does."""
        self.server.process.send_signal(signal.SIGHUP)

    def said(self, line: str) -> bool:
        """Whether the log has it."""
        return line in self.log.read_text()

    def _is_ready(self) -> bool:
        assert self.server.process.poll() is None, self.log.read_text()
        return self.said("Confab is ready at")

    async def _ended(self) -> int:
        code = await asyncio.to_thread(self.server.process.wait)
        await self.server.backend.hub.close()
        await self.server.backend.database.close()
        self._served = None
        return code

    def _environment(self) -> dict[str, str]:
        settings = {str(field.alias) for field in Settings.model_fields.values()}
        kept = {name: value for name, value in os.environ.items() if name not in settings}
        return {
            **kept,
            "PORT": str(self._port),
            "CONFAB_DATA": str(self._folder / "data"),
            "DATABASE_URL": self._database_url,
            "REDIS_URL": self.redis.url,
            "WEB_CONCURRENCY": str(WORKERS),
            "RATE_LIMIT_FACTOR": "100",  # tests are quicker than people
            "METRICS_TOKEN": METRICS_TOKEN,
        }


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def _open_files(pid: int) -> list[str]:
    found = []
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(str(file.readlink()))
    return found


def _inode(server_port: int, client_port: int) -> str:
    """Of the server's end of a connection (proc(5), /proc/net/tcp)."""
    ends = (f"0100007F:{server_port:04X}", f"0100007F:{client_port:04X}")
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines())
    return next(fields[9] for fields in lines if tuple(fields[1:3]) == ends)
