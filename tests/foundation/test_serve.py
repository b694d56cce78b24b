"""One command serves everything on one port, and ends with everything it started."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Generator
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from rxapp.build import CLIENT, ensure_built
from tests.browser.server import descendants_of
from tests.browser.waiting import until as until_async
from tests.foundation.processes import GIVE_UP_SECONDS, is_running, until

PROJECT = Path(__file__).resolve().parents[2]
SOCKET = "/_event/?EIO=4&transport=websocket"
ADA = {"name": "Ada", "email": "ada@example.org", "password": "a quite uncommon sentence", "workspace": "Team"}

pytestmark = pytest.mark.slow


class Server:
    """`python -m rxapp` with a port and a data folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[str] | None = None

    def start(self, *, wait: bool = True) -> "subprocess.Popen[str]":
        """Start, and by default wait for the line that says where it is."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "rxapp"], cwd=PROJECT, start_new_session=True, text=True,
            env={"PATH": os.environ["PATH"], "PORT": str(self.port), "CONFAB_DATA": str(self.data)},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        if wait:
            self.wait_for(f"Confab is ready at {self.url}")
        return self.process

    def wait_for(self, line: str) -> list[str]:
        """Read what it says up to that line, and give it."""
        said = []
        assert self.process is not None
        assert self.process.stdout is not None
        for words in self.process.stdout:
            said.append(words)
            if words.strip() == line:
                return said
        raise AssertionError(f"it ended before it said {line!r}: {''.join(said)}")

    def end(self, number: signal.Signals) -> int:
        """Send a signal, wait, and give the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        self.process.communicate(timeout=GIVE_UP_SECONDS)
        code = self.process.returncode
        self.process = None
        return code

    def postmaster(self) -> int:
        return int((self.data / "postgres/data/postmaster.pid").read_text().splitlines()[0])


@pytest.fixture
def server(reachable_dir: Path) -> Generator[Server]:
    folder = Path(tempfile.mkdtemp(dir=reachable_dir))
    folder.chmod(0o711)
    made = Server(folder)
    yield made
    if made.process is not None:
        made.end(signal.SIGKILL)
    pid_file = made.data / "postgres/data/postmaster.pid"
    until(lambda: not pid_file.exists(), "the database ends")
    shutil.rmtree(folder)


async def test_page_api_and_socket_share_a_port_and_what_was_acknowledged_survives_kill_9(server: Server) -> None:
    server.start()
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, follow_redirects=True) as client:
        page = await client.get("/")
        assert page.status_code == 200
        assert page.headers["content-type"].startswith("text/html")
        assert "Confab" in page.text
        assert (await client.get("/api/session")).json()["error"]["code"] == "not_signed_in"
        # Sent by a page of this server's, as every write has to be.
        answer = await client.post("/api/accounts", json=ADA, headers={"Origin": server.url})
        assert answer.status_code == 204, answer.text
        session = answer.cookies["confab_session"]

    address = f"ws://127.0.0.1:{server.port}{SOCKET}"
    cookie = {"Cookie": f"confab_session={session}"}
    async with connect(address, origin=Origin(server.url), additional_headers=cookie, proxy=None) as opened:
        assert str(await opened.recv()).startswith('0{"sid"')
    with pytest.raises(InvalidStatus) as refused:
        async with connect(address, origin=Origin("https://elsewhere.example"), additional_headers=cookie, proxy=None):
            pass
    assert refused.value.response.status_code == 403

    postmaster = server.postmaster()
    assert server.end(signal.SIGKILL) == -signal.SIGKILL
    until(lambda: not is_running(postmaster), "the database ends by itself")

    server.start()
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, cookies={"confab_session": session}) as client:
        assert (await client.get("/api/session")).json()["email"] == ADA["email"]
    postmaster = server.postmaster()
    assert server.end(signal.SIGTERM) == 0
    assert not is_running(postmaster)


def test_build_needs_no_database_and_a_start_after_it_builds_nothing(server: Server) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "rxapp", "build"], cwd=PROJECT, text=True, check=True, capture_output=True,
        env={"PATH": os.environ["PATH"], "CONFAB_DATA": str(server.data), "DATABASE_URL": "postgresql://nowhere.invalid/x"},
    )  # fmt: skip
    folder = Path(built.stdout.strip().splitlines()[-1].removeprefix("The page is built: "))
    assert (folder / CLIENT / "index.html").is_file()
    assert not server.data.exists()
    server.start(wait=False)
    assert "Building" not in "".join(server.wait_for(f"Confab is ready at {server.url}"))


async def test_it_is_ready_when_it_says_so(server: Server) -> None:
    server.start()
    async with httpx.AsyncClient(base_url=server.url, trust_env=False) as client:
        answer = await client.get("/health/ready")
        assert (answer.status_code, answer.json()["status"]) == (200, "ready")
        # The page of the build is behind the same door: what is absent looks the same with and without a build.
        assert (await client.get("/metrics")).text == (await client.get("/metricz")).text


async def test_while_the_database_hangs_it_is_alive_and_not_ready(server: Server) -> None:
    server.start()
    async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=GIVE_UP_SECONDS) as client:

        async def answer(path: str) -> tuple[int, str]:
            found = await client.get(path)
            return found.status_code, found.json()["status"]

        assert await answer("/health/ready") == (200, "ready")
        # Now, when whoever asks has a connection.
        database = [server.postmaster(), *descendants_of(server.postmaster())]
        try:
            for pid in database:
                os.kill(pid, signal.SIGSTOP)
            await until_async(lambda: _is(answer("/health/ready"), (503, "not_ready")), "it is not ready")
            assert await answer("/health/live") == (200, "alive")
            parts = (await client.get("/health/ready")).json()["parts"]
            assert (parts["database"], parts["jobs"], parts["serving"]) == ("slow", "ok", "ok")
        finally:
            for pid in database:
                os.kill(pid, signal.SIGCONT)
        await until_async(lambda: _is(answer("/health/ready"), (200, "ready")), "it is ready again")


async def _is(answer: Awaitable[tuple[int, str]], wanted: tuple[int, str]) -> bool:
    return await answer == wanted


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_ctrl_c_and_a_closed_terminal_stop_everything(server: Server, number: signal.Signals) -> None:
    server.start()
    postmaster = server.postmaster()
    assert server.end(number) == 0
    assert not is_running(postmaster)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_ctrl_c_and_a_closed_terminal_while_it_starts_stop_the_database_too(
    server: Server, number: signal.Signals
) -> None:
    server.start(wait=False)
    pid_file = server.data / "postgres/data/postmaster.pid"
    until(lambda: pid_file.exists() and len(pid_file.read_text().splitlines()) > 1, "its database starts")
    postmaster = server.postmaster()
    assert server.end(number) == 0
    until(lambda: not is_running(postmaster), "the database ends")


def test_a_stop_does_not_wait_for_a_database_that_is_away(server: Server) -> None:
    server.start()
    for pid in (int((server.data / "postgres/watchdog.lock").read_text()), server.postmaster()):
        os.kill(pid, signal.SIGKILL)
    assert server.end(signal.SIGTERM) == 0
    (server.data / "postgres/data/postmaster.pid").unlink()


def test_the_build_knows_no_address() -> None:
    client = ensure_built(lambda _: None) / CLIENT
    scripts = list(client.rglob("*.js"))
    assert scripts
    for path in scripts:
        text = path.read_text()
        assert "confab.invalid" not in text
        assert "http://localhost:" not in text


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
