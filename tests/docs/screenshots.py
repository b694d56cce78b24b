"""The pictures of the docs, taken of a server of their own.

    python -m tests.docs.screenshots

makes the workspace of `tests/docs/conversation.py` as people make one and writes docs/images/*.png. What would differ
each time, the hour and the colours, is set: the pictures change when the page changes. Those of the guide are posed in
`tests/docs/guide.py`.
"""

import asyncio
import math
import os
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.async_api import Browser, BrowserContext, FloatRect, Locator, Page, async_playwright, expect

from tests.browser.people import (
    Person,
    channel_id,
    close_dialog,
    create_channel,
    enter_as,
    invite,
    is_in_channel,
    make_workspace,
    register_owner,
)
from tests.browser.server import PROJECT, Server
from tests.chromium import HOW_TO, find_chromium
from tests.docs.conversation import (
    CHANNEL,
    CHANNELS,
    CONVERSATION,
    DIRECT,
    GUESTS,
    JOINED,
    NOW,
    OTHER_WORKSPACE,
    OWNER,
    PEOPLE,
    PRIVATE_CHANNELS,
    TOPIC,
    WORKSPACE,
    WORKSPACES,
    Said,
)
from tests.docs.guide import POSES

IMAGES = PROJECT / "docs" / "images"
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 960, "height": 720}
PHONE = {"width": 390, "height": 844}
PICTURES: dict[str, dict[str, Any]] = {
    "channel-light.png": {"viewport": WIDE, "color_scheme": "light"},
    "channel-dark.png": {"viewport": WIDE, "color_scheme": "dark"},
    "channel-phone.png": {"viewport": PHONE, "color_scheme": "light", "has_touch": True, "is_mobile": True},
}
MARGIN_PX = 16
"""What a picture of a part shows around it."""


async def take_pictures(browser: Browser, server: Server) -> None:
    """Fill an empty installation, and photograph it."""
    async with AsyncExitStack() as stack:
        people = {name: await _come(stack, browser, server, name) for name in PEOPLE}
        owner = people[OWNER]
        await register_owner(owner, WORKSPACE)
        link = await invite(owner)
        for name in GUESTS:
            await enter_as(people[name], link)
        channels = {CHANNELS[0]: channel_id(owner)}
        for name in CHANNELS[1:]:
            await create_channel(owner, name, private=name in PRIVATE_CHANNELS)
            channels[name] = channel_id(owner)
            await _add_everybody(owner)
        await owner.page.get_by_role("link", name=CHANNEL).click()
        await is_in_channel(owner, CHANNEL)
        await _set_topic(owner)
        place = owner.page.url
        conversations = {
            name: await _begin_conversation(owner, name) for name in dict.fromkeys(d.channel for d in DIRECT)
        }
        await make_workspace(owner, OTHER_WORKSPACE)
        await owner.page.close()  # who looks has read, and what was said elsewhere shall be unread
        for said in CONVERSATION:
            await _say(server, people[said.by], channels[said.channel], said)
        for said in DIRECT:
            await _say(server, people[said.by], conversations[said.channel], said)
        await _set_times(server)
        await _set_colours(server)
        state = await owner.context.storage_state()
        for file, options in PICTURES.items():
            async with await _a_look(browser, server, state, options) as context:
                page = await _come_in(context, place)
                await _photograph(page, [], IMAGES / file)
        for file, pose in POSES.items():
            options = {
                "viewport": PHONE if pose.phone else NARROW if pose.narrow else WIDE,
                "has_touch": pose.phone,
                "is_mobile": pose.phone,
                "color_scheme": "dark" if pose.dark else "light",
            }
            async with await _a_look(browser, server, state, options) as context:
                page = await _come_in(context, place)
                await _photograph(page, await pose.take(page), IMAGES / file)


async def _a_look(browser: Browser, server: Server, state: Any, options: dict[str, Any]) -> BrowserContext:
    return await browser.new_context(
        base_url=server.url, locale="en-GB", timezone_id="UTC", storage_state=state, **options
    )


async def _come(stack: AsyncExitStack, browser: Browser, server: Server, name: str) -> Person:
    context = await browser.new_context(base_url=server.url, locale="en-GB")
    stack.push_async_callback(context.close)
    return Person(name, context, await context.new_page())


async def _add_everybody(owner: Person) -> None:
    await owner.page.get_by_role("button", name="People in this channel").click()
    for name in GUESTS:
        await owner.page.get_by_role("option", name=name).click()
    await owner.page.get_by_role("button", name="Add", exact=True).click()
    for name in GUESTS:
        await expect(owner.page.get_by_role("button", name=f"Remove {name} from this channel")).to_be_visible()
    await close_dialog(owner)


async def _set_topic(owner: Person) -> None:
    await owner.page.get_by_role("button", name="Channel settings").click()
    await owner.page.get_by_role("textbox", name="Topic").fill(TOPIC)
    await owner.page.get_by_role("button", name="Save").click()
    await expect(owner.page.get_by_role("dialog")).to_have_count(0)


async def _say(server: Server, author: Person, channel: str, said: Said) -> None:
    request, headers = author.context.request, {"origin": server.url}
    answer = await request.post(
        f"/api/channels/{channel}/messages",
        data={"client_key": str(uuid4()), "source": said.edited or said.source},
        headers=headers,
    )
    assert answer.ok, await answer.text()
    message = (await answer.json())["id"]
    if said.edited:
        answer = await request.patch(f"/api/messages/{message}", data={"source": said.source}, headers=headers)
        assert answer.ok, await answer.text()
    await server.query("update public.chat set created_at = %s where id = %s", said.at, message)


async def _set_times(server: Server) -> None:
    """Besides those of messages: since when people are here, and when they edited. No link shows how long it works."""
    await server.query("update public.members set joined_at = %s", JOINED)
    await server.query(
        "update public.chat set edited_at = created_at + interval '2 minutes' where edited_at is not null"
    )
    await server.query(
        "update private.message_versions v set written_at = c.created_at from public.chat c where c.id = v.message_id"
    )
    await server.query("delete from private.invitations")


async def _set_colours(server: Server) -> None:
    for name, hue in PEOPLE.items():
        await server.query("update public.users set hue = %s where display_name = %s", hue, name)
    for name, (icon, hue) in WORKSPACES.items():
        await server.query("update public.workspaces set icon = %s, hue = %s where name = %s", icon, hue, name)


async def _begin_conversation(owner: Person, name: str) -> str:
    await owner.page.get_by_role("button", name="New message").click()
    await owner.page.get_by_role("option", name=name).click()
    await owner.page.get_by_role("button", name="Open conversation").click()
    await is_in_channel(owner, name)
    return channel_id(owner)


async def _come_in(context: BrowserContext, place: str) -> Page:
    page = await context.new_page()
    await page.clock.set_fixed_time(NOW)
    await page.goto(place)
    newest = [said.source for said in CONVERSATION if said.channel == CHANNEL][-1]
    await expect(page.get_by_role("article").filter(has_text=newest)).to_be_in_viewport()
    await expect(page.get_by_role("status")).to_have_count(0)
    await page.evaluate("document.fonts.ready")
    return page


async def _photograph(page: Page, parts: list[Locator], file: Path) -> None:
    """The whole of the page, or no more than what holds the parts."""
    clip = await _around(page, parts) if parts else None
    await page.screenshot(path=file, animations="disabled", caret="hide", clip=clip)


async def _around(page: Page, parts: list[Locator]) -> FloatRect:
    size = page.viewport_size
    assert size is not None
    boxes = [await part.bounding_box() for part in parts]
    found = [box for box in boxes if box is not None]
    assert len(found) == len(parts)
    left = max(0, math.floor(min(box["x"] for box in found) - MARGIN_PX))
    top = max(0, math.floor(min(box["y"] for box in found) - MARGIN_PX))
    right = min(size["width"], math.ceil(max(box["x"] + box["width"] for box in found) + MARGIN_PX))
    bottom = min(size["height"], math.ceil(max(box["y"] + box["height"] for box in found) + MARGIN_PX))
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


async def main(chromium: Path) -> None:
    """Start what is needed, take the pictures, stop it."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="confab-pictures-") as folder:
        Path(folder).chmod(0o711)  # the account that root's database runs as has to pass through
        server = Server(Path(folder))
        await server.start()
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium, args=arguments)
                await take_pictures(browser, server)
                await browser.close()
        finally:
            await server.stop()


if __name__ == "__main__":
    found = find_chromium()
    assert found, HOW_TO
    asyncio.run(main(found))
