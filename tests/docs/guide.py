"""How the pictures of the guide are posed: what the owner of `tests/docs/conversation.py` does before each of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

Take = Callable[[Page], Awaitable[list[Locator]]]


@dataclass(frozen=True, slots=True)
class Pose:
    """What is done in the channel, and the parts that the picture then shows; none means all of the window."""

    take: Take
    dark: bool = False
    phone: bool = False
    narrow: bool = False
    """So that the text of a part can be read where the picture is shown."""


async def overview(page: Page) -> list[Locator]:
    """Everything at once: rail, sidebar, conversation, and a card in the pane."""
    await _row(page, "The report is nearly there").get_by_role("button", name="Mei Lin", exact=True).click()
    await expect(page.get_by_role("complementary", name="Profile").get_by_role("heading", level=3)).to_be_visible()
    await page.mouse.move(0, 0)
    return []


async def browse(page: Page) -> list[Locator]:
    await page.get_by_role("button", name="Browse channels").click()
    dialog = page.get_by_role("dialog", name="Browse channels")
    await expect(dialog.get_by_role("list", name="Channels found").get_by_role("listitem").first).to_be_visible()
    return [dialog]


async def new_message(page: Page) -> list[Locator]:
    await page.get_by_role("button", name="New message").click()
    await page.get_by_role("option", name="Jonas Weber").click()
    await page.get_by_role("option", name="Tomás Rivera").click()
    return [page.get_by_role("dialog", name="New message")]


async def writing(page: Page) -> list[Locator]:
    """A name that is being completed."""
    await page.get_by_role("textbox", name="Message #").press_sequentially("**Thank you** @me")
    await expect(page.get_by_role("listbox", name="People")).to_be_visible()
    return [page.get_by_role("textbox", name="Message #").locator("xpath=ancestor::*[.//*[@role='toolbar']][1]")]


async def message_menu(page: Page) -> list[Locator]:
    row = _row(page, "Up to 4 % by noon").filter(has_text="at most")
    await row.hover()
    await row.get_by_role("button", name="More actions").click()
    await expect(row.get_by_role("menu")).to_be_visible()
    return [row, row.get_by_role("menu")]


async def edit_history(page: Page) -> list[Locator]:
    await message_menu(page)
    await page.get_by_role("menuitem", name="Edit history").click()
    dialog = page.get_by_role("dialog", name="Edit history")
    await expect(dialog.get_by_text("As it was sent")).to_be_visible()
    return [dialog]


async def switcher(page: Page) -> list[Locator]:
    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox", name="A channel or a person").fill("jon")
    await expect(page.get_by_role("option", name="Jonas Weber")).to_be_visible()
    return [page.get_by_role("dialog")]


async def unread(page: Page) -> list[Locator]:
    """A message marked unread, and the sidebar beside it."""
    row = _row(page, "The report is nearly there")
    await row.hover()
    await row.get_by_role("button", name="More actions").click()
    await row.get_by_role("menuitem", name="Mark unread from here").click()
    await expect(page.get_by_role("link", name="firmware unread")).to_be_visible()
    await page.mouse.wheel(0, 1000)
    await page.mouse.move(700, 5)
    await expect(_row(page, "I will bring numbers")).to_be_in_viewport(ratio=1)
    return []


async def preferences(page: Page) -> list[Locator]:
    await page.get_by_role("button", name="Your menu").click()
    await page.get_by_role("menuitem", name="Preferences").click()
    return [page.get_by_role("dialog", name="Preferences")]


async def invitation(page: Page) -> list[Locator]:
    await page.get_by_role("button", name="Invite people").click()
    return [page.get_by_role("dialog", name="Invite people")]


async def phone_sidebar(page: Page) -> list[Locator]:
    await page.get_by_role("button", name="Open the sidebar").click()
    await expect(page.get_by_role("button", name="Browse channels")).to_be_in_viewport()
    return []


def _row(page: Page, text: str) -> Locator:
    return page.get_by_role("log", name="Messages").get_by_role("article").filter(has_text=text)


POSES = {
    "guide-overview.png": Pose(overview),
    "guide-browse.png": Pose(browse),
    "guide-new-message.png": Pose(new_message),
    "guide-message-menu.png": Pose(message_menu, narrow=True),
    "guide-edit-history.png": Pose(edit_history, dark=True),
    "guide-switcher.png": Pose(switcher, dark=True),
    "guide-preferences.png": Pose(preferences, dark=True),
    "guide-invitation.png": Pose(invitation),
    "guide-phone-sidebar.png": Pose(phone_sidebar, dark=True, phone=True),
    "guide-unread.png": Pose(unread, narrow=True),
    "guide-writing.png": Pose(writing, narrow=True),
}
"""In this order: the last two leave a mark and a draft."""
