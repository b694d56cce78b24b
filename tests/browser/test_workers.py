"""Two workers in the browser: one place to talk, a word while they do not hear one another, none when they change."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import expect

from tests.browser.conftest import Visitor, new_server
from tests.browser.people import enter_as, invite, register_owner, sees, send
from tests.browser.server import Server
from tests.browser.waiting import until
from tests.redis_server import RedisServer

LATE = "Live updates may be some seconds late. What you send is stored as always."
# New workers start one after another, on a busy machine.
REPLACED_SECONDS = 90.0


@pytest_asyncio.fixture
async def two_workers(reachable_dir: Path, redis_server: RedisServer) -> AsyncGenerator[Server]:
    """An empty installation that two workers serve."""
    server = new_server(reachable_dir, REDIS_URL=redis_server.url, WEB_CONCURRENCY="2")
    await server.start()
    yield server
    await server.stop()


async def test_people_talk_across_workers_are_told_of_delays_and_notice_no_replacement(
    two_workers: Server, redis_server: RedisServer, visitor: Visitor
) -> None:
    ada, bob = await visitor(two_workers, "Ada"), await visitor(two_workers, "Bob")
    for person in (ada, bob):
        person.expect_an_outage()  # a tab that has to go to another worker reports its socket
    await register_owner(ada, "Team")
    await enter_as(bob, await invite(ada))
    await send(ada, "hello over there")
    await sees(bob, "hello over there")

    redis_server.kill()
    for person in (ada, bob):
        await expect(person.page.get_by_role("status").filter(has_text=LATE)).to_be_visible()
    await send(bob, "still here")
    await sees(ada, "still here")
    redis_server.start()
    for person in (ada, bob):
        await expect(person.page.get_by_role("status").filter(has_text=LATE)).to_have_count(0)
    await send(ada, "as before")
    await sees(bob, "as before")

    two_workers.replace_workers()

    async def are_replaced() -> bool:
        return "All workers were replaced" in two_workers.log.read_text()

    await until(
        are_replaced, lambda: f"all are replaced; it said:\n{two_workers.last_words()}", within=REPLACED_SECONDS
    )
    await send(bob, "nothing noticed")
    await sees(ada, "nothing noticed")
    for text in ("hello over there", "still here", "as before", "nothing noticed"):
        await sees(bob, text)
