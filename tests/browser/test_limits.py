"""Who is too quick waits, sees that it is so, and loses nothing."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import expect

from tests.browser.conftest import Visitor, new_server
from tests.browser.people import channel_id, composer, create_channel, register_owner, sees, send
from tests.browser.server import Server

HASTE = """() => {
    window.isHasty = true;
    const links = ['general', 'plans'].map((name) => [...document.querySelectorAll('nav a')].find(
        (link) => link.textContent.includes(name)));
    let times = 0;
    const go = () => {
        links[times % 2].click();
        times += 1;
        requestAnimationFrame(times < 400 ? go : () => { window.isHasty = false; });
    };
    go();
}"""


@pytest_asyncio.fixture
async def strict_server(reachable_dir: Path) -> AsyncGenerator[Server]:
    server = new_server(reachable_dir, RATE_LIMIT_FACTOR="0.25")
    await server.start()
    yield server
    await server.stop()


async def test_who_writes_and_goes_about_too_quickly_waits_and_then_everything_is_there(
    strict_server: Server, visitor: Visitor
) -> None:
    ada = await visitor(strict_server, "Ada")
    ada.expect_refusals("429")
    await register_owner(ada, "Analysts")
    texts = [f"Line {number:02}" for number in range(12)]
    for text in texts:
        await composer(ada).fill(text)
        await composer(ada).press("Enter")
    await expect(ada.page.get_by_text("Waiting a moment").first).to_be_visible()
    for text in texts:
        await sees(ada, text)
    await expect(ada.page.get_by_text("Waiting a moment")).to_have_count(0)
    stored = await strict_server.query(
        "select source from public.chat where channel_id = %s order by seq", channel_id(ada)
    )
    assert [source for (source,) in stored] == texts

    await create_channel(ada, "plans")
    await ada.page.evaluate(HASTE)
    await expect(ada.page.get_by_text("That was too much at once")).to_be_visible()
    await ada.page.wait_for_function("!window.isHasty")
    await ada.page.get_by_role("link", name="general").click()
    await sees(ada, texts[-1])
    await send(ada, "Back again")
    await sees(ada, "Back again")
