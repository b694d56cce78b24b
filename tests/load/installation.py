"""The server that is measured: one of its own, or one that already serves on this machine."""

import asyncio
import ipaddress
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psycopg

from db.embedded import ensure_running
from rxapp.settings import Settings
from tests.load import machine

PROJECT = Path(__file__).resolve().parents[2]
# The page may have to be built first.
START_SECONDS = 300.0
LOG_TAIL_LINES = 30
POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Installation:
    """A server: its address, its database, its first process, those of its database and Redis when they are here."""

    url: str
    database_url: str
    server: int
    postmaster: int | None
    redis: int | None = None
    log: Path | None = None

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        parts = urlsplit(self.url)
        if parts.hostname is None or parts.port is None:
            raise ValueError(f"expected an address with a host and a port, got {self.url}")
        return parts.hostname, parts.port

    def read_cpu(self) -> machine.Cpu:
        """The processor time of all its parts, of this tool and of the machine, now."""
        return machine.read_cpu(self.server, self.postmaster, self.redis)

    def memory_mib(self) -> float:
        """What all processes of the server occupy; the database is not among them."""
        return machine.family_memory_mib(self.server, without=self.postmaster)

    def complaints(self) -> list[str]:
        """What its log says went wrong."""
        lines = self.log.read_text(errors="replace").splitlines() if self.log else []
        return [line for line in lines if " ERROR " in line or " WARNING " in line]


@asynccontextmanager
async def own_installation(profile: Path | None = None) -> AsyncGenerator[Installation]:
    """Serve on a free port, with a data folder of its own that is removed afterwards."""
    with TemporaryDirectory(prefix="confab-load-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the database's own account has to pass
        port, log = _free_port(), folder / "server.log"
        with _serving(folder, port, log, profile) as process:
            await _until_ready(process, log)
            with ensure_running(folder / "data") as database:
                postmaster = await asyncio.to_thread(_postmaster, database.url)
                yield Installation(f"http://127.0.0.1:{port}", database.url, process.pid, postmaster, log=log)


def given_installation(url: str, database_url: str) -> Installation:
    """A server that somebody else started on this machine; refuses any other machine."""
    parts = urlsplit(url)
    if parts.hostname is None or parts.port is None or not _is_loopback(parts.hostname):
        raise ValueError(f"expected an address of this machine with a port, like http://127.0.0.1:8000, got {url}")
    return Installation(
        f"{parts.scheme}://{parts.netloc}",
        database_url,
        machine.listener_on(parts.port),
        _postmaster(database_url),
    )


@contextmanager
def _serving(folder: Path, port: int, log: Path, profile: Path | None) -> Generator["subprocess.Popen[bytes]"]:
    command = ["-m", "rxapp"] if profile is None else ["-m", "tests.load.sampler", str(profile)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-u", *command], cwd=folder, env=_environment(folder, port), stdin=subprocess.DEVNULL,
            stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _environment(folder: Path, port: int) -> dict[str, str]:
    # None of the machine's own settings; the working directory has no .env either.
    settings = {str(field.alias) for field in Settings.model_fields.values()}
    kept = {name: value for name, value in os.environ.items() if name not in settings}
    return {**kept, "PYTHONPATH": str(PROJECT), "PORT": str(port), "CONFAB_DATA": str(folder / "data")}


async def _until_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    async with asyncio.timeout(START_SECONDS):
        while "Confab is ready at" not in log.read_text(errors="replace"):
            if process.poll() is not None:
                tail = log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
                raise RuntimeError("\n".join(["the server ended before it served; it said:", *tail]))
            await asyncio.sleep(POLL_SECONDS)


def _postmaster(url: str) -> int | None:
    """The process of the database server; None when it is on another machine."""
    with psycopg.connect(url) as connection:
        row = connection.execute("select pg_backend_pid()").fetchone()
        pid = int(row[0]) if row else 0
        return machine.parent_of(pid) if machine.command_of(pid).startswith("postgres:") else None


def _is_loopback(host: str) -> bool:
    return all(ipaddress.ip_address(found[4][0]).is_loopback for found in socket.getaddrinfo(host, None))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
