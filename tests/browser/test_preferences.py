"""What one's own pages look like, on all devices, and what a new version says."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.people import Person, choose_in_own_menu, is_in_channel, send
from tests.browser.team import Team

GROUND = "getComputedStyle(document.body).backgroundColor"


async def choose(person: Person, group: str, choice: str) -> None:
    await choose_in_own_menu(person, "Preferences")
    dialog = person.page.get_by_role("dialog", name="Preferences")
    radio = person.page.get_by_role("radio", name=choice)
    label = dialog.get_by_role("group", name=group).locator("label").filter(has=radio)
    await label.click()
    await expect(label.get_by_role("radio")).to_be_checked()
    await person.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)


async def has_on_root(page: Page, name: str, value: str) -> None:
    await expect(page.locator("html")).to_have_attribute(f"data-{name}", value)


async def test_a_choice_holds_at_once_on_all_devices_and_from_the_first_moment_of_a_page(
    team: Team, visitor: Visitor
) -> None:
    bob = team.bob
    phone = await visitor(team.server, bob.name, storage_state=await bob.context.storage_state())
    await phone.page.goto(bob.page.url)
    await is_in_channel(phone, "general")
    await choose(bob, "Theme", "Dark")
    for page in (bob.page, phone.page):
        await has_on_root(page, "theme", "dark")
        assert await page.evaluate(GROUND) == "rgb(23, 25, 24)"
    await choose(bob, "Theme", "Light")
    await choose(bob, "Accent", "Violet")
    await choose(bob, "Density", "Compact")
    for name, value in (("theme", "light"), ("accent", "violet"), ("density", "compact")):
        await has_on_root(phone.page, name, value)
    await bob.page.reload(wait_until="commit")
    await has_on_root(bob.page, "accent", "violet")
    await expect(team.ada.page.locator("html")).not_to_have_attribute("data-accent", "violet")


async def test_the_clock_is_written_as_one_likes(team: Team) -> None:
    bob = team.bob
    await send(bob, "what time is it?")
    row = bob.page.get_by_role("article").filter(has_text="what time is it?")
    await choose(bob, "Clock", "2:30 pm")
    await expect(row.get_by_role("time").first).to_contain_text("m")
    await choose(bob, "Clock", "14:30")
    await expect(row.get_by_role("time").first).not_to_contain_text("m")
