"""The quick switcher and the keys that work everywhere."""

from playwright.async_api import Locator, expect

from tests.browser.people import Person, choose_in_own_menu, create_channel, is_in_channel, send
from tests.browser.team import Team


async def open_switcher(person: Person) -> Locator:
    await person.page.keyboard.press("Control+k")
    field = person.page.get_by_role("combobox", name="A channel or a person")
    await expect(field).to_be_focused()
    return field


def places(person: Person) -> Locator:
    return person.page.get_by_role("listbox", name="Places").get_by_role("option")


async def test_one_goes_where_one_was_lately_and_where_one_types_with_errors(team: Team) -> None:
    ada = team.ada
    for name in ("marketing", "design"):
        await create_channel(ada, name)
    await open_switcher(ada)
    await expect(places(ada)).to_contain_text(["marketing", "general"])  # the latest first, without where one is
    await ada.page.keyboard.press("ArrowDown")
    await expect(places(ada).nth(1)).to_have_attribute("aria-selected", "true")
    await ada.page.keyboard.press("Enter")
    await is_in_channel(ada, "general")
    field = await open_switcher(ada)
    await field.fill("markting")
    await expect(places(ada).first).to_contain_text("marketing")
    await field.press("Enter")
    await is_in_channel(ada, "marketing")


async def test_a_channel_one_is_not_in_is_found_and_what_is_nowhere_is_said(team: Team) -> None:
    await create_channel(team.ada, "reading-club")
    field = await open_switcher(team.bob)
    await field.fill("raeding")
    await expect(places(team.bob)).to_contain_text(["reading-club"])
    await field.fill("xqzv")
    await expect(team.bob.page.get_by_text("Nothing is called anything like “xqzv”.")).to_be_visible()
    await field.press("Escape")
    await expect(team.bob.page.get_by_role("dialog")).to_have_count(0)


async def test_a_search_that_the_server_does_not_answer_is_said(team: Team) -> None:
    ada = team.ada
    await ada.page.route("**/places?*", lambda route: route.abort())
    ada.expect_an_outage()
    field = await open_switcher(ada)
    await field.fill("gener")
    await expect(ada.page.get_by_text("What is shown is what this browser knows")).to_be_visible()
    await expect(places(ada)).to_contain_text(["general"])
    await ada.page.unroute("**/places?*")
    await field.fill("genera")
    await expect(ada.page.get_by_text("What is shown is what this browser knows")).to_have_count(0)


async def test_keys_walk_through_the_sidebar_and_to_what_is_unread(team: Team) -> None:
    ada, bob = team.ada, team.bob
    for name in ("alpha", "beta", "zeta"):
        await create_channel(ada, name)
    await ada.page.keyboard.press("Alt+ArrowUp")
    await is_in_channel(ada, "general")
    await ada.page.keyboard.press("Alt+ArrowDown")
    await is_in_channel(ada, "zeta")
    await ada.page.keyboard.press("Alt+ArrowDown")
    await is_in_channel(ada, "alpha")
    await send(bob, "anybody there?")
    await expect(ada.page.get_by_role("link", name="general unread")).to_be_visible()
    await ada.page.keyboard.press("Alt+Shift+ArrowDown")
    await is_in_channel(ada, "general")


async def test_a_question_mark_opens_the_sheet_of_keys_but_not_while_one_writes(team: Team) -> None:
    page = team.ada.page
    await page.get_by_role("textbox", name="Message #general").press("?")
    await expect(page.get_by_role("textbox", name="Message #general")).to_have_value("?")
    await page.get_by_role("log", name="Messages").focus()
    await page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    await expect(sheet.get_by_text("Go to a channel or a person")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)


async def test_help_is_in_ones_own_menu_the_keys_and_what_one_may_type(team: Team) -> None:
    ada = team.ada
    await choose_in_own_menu(ada, "Keyboard shortcuts")
    await expect(ada.page.get_by_role("dialog", name="Keyboard shortcuts").get_by_text("Next unread")).to_be_visible()
    await ada.page.keyboard.press("Escape")
    await choose_in_own_menu(ada, "Formatting")
    sheet = ada.page.get_by_role("dialog", name="Formatting")
    row = sheet.get_by_role("row", name="**Bold** Bold")
    await expect(row.get_by_role("cell").last.get_by_role("strong")).to_have_text("Bold")
    await ada.page.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
