"""The server that is measured: one of its own, or one that already serves on this machine."""

import asyncio
import ipaddress
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psycopg

from db.embedded import ensure_running
from rxapp.operator_error import OperatorError
from rxapp.settings import Settings
from tests.load import machine
from tests.redis_server import RedisServer

PROJECT = Path(__file__).resolve().parents[2]
# The page may have to be built first.
START_SECONDS = 300.0
LOG_TAIL_LINES = 30
COMPLAINT_CHARACTERS = 300
# Ten people who say what 500 would say must not be told to wait. A setting that the server lacks is left out.
NO_LIMITS = {
    "RATE_LIMIT_FACTOR": "1000",
    "ADDRESS_LIMIT_FACTOR": "1000",
    "SOCKETS_PER_ACCOUNT": "100000",
    "SOCKETS_PER_ADDRESS": "100000",
}
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
    is_sampled: bool = False

    @contextmanager
    def profiled(self) -> Generator[None]:
        """A window of the sampler, where one runs."""
        if self.is_sampled:
            os.kill(self.server, signal.SIGUSR2)
        yield
        if self.is_sampled:
            os.kill(self.server, signal.SIGUSR2)

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
        return [line[:COMPLAINT_CHARACTERS] for line in lines if " ERROR " in line or " WARNING " in line]


@asynccontextmanager
async def own_installation(profile: Path | None = None, workers: int = 1) -> AsyncGenerator[Installation]:
    """Serve on a free port, with a data folder of its own that is removed afterwards."""
    with own_folder() as folder:
        async with serve_from(folder, profile, workers) as installation:
            yield installation


@contextmanager
def own_folder() -> Generator[Path]:
    """A folder that is removed afterwards."""
    with TemporaryDirectory(prefix="confab-load-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # the database's own account has to pass
        yield folder


@asynccontextmanager
async def serve_from(folder: Path, profile: Path | None = None, workers: int = 1) -> AsyncGenerator[Installation]:
    """Serve on a free port what is in a folder; several workers have a Redis of their own."""
    if profile is not None and workers > 1:
        raise OperatorError("expected one worker: what several do cannot be profiled")
    port, log = _free_port(), folder / "server.log"
    with ExitStack() as held:
        redis = held.enter_context(_redis(folder)) if workers > 1 else None
        process = held.enter_context(_serving(folder, log, profile, _environment(folder, port, workers, redis)))
        await _until_ready(process, log)
        database = held.enter_context(ensure_running(folder / "data"))
        postmaster = await asyncio.to_thread(_postmaster, database.url)
        yield Installation(
            url=f"http://127.0.0.1:{port}",
            database_url=database.url,
            server=process.pid,
            postmaster=postmaster,
            redis=redis.pid if redis else None,
            log=log,
            is_sampled=profile is not None,
        )


def given_installation(url: str, database_url: str) -> Installation:
    """A server that somebody else started on this machine; refuses any other machine."""
    parts = urlsplit(url)
    if parts.hostname is None or parts.port is None or not _is_loopback(parts.hostname):
        raise OperatorError(f"expected an address of this machine with a port, like http://127.0.0.1:8000, got {url}")
    return Installation(
        f"{parts.scheme}://{parts.netloc}",
        database_url,
        machine.listener_on(parts.port),
        _postmaster(database_url),
    )


@contextmanager
def _redis(folder: Path) -> Generator[RedisServer]:
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def _serving(
    folder: Path, log: Path, profile: Path | None, environment: dict[str, str]
) -> Generator["subprocess.Popen[bytes]"]:
    command = ["-m", "rxapp"] if profile is None else ["-m", "tests.load.sampler", str(profile)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-u", *command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
            stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def _environment(folder: Path, port: int, workers: int, redis: RedisServer | None) -> dict[str, str]:
    # None of the machine's own settings; the working directory has no .env either.
    settings = {str(field.alias) for field in Settings.model_fields.values()}
    kept = {name: value for name, value in os.environ.items() if name not in settings}
    own = {**NO_LIMITS, "PORT": str(port), "CONFAB_DATA": str(folder / "data"), "WEB_CONCURRENCY": str(workers)}
    if redis is not None:
        own["REDIS_URL"] = redis.url
    return {**kept, "PYTHONPATH": str(PROJECT), **{name: value for name, value in own.items() if name in settings}}


async def _until_ready(process: "subprocess.Popen[bytes]", log: Path) -> None:
    async with asyncio.timeout(START_SECONDS):
        while "Confab is ready at" not in log.read_text(errors="replace"):
            if process.poll() is not None:
                tail = log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
                raise OperatorError("\n".join(["the server ended before it served; it said:", *tail]))
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
