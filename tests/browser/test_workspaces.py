"""Several workspaces: the rail, what is unread in the others, and coming into them."""

import re

from playwright.async_api import Locator, expect

from tests.browser.conftest import Visitor
from tests.browser.people import (
    Person,
    close_dialog,
    enter_as,
    invite,
    is_in_channel,
    make_workspace,
    sees,
    send,
)
from tests.browser.team import Team


def rail(person: Person) -> Locator:
    return person.page.get_by_role("navigation", name="Workspaces")


def place(person: Person, name: str) -> Locator:
    """A workspace in the rail."""
    return rail(person).get_by_role("link", name=re.compile(rf"^{re.escape(name)}( unread)?$"))


async def choose(person: Person, item: str) -> None:
    """Choose in the menu on the workspace's name."""
    await person.page.get_by_role("button", name="workspace menu").click()
    await person.page.get_by_role("menuitem", name=item).click()


async def is_nowhere(person: Person) -> None:
    await expect(person.page.get_by_role("heading", name="You are in no workspace yet")).to_be_visible()


async def join_other(person: Person, link: str) -> None:
    """Come into one more workspace, as oneself."""
    await person.page.goto(link)
    await person.page.get_by_role("button", name="Join").click()
    await is_in_channel(person, "general")


async def test_what_is_said_in_another_workspace_shows_on_its_square(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await expect(rail(bob)).to_have_count(0)
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


async def test_one_leaves_a_workspace_and_the_last_owner_does_not(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await choose(ada, "Leave workspace")
    await ada.page.get_by_role("button", name="Leave", exact=True).click()
    await expect(ada.page.get_by_role("alert")).to_contain_text("A workspace needs an owner")
    await choose(bob, "Leave workspace")
    await bob.page.get_by_role("button", name="Leave", exact=True).click()
    await is_nowhere(bob)
    await expect(bob.page.get_by_text("Only the owner of this installation creates workspaces here.")).to_be_visible()


async def test_a_deleted_workspace_is_gone_for_all_until_its_owner_restores_it(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await send(bob, "Remember this")
    name = bob.name.replace("Bob", "Workspace")
    await choose(ada, "Workspace settings")
    await ada.page.get_by_role("button", name="Delete workspace").click()
    question = ada.page.get_by_role("dialog", name="Delete this workspace?")
    await question.get_by_role("textbox", name="Workspace name").fill("Another")
    await question.get_by_role("button", name="Delete workspace").click()
    await expect(question.get_by_role("alert")).to_contain_text("not the name of this workspace")
    await question.get_by_role("textbox", name="Workspace name").fill(name)
    await question.get_by_role("button", name="Delete workspace").click()
    await is_nowhere(bob)
    await is_in_channel(ada, "general")
    await expect(place(ada, name)).to_have_count(0)

    await rail(ada).get_by_role("button", name="Create or join a workspace").click()
    await ada.page.get_by_role("button", name=f"Restore {name}", exact=True).click()
    await sees(ada, "Remember this")
    await expect(place(ada, name)).to_have_attribute("aria-current", "page")
    await sees(bob, "Remember this")


async def test_a_link_makes_an_admin_until_it_is_withdrawn(team: Team, visitor: Visitor) -> None:
    ada, page = team.ada, team.ada.page
    await page.get_by_role("button", name="Invite people").click()
    await page.get_by_role("combobox", name="They come in as").select_option("Admin")
    await page.get_by_role("combobox", name="It works for").select_option("1 day")
    await page.get_by_role("button", name="Create link").click()
    link = await page.get_by_role("textbox", name="Invitation link").input_value()
    eve = await visitor(team.server, f"Eve {team.bob.name}")
    await enter_as(eve, link)
    await expect(eve.page.get_by_role("button", name="Invite people")).to_be_visible()
    await close_dialog(ada)

    await page.get_by_role("button", name="Invite people").click()
    await expect(page.get_by_role("textbox", name="Invitation link")).to_have_count(0)
    links = page.get_by_role("list", name="Links that still work").get_by_role("listitem")
    await expect(links).to_have_count(2)
    made = links.filter(has_text="For admins")
    await expect(made).to_contain_text("used 1×")
    await made.get_by_role("button", name="Withdraw").click()
    await expect(links).to_have_count(1)
    mallory = await visitor(team.server, "Mallory")
    mallory.expect_refusals(r"422")
    await mallory.page.goto(link)
    await expect(mallory.page.get_by_role("heading", name="This invitation does not work any more")).to_be_visible()


async def test_an_icon_and_a_colour_show_in_the_rail_and_a_wrong_icon_is_refused(team: Team) -> None:
    ada = team.ada
    await choose(ada, "Workspace settings")
    dialog = ada.page.get_by_role("dialog", name="Workspace settings")
    await dialog.get_by_role("textbox", name="Icon").fill("no emoji")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("An icon is one emoji")
    await dialog.get_by_role("textbox", name="Icon").fill("🌱")
    await dialog.get_by_role("radio", name="Violet").check()
    await dialog.get_by_role("button", name="Save").click()
    await expect(ada.page.get_by_role("dialog")).to_have_count(0)
    await expect(rail(ada).locator('[aria-current="page"]')).to_contain_text("🌱")
    await choose(ada, "Workspace settings")
    await expect(dialog.get_by_role("radio", name="Violet")).to_be_checked()
