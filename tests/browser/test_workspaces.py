"""Several workspaces: the rail, what is unread in the others, and coming into them."""

import re

from playwright.async_api import Locator, expect

from tests.browser.people import Person, invite, is_in_channel, make_workspace, sees, send
from tests.browser.team import Team


def rail(person: Person) -> Locator:
    return person.page.get_by_role("navigation", name="Workspaces")


def place(person: Person, name: str) -> Locator:
    """A workspace in the rail."""
    return rail(person).get_by_role("link", name=re.compile(rf"^{re.escape(name)}( unread)?$"))


async def join_other(person: Person, link: str) -> None:
    """Come into one more workspace, as oneself."""
    await person.page.goto(link)
    await person.page.get_by_role("button", name="Join").click()
    await is_in_channel(person, "general")


async def test_what_is_said_in_another_workspace_shows_on_its_square(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await expect(rail(bob)).to_have_count(0)
    ada.page = await ada.context.new_page()
    await make_workspace(ada, f"Other of {bob.name}")
    await join_other(bob, await invite(ada))
    here, there = place(bob, f"Other of {bob.name}"), place(bob, bob.name.replace("Bob", "Workspace"))
    await expect(here).to_have_attribute("aria-current", "page")
    await there.click()
    await is_in_channel(bob, "general")
    await expect(there).to_have_attribute("aria-current", "page")
    await expect(here).to_have_accessible_name(f"Other of {bob.name}")

    await send(ada, "Anybody here?")
    await expect(here).to_have_accessible_name(f"Other of {bob.name} unread")
    await here.click()
    await sees(bob, "Anybody here?")
    await expect(here).to_have_accessible_name(f"Other of {bob.name}")
