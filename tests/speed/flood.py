"""Whether one member can slow down the others: `python -m tests.speed.flood [--seconds N] [--json]`.

Starts a Confab of its own with the limits that people have. Two members send messages as people do, first alone and
then while a third one floods: requests as fast as twenty connections go, and events over a socket. The ratio of how
long the two wait is what counts; the flooder's client takes a part of the machine too.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException
from websockets.typing import Origin

from db.embedded import ensure_running
from db.engine import Database
from rxapp.actor import Actor
from rxapp.auth.sessions import COOKIE_NAME, open_session
from rxapp.services.backend import make_backend
from tests.browser.server import Server
from tests.load.machine import read_cpu
from tests.team import make_team

SECONDS = 20
SENDS_PER_SECOND = 4  # of each of the two
CONNECTIONS = 20
COME_AGAIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Place:
    """Where is written, and the cookies of who writes."""

    url: str
    channel: str
    cookies: list[str]


async def measure(seconds: float) -> dict[str, Any]:
    """The figures of one run."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        server = Server(Path(folder), RATE_LIMIT_FACTOR="1")
        await server.start()
        try:
            async with _moved_in(server) as place:
                process = server.pid
                await _send(place, 2)  # what is done once
                quiet, quiet_cpu = await _timed(place, seconds, process)
                flooder = await _start_flooder(place, seconds)
                flooded, flooded_cpu = await _timed(place, seconds, process)
                said, _ = await flooder.communicate()
        finally:
            await server.stop()
    p95 = [quantiles(times, n=20)[-1] * 1000 for times in (quiet, flooded)]
    return {
        "others_p50_ms": [round(median(times) * 1000, 1) for times in (quiet, flooded)],
        "others_p95_ms": [round(one, 1) for one in p95],
        "ratio_p95": round(p95[1] / p95[0], 2),
        "server_cpu_s": [round(quiet_cpu, 2), round(flooded_cpu, 2)],
        "flooder": json.loads(said),
    }


@asynccontextmanager
async def _moved_in(server: Server) -> AsyncGenerator[Place]:
    with ensure_running(server.data) as running:
        database = Database.at(running.url, pool_size=2)
        backend = make_backend(database)
        team = await make_team(backend)

        async def cookie_of(actor: Actor) -> str:
            opened = await open_session(
                database, user_id=actor.user_id, lifetime_days=1, address="192.0.2.1", agent="a test"
            )
            return opened.token

        cookies = [await cookie_of(actor) for actor in (team.owner, team.admin, team.member)]
        yield Place(server.url, str(team.general), cookies)
        await backend.hub.close()
        await database.close()


async def _timed(place: Place, seconds: float, process: int) -> tuple[list[float], float]:
    before = read_cpu(process, None).server
    times = await _send(place, seconds)
    return times, read_cpu(process, None).server - before


async def _send(place: Place, seconds: float) -> list[float]:
    """How long each message of the two took."""
    times: list[float] = []

    async def write(cookie: str) -> None:
        headers = {"origin": place.url, "cookie": f"{COOKIE_NAME}={cookie}"}
        async with httpx.AsyncClient(base_url=place.url, headers=headers, timeout=60, trust_env=False) as client:
            end = time.perf_counter() + seconds
            while (began := time.perf_counter()) < end:
                body = {"client_key": str(uuid4()), "source": "How are you?"}
                answer = await client.post(f"/api/channels/{place.channel}/messages", json=body)
                answer.raise_for_status()
                took = time.perf_counter() - began
                times.append(took)
                await asyncio.sleep(max(1 / SENDS_PER_SECOND - took, 0))

    await asyncio.gather(*(write(cookie) for cookie in place.cookies[:2]))
    return times


# ---------------------------------------------------------------- who floods, in a process of its own


async def _start_flooder(place: Place, seconds: float) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "tests.speed.flood", "--seconds", str(seconds), "--flood", place.url]
    return await asyncio.create_subprocess_exec(
        *command, place.cookies[2], place.channel, stdout=asyncio.subprocess.PIPE, env=os.environ
    )


async def flood(url: str, cookie: str, channel: str, seconds: float) -> dict[str, int]:
    """As much as can be sent in a time; gives how often it was answered how."""
    answers: Counter[str] = Counter()
    tasks = [asyncio.create_task(_request(url, cookie, channel, answers)) for _ in range(CONNECTIONS)]
    tasks.append(asyncio.create_task(_events(url, cookie, channel, answers)))
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return dict(answers)


async def _request(url: str, cookie: str, channel: str, answers: Counter[str]) -> None:
    place = urlsplit(url)
    while True:
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        try:
            while True:
                body = json.dumps({"client_key": str(uuid4()), "source": "flood"})
                writer.write(
                    f"POST /api/channels/{channel}/messages HTTP/1.1\r\nhost: {place.netloc}\r\norigin: {url}\r\n"
                    f"cookie: {COOKIE_NAME}={cookie}\r\ncontent-type: application/json\r\n"
                    f"content-length: {len(body)}\r\n\r\n{body}".encode()
                )
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                await reader.readexactly(int(head.partition("content-length: ")[2].split("\r\n")[0]))
                answers[head.split(" ")[1]] += 1
        except (OSError, EOFError):
            answers["connection closed"] += 1
            await asyncio.sleep(COME_AGAIN_SECONDS)
        finally:
            writer.close()


async def _events(url: str, cookie: str, channel: str, answers: Counter[str]) -> None:
    event = {"name": "reflex___state____state.state___channel____channel_state.load_older"}
    event |= {"payload": {"channel_id": channel, "before_seq": 10}}  # type: ignore[dict-item]
    while True:
        try:
            async with connect(
                f"ws{url.removeprefix('http')}/_event/?EIO=4&transport=websocket&token={uuid4()}",
                origin=Origin(url), additional_headers={"Cookie": f"{COOKIE_NAME}={cookie}"}, proxy=None,
            ) as socket:  # fmt: skip
                await socket.recv()
                await socket.send("40/_event,")
                await socket.recv()
                while True:
                    await socket.send(f"42/_event,{json.dumps(['event', event])}")
                    answers["events"] += 1
                    await asyncio.sleep(0)
        except (OSError, WebSocketException):
            answers["sockets closed"] += 1
            await asyncio.sleep(COME_AGAIN_SECONDS)


def main() -> None:
    """Measure and print, or flood."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each half (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="one object instead of lines")
    parser.add_argument("--flood", nargs=3, metavar=("URL", "COOKIE", "CHANNEL"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.flood:
        url, cookie, channel = arguments.flood
        sys.stdout.write(json.dumps(asyncio.run(flood(url, cookie, channel, arguments.seconds))))
        return
    report = asyncio.run(measure(arguments.seconds))
    lines = json.dumps(report) if arguments.json else "\n".join(f"{name}: {value}" for name, value in report.items())
    sys.stdout.write(f"{lines}\n")


if __name__ == "__main__":
    main()
