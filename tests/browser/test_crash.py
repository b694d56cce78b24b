"""The server is killed while people write: afterwards every tab shows what the database holds."""

import asyncio

from playwright.async_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.people import Person, channel_id, enter_as, invite, open_another_tab, register_owner, send
from tests.browser.server import Server
from tests.browser.waiting import until

# How soon after its return every tab has caught up.
RECOVERY_SECONDS = 15.0
# High enough that every message of the test is on the screen.
TALL = {"width": 1000, "height": 12_000}


class Writer:
    """Somebody who writes message after message until told to stop."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.written: list[str] = []
        self._stopped = asyncio.Event()

    async def write(self) -> None:
        while not self._stopped.is_set():
            text = f"{self.person.name} {len(self.written) + 1}."
            await send(self.person, text)
            self.written.append(text)

    def stop(self) -> None:
        self._stopped.set()

    async def has_written(self, count: int) -> None:
        async def enough() -> bool:
            return len(self.written) >= count

        await until(enough, f"{self.person.name} has written {count} messages")


async def test_after_a_crash_under_load_every_tab_equals_the_database_and_nothing_is_lost_or_doubled(
    own_server: Server, visitor: Visitor
) -> None:
    ada = await visitor(own_server, "Ada", viewport=TALL)
    bob = await visitor(own_server, "Bob", viewport=TALL)
    await register_owner(ada, "Analysts")
    await enter_as(bob, await invite(ada))
    tabs = [ada.page, bob.page, await open_another_tab(ada)]
    for person in (ada, bob):
        person.expect_an_outage()

    writers = [Writer(ada), Writer(bob)]
    async with asyncio.TaskGroup() as group:
        for writer in writers:
            group.create_task(writer.write())
        await asyncio.gather(*(writer.has_written(10) for writer in writers))
        await own_server.crash()
        down_at = [len(writer.written) for writer in writers]
        await asyncio.gather(*(writer.has_written(at + 5) for writer, at in zip(writers, down_at, strict=True)))
        await own_server.start()
        back_at = [len(writer.written) for writer in writers]
        await asyncio.gather(*(writer.has_written(at + 5) for writer, at in zip(writers, back_at, strict=True)))
        for writer in writers:
            writer.stop()

    expected = sum(len(writer.written) for writer in writers)

    async def all_is_stored() -> bool:
        return len(await stored_in(own_server, ada)) >= expected

    await until(all_is_stored, f"{expected} messages are stored", within=RECOVERY_SECONDS)
    stored = await stored_in(own_server, ada)
    for writer in writers:
        assert [text for text in stored if text.startswith(writer.person.name)] == writer.written
    for tab in tabs:
        await shows(tab, stored)


async def shows(tab: Page, stored: list[str]) -> None:
    """Wait until the list has these texts in this order and no others."""
    rows = tab.get_by_role("log", name="Messages").get_by_role("article").get_by_role("paragraph")
    await expect(rows).to_have_text(stored, timeout=RECOVERY_SECONDS * 1000)


async def stored_in(server: Server, person: Person) -> list[str]:
    found = await server.query(
        "select source from public.chat where channel_id = %s and deleted_at is null order by seq", channel_id(person)
    )
    return [source for (source,) in found]
