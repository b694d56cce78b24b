"""Going to a day, and the line above what was unread as one came."""

import re

from playwright.async_api import Locator, expect

from tests.browser.people import Person, create_channel, sees, send
from tests.browser.team import Team
from tests.browser.test_history import fill, log, numbered
from tests.browser.test_permalinks import archive

DAY = re.compile("jump to another day")
MINUTES_PER_DAY = 24 * 60


def new_line(person: Person) -> Locator:
    return log(person).get_by_role("separator", name="New messages")


async def reads_for_a_moment(person: Person) -> None:
    """What stands on the screen for so long counts as read, whether that was told already or not."""
    await person.page.evaluate("window.began = performance.now()")
    await person.page.wait_for_function("performance.now() - window.began > 600")


async def open_channel(person: Person, name: str) -> None:
    await person.page.get_by_role("link", name=re.compile(name)).first.click()
    await expect(person.page.get_by_role("heading", level=1, name=name)).to_be_visible()


async def choose(person: Person, item: str) -> None:
    await person.page.get_by_role("button", name=DAY).first.click()
    await person.page.get_by_role("menuitem", name=item).click()


async def test_one_jumps_to_the_beginning_to_a_day_and_back_to_the_latest(team: Team) -> None:
    ada, count = team.ada, 3 * MINUTES_PER_DAY
    await archive(team, count)
    await choose(ada, "Beginning of the channel")
    await expect(numbered(ada, 1)).to_be_in_viewport(ratio=1)
    await expect(ada.page.get_by_role("heading", name="This is the beginning of #archive")).to_be_attached()

    await choose(ada, "Choose a day")
    dialog = ada.page.get_by_role("dialog", name="Jump to a day")
    await dialog.get_by_label("Day").fill("2099-01-01")  # there is nothing yet
    await dialog.get_by_role("button", name="Jump").click()
    await expect(numbered(ada, count)).to_be_in_viewport(ratio=1)

    await choose(ada, "A week ago")  # before the first message
    await expect(numbered(ada, 1)).to_be_in_viewport(ratio=1)
    await choose(ada, "Latest messages")
    await expect(numbered(ada, count)).to_be_in_viewport(ratio=1)


async def test_the_new_line_stands_above_what_was_unread_until_one_leaves(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await send(ada, "said before")
    await sees(bob, "said before")
    await create_channel(bob, "elsewhere")
    await send(ada, "said meanwhile")
    await expect(bob.page.get_by_role("link", name="general unread")).to_be_visible()  # it is there before bob looks
    await open_channel(bob, "general")
    await sees(bob, "said meanwhile")
    await expect(new_line(bob)).to_be_visible()
    line, row = await new_line(bob).bounding_box(), await numbered_text(bob, "said meanwhile").bounding_box()
    assert line and row and line["y"] < row["y"]
    await expect(new_line(ada)).to_have_count(0)  # one's own are not new

    await send(ada, "said while one looks")
    await sees(bob, "said while one looks")
    await expect(new_line(bob)).to_have_count(1)
    await reads_for_a_moment(bob)
    await open_channel(bob, "elsewhere")
    await open_channel(bob, "general")
    await sees(bob, "said while one looks")
    await expect(new_line(bob)).to_have_count(0)


async def test_much_that_is_unread_is_said_above_and_one_jumps_to_its_beginning(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await send(ada, "come in")
    await sees(bob, "come in")
    await create_channel(bob, "elsewhere")
    general = ada.page.url.rpartition("/c/")[2]
    await fill(team.server, general, 130, first=2)
    await team.server.query("update public.chat set author_id = %s where channel_id = %s", await ada_id(team), general)
    await open_channel(bob, "general")
    await expect(numbered(bob, 130)).to_be_in_viewport(ratio=1)
    await expect(bob.page.get_by_text(re.compile("1[23]. new messages since "))).to_be_visible()
    await bob.page.get_by_role("button", name="Jump to first unread").click()
    await expect(new_line(bob)).to_be_in_viewport()
    await expect(bob.page.get_by_role("button", name="Jump to first unread")).to_have_count(0)


def numbered_text(person: Person, text: str) -> Locator:
    return log(person).get_by_role("article").filter(has_text=text)


async def ada_id(team: Team) -> str:
    ((user_id,),) = await team.server.query("select owner_id::text from private.installation")
    return str(user_id)
