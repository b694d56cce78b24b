"""What it costs to come into a large workspace: `python -m tests.speed.arrival`.

Starts the app on a Postgres of its own, in which a workspace has 10,000 members and 1,000 channels. One person is in
200 of the channels, another in all of them. Each logs in, connects, hydrates, comes into the workspace and opens its
first channel, over HTTP and a socket as a browser does. Said is the processor time of the server's event loop, and what
passes on the clock; the check of a password runs in a thread beside it and is only on the clock.
"""

import argparse
import asyncio
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from statistics import median

from reflex_base.utils.format import format_event_handler

from db.embedded import ensure_running
from db.engine import Database
from db.migrate import migrate
from rxapp.auth.sessions import COOKIE_NAME
from state.channel import ChannelState
from state.workspace import WorkspaceState
from tests.access.server import Server, start_server, stop_server
from tests.access.tab import Tabs
from tests.speed.large_workspace import (
    CHANNELS,
    EMAIL,
    PASSWORD,
    LargeWorkspace,
    write_person,
    write_workspace,
)
from tests.speed.measuring import say

PEOPLE = {"few": 200, "all": CHANNELS}
NANOSECONDS_PER_MS = 1_000_000
HEADINGS = f"{'step':<36}{'p50 ms':>9}{'server CPU ms':>15}"


class Steps:
    """What each step took, by its name."""

    def __init__(self, server: Server) -> None:
        self._usage = Path(f"/proc/{server.process.pid}/schedstat")  # of the first thread, which has the event loop
        self._took: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def _cpu_ms(self) -> float:
        return int(self._usage.read_text().split()[0]) / NANOSECONDS_PER_MS

    @asynccontextmanager
    async def step(self, name: str) -> AsyncGenerator[None]:
        """Measure what is done in the block."""
        cpu, began = self._cpu_ms(), time.perf_counter()
        yield
        wall = (time.perf_counter() - began) * 1000
        self._took[name].append((wall, self._cpu_ms() - cpu))

    def table(self) -> list[str]:
        """Medians, and their sum without the log-in."""
        medians = {name: [median(column) for column in zip(*took, strict=True)] for name, took in self._took.items()}
        rows = [f"{name:<36}{wall:>9.1f}{cpu:>15.2f}" for name, (wall, cpu) in medians.items()]
        came = [values for name, values in medians.items() if name != LOG_IN]
        wall, cpu = (sum(column) for column in zip(*came, strict=True))
        return [*rows, f"{'from connecting to the page':<36}{wall:>9.1f}{cpu:>15.2f}"]


LOG_IN = "log in, the password beside"


async def come(server: Server, workspace: LargeWorkspace, name: str, times: int) -> list[str]:
    """Let somebody come so many times."""
    steps = Steps(server)
    enter, look = format_event_handler(WorkspaceState.enter), format_event_handler(ChannelState.open)
    for _ in range(times):
        async with AsyncExitStack() as stack, server.client() as client:
            async with steps.step(LOG_IN):
                answer = await client.post(
                    "/api/session", json={"email": EMAIL.format(name=name), "password": PASSWORD}
                )
            token = answer.raise_for_status().cookies[COOKIE_NAME]
            async with steps.step("connect"):
                tab = await Tabs(server, stack).open(token)
            async with steps.step("hydrate"):
                await tab.hydrate()
            async with steps.step("come into the workspace"):
                await tab.send(enter, {"workspace_id": str(workspace.id), "since_rev": 0})
                await tab.until_heard("sidebar")
            async with steps.step("open its first channel"):
                await tab.send(look, {"channel_id": str(workspace.first), "since_rev": 0})
                await tab.until_heard("page")
    return steps.table()


async def report(url: str, folder: Path, times: int) -> None:
    """Fill, measure, and print."""
    database = Database.at(url)
    workspace = await write_workspace(database)
    for name, seats in PEOPLE.items():
        await write_person(database, workspace, name, seats=seats)
    await database.close()
    server = await start_server(url, folder)
    try:
        for name, seats in PEOPLE.items():
            say(f"in {seats} of {CHANNELS} channels\n{HEADINGS}")
            for line in await come(server, workspace, name, times):
                say(line)
    finally:
        await stop_server(server)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=30, help="that each comes (default: %(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="confab-arrival-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        with ensure_running(folder / "data") as embedded:
            migrate(embedded.url)
            asyncio.run(report(embedded.url, folder, options.times))


if __name__ == "__main__":
    main()
