"""A browser, a served installation, and people who come to it."""

import os
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, StorageState, async_playwright, expect

from tests.browser.people import Person, enter_as, invite, make_workspace, register_owner
from tests.browser.server import Server
from tests.browser.team import Team
from tests.chromium import HOW_TO, find_chromium

# A bound for what never comes, on a busy machine.
expect.set_options(timeout=15_000)
OWNER = "Ada"
_numbers = count(1)

# Opens a browser for somebody: `await visitor(server, "Ada", color_scheme="dark")`.
Visitor = Callable[..., Awaitable[Person]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failure comes with what the server said."""
    report = yield
    servers = [value for value in getattr(item, "funcargs", {}).values() if isinstance(value, Server | Team)]
    for server in {value.server if isinstance(value, Team) else value for value in servers} if report.failed else ():
        report.sections.append(("the server's log", server.last_words()))
    return report


@pytest.fixture(scope="session")
def chromium() -> Path:
    found = find_chromium()
    assert found, HOW_TO
    return found


@pytest_asyncio.fixture(scope="session")
async def browser(chromium: Path) -> AsyncGenerator[Browser]:
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        await browser.close()


def new_server(folder: Path, **settings: str) -> Server:
    made = Path(tempfile.mkdtemp(dir=folder))
    made.chmod(0o711)
    return Server(made, **settings)


@pytest_asyncio.fixture(scope="session")
async def server(reachable_dir: Path) -> AsyncGenerator[Server]:
    """The one that most tests share."""
    server = new_server(reachable_dir)
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def own_server(reachable_dir: Path) -> AsyncGenerator[Server]:
    """An empty installation that a test may crash."""
    server = new_server(reachable_dir)
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def visitor(browser: Browser) -> AsyncGenerator[Visitor]:
    """Browsers for people; a script error or an error on the console that nobody expected fails the test."""
    people: list[Person] = []
    async with AsyncExitStack() as stack:

        async def come(server: Server, name: str, **options: object) -> Person:
            context = await browser.new_context(base_url=server.url, locale="en-GB", **options)  # type: ignore[arg-type]
            stack.push_async_callback(context.close)
            context.set_default_timeout(15_000)
            person = Person(name, context, await context.new_page())
            people.append(person)
            return person

        yield come
    problems = [f"{person.name}: {problem}" for person in people for problem in person.unexpected()]
    assert not problems, "the browser reported:\n" + "\n".join(problems)


@pytest_asyncio.fixture(scope="session")
async def owner_session(browser: Browser, server: Server) -> StorageState:
    """The cookies of the shared installation's owner."""
    async with await browser.new_context(base_url=server.url) as context:
        await register_owner(Person(OWNER, context, await context.new_page()), "First workspace")
        return await context.storage_state()


@pytest_asyncio.fixture
async def team(server: Server, visitor: Visitor, owner_session: StorageState) -> Team:
    """A fresh workspace with two people in #general."""
    number = next(_numbers)
    ada = await visitor(server, OWNER, storage_state=owner_session)
    await make_workspace(ada, f"Workspace {number}")
    link = await invite(ada)
    bob = await visitor(server, f"Bob {number}")
    await enter_as(bob, link)
    return Team(server, ada, bob, link)
