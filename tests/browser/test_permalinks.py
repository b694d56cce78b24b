"""A link to a message opens it in its context, however far back it lies, and the list leads on from there."""

import re

from playwright.async_api import expect

from tests.browser.people import Person, channel_id, create_channel, sees, send
from tests.browser.team import Team
from tests.browser.test_history import fill, log, numbered
from tests.browser.waiting import until

MESSAGES = 3200
FAR_BACK = 700
SCROLL = "(list, pixels) => { list.scrollBy(0, pixels); return new Promise(requestAnimationFrame); }"
ID_OF = "select id::text from public.chat where channel_id = %s and seq = %s"


async def archive(team: Team, count: int = MESSAGES) -> str:
    """A channel of Ada's with many messages, which she then looks at; gives its address."""
    await create_channel(team.ada, "archive")
    await fill(team.server, channel_id(team.ada), count)
    path = team.ada.page.url
    await team.ada.page.reload()
    await expect(numbered(team.ada, count)).to_be_in_viewport(ratio=1)
    return path


async def link_to(team: Team, path: str, number: int) -> str:
    ((message_id,),) = await team.server.query(ID_OF, path.rpartition("/c/")[2], number)
    return f"{path}?m={message_id}"


async def is_at(person: Person, number: int) -> None:
    """Wait until a message is in the middle of the list, with the focus."""
    await expect(numbered(person, number)).to_be_focused()
    await expect(numbered(person, number)).to_be_in_viewport(ratio=1)

    async def is_in_the_middle() -> bool:
        row, frame = await numbered(person, number).bounding_box(), await log(person).bounding_box()
        assert row and frame
        return abs(row["y"] + row["height"] / 2 - frame["y"] - frame["height"] / 2) < row["height"]

    await until(is_in_the_middle, f"number {number} is in the middle")


async def scroll_until(person: Person, pixels: int, number: int) -> None:
    async def is_on_screen() -> bool:
        await log(person).evaluate(SCROLL, pixels)
        return await numbered(person, number).count() > 0

    await until(is_on_screen, f"number {number} is there")


async def test_a_link_opens_far_back_and_one_scrolls_from_there_to_the_newest(team: Team) -> None:
    ada = team.ada
    path = await archive(team)
    await ada.page.goto(await link_to(team, path, MESSAGES - FAR_BACK))
    await is_at(ada, MESSAGES - FAR_BACK)
    await expect(numbered(ada, MESSAGES)).to_have_count(0)

    await scroll_until(ada, 3000, MESSAGES)
    await log(ada).press("End")
    await expect(numbered(ada, MESSAGES)).to_be_in_viewport(ratio=1)
    await expect(ada.page.get_by_role("button", name="Jump to latest")).to_have_count(0)
    await send(ada, "attached again")
    await sees(ada, "attached again")


async def test_links_in_the_page_move_the_list_and_back_and_forward_move_it_too(team: Team) -> None:
    ada = team.ada
    path = await archive(team)
    link = await link_to(team, path, 40)
    await send(ada, f"see {link}")
    await log(ada).get_by_role("link", name=re.compile(r"\?m=")).click()
    await is_at(ada, 40)
    await expect(ada.page).to_have_url(link)
    await ada.page.go_back()
    await expect(ada.page).to_have_url(path)
    await expect(log(ada).get_by_role("article").filter(has_text="see http")).to_be_in_viewport(ratio=1)
    await ada.page.go_forward()
    await is_at(ada, 40)
    time = numbered(ada, 41).get_by_role("link").first
    await time.click()
    await expect(ada.page).to_have_url(await link_to(team, path, 41))
    await is_at(ada, 41)


async def test_the_latest_button_counts_what_came_and_leads_to_it(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await send(ada, "come in")
    await sees(bob, "come in")
    channel, path = channel_id(ada), ada.page.url
    await fill(team.server, channel, 400, first=2)
    await bob.page.goto(await link_to(team, path, 60))
    await is_at(bob, 60)
    latest = bob.page.get_by_role("button", name=re.compile("new message|Jump to latest"))
    await expect(latest).to_have_text("Jump to latest")
    for number in range(3):
        await send(ada, f"news {number}")
    await expect(latest).to_have_text("3 new messages")
    await latest.click()
    await sees(bob, "news 2")
    await expect(bob.page).to_have_url(path)
    await expect(latest).to_have_count(0)


async def test_a_message_that_is_not_here_is_said_to_be_so_above_the_newest(team: Team) -> None:
    ada = team.ada
    await send(ada, "the newest one")
    await ada.page.goto(f"{ada.page.url}?m=00000000-0000-7000-8000-000000000000")
    await expect(ada.page.get_by_role("alert")).to_contain_text("This message is not here")
    await sees(ada, "the newest one")
    await ada.page.get_by_role("button", name="Dismiss").click()
    await expect(ada.page.get_by_role("alert")).to_have_count(0)
