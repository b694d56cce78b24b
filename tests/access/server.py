"""A served app and the backend that a test arranges things with, on one database."""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx

from db.engine import Database
from rxapp.actor import Actor
from rxapp.auth.sessions import COOKIE_NAME, OpenedSession, open_session
from rxapp.services.backend import Backend, make_backend

PROJECT = Path(__file__).resolve().parents[2]
METRICS_TOKEN = "only operators know this"
# It says all that it ever says, so that tests see whether that is too much.
TALKATIVE = {"LOG_LEVEL": "debug", "LOG_FORMAT": "json", "METRICS_TOKEN": METRICS_TOKEN}


@dataclass(slots=True)
class Server:
    """The process, where it listens, and what it says."""

    port: int
    log: Path
    backend: Backend
    process: subprocess.Popen[str]
    read_to: int = 0

    @property
    def host(self) -> str:
        """The Host of every request."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The address, which is the Origin of its own pages too."""
        return f"http://{self.host}"

    async def sign_in(self, actor: Actor) -> OpenedSession:
        """A new session of somebody."""
        return await open_session(
            self.backend.database, user_id=actor.user_id, lifetime_days=1, address="192.0.2.1", agent="a test"
        )

    def client(self, token: str = "", *, origin: str | None = "") -> httpx.AsyncClient:
        """Somebody's HTTP client; nobody's without a token."""
        headers = {} if origin is None else {"origin": origin or self.url}
        cookies = {COOKIE_NAME: token} if token else {}
        return httpx.AsyncClient(base_url=self.url, headers=headers, cookies=cookies, timeout=30)

    def failures(self) -> str:
        """What the log has of exceptions that nobody caught, since one last asked."""
        text = self.log.read_text()[self.read_to :]
        self.read_to += len(text)
        return text if "Traceback" in text else ""


async def start_server(database_url: str, folder: Path) -> Server:
    """Serve the database's installation from a process of its own."""
    log = folder / "access-server.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.access.serving"], cwd=PROJECT, stdout=subprocess.PIPE, stderr=errors,
            text=True, env={**os.environ, **TALKATIVE, "DATABASE_URL": database_url,
                 "CONFAB_DATA": str(folder / "access"), "RATE_LIMIT_FACTOR": "100"},
        )  # fmt: skip
    assert process.stdout is not None
    line = await asyncio.to_thread(process.stdout.readline)
    assert line.strip().isdigit(), log.read_text()
    return Server(int(line), log, make_backend(Database.at(database_url, pool_size=3)), process)


async def stop_server(server: Server) -> None:
    """End the process, and complain about what it did not catch."""
    await server.backend.hub.close()
    await server.backend.database.close()
    server.process.terminate()
    await asyncio.to_thread(server.process.wait)
    if server.process.stdout is not None:
        server.process.stdout.close()
