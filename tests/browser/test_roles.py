"""Roles: what a member does not see, what an admin may do, and how somebody is taken out of the workspace."""

import re

from playwright.async_api import expect

from tests.browser.people import choose, close_dialog, message, sees, send
from tests.browser.team import Team


async def test_a_member_invites_nobody_until_made_an_admin(team: Team) -> None:
    ada, bob = team.ada, team.bob
    invite = bob.page.get_by_role("button", name="Invite")
    await expect(bob.page.get_by_role("button", name="Members")).to_be_visible()
    await expect(invite).to_have_count(0)
    await bob.page.get_by_role("button", name="Members").click()
    members = bob.page.get_by_role("list", name="Members")
    await expect(members.get_by_role("listitem")).to_have_count(2)
    await expect(members.get_by_role("listitem").filter(has_text="Ada")).to_contain_text("Owner")
    await expect(members.get_by_role("combobox")).to_have_count(0)
    await expect(members.get_by_role("button", name="Remove")).to_have_count(0)
    await close_dialog(bob)

    await ada.page.get_by_role("button", name="Members").click()
    role = ada.page.get_by_role("combobox", name=f"Role of {bob.name}")
    await expect(role).to_have_value("member")
    await role.select_option("Admin")
    await expect(role).to_have_value("admin")
    await expect(invite).to_be_visible()
    await role.select_option("Member")
    await expect(invite).to_have_count(0)


async def test_the_last_owner_stays_one_and_the_dialog_says_why(team: Team) -> None:
    await team.ada.page.get_by_role("button", name="Members").click()
    role = team.ada.page.get_by_role("combobox", name="Role of Ada")
    await role.select_option("Member")
    await expect(team.ada.page.get_by_role("alert")).to_contain_text("A workspace needs an owner")
    await expect(role).to_have_value("owner")


async def test_an_admin_deletes_what_a_member_wrote(team: Team) -> None:
    await send(team.bob, "Buy cheap watches")
    await sees(team.ada, "Buy cheap watches")
    row = message(team.ada, "Buy cheap watches")
    await row.hover()
    await expect(row.get_by_role("button", name="Edit")).to_have_count(0)
    await choose(team.ada, "Buy cheap watches", "Delete")
    await team.ada.page.get_by_role("button", name="Delete message").click()
    await expect(message(team.bob, "Buy cheap watches")).to_have_count(0)


async def test_a_removed_members_tab_leaves_the_workspace(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await send(bob, "My last words")
    await sees(ada, "My last words")
    inside = bob.page.url
    await ada.page.get_by_role("button", name="Members").click()
    await ada.page.get_by_role("button", name=f"Remove {bob.name} from the workspace").click()
    question = ada.page.get_by_role("dialog", name="Remove this person from the workspace?")
    await question.get_by_role("button", name="Cancel").click()
    await ada.page.get_by_role("button", name=f"Remove {bob.name} from the workspace").click()
    await question.get_by_role("button", name="Remove from workspace").click()
    await expect(ada.page.get_by_role("dialog")).to_have_count(0)
    await ada.page.get_by_role("button", name="Members").click()
    await expect(ada.page.get_by_role("list", name="Members").get_by_role("listitem")).to_have_count(1)
    await close_dialog(ada)

    await expect(bob.page).to_have_url(re.compile(r"/welcome/?$"))
    await expect(bob.page.get_by_role("heading", name="You are in no workspace yet")).to_be_visible()
    await send(ada, "He is gone")
    await sees(ada, "My last words")
    await bob.page.goto(inside)
    await expect(bob.page.get_by_role("heading", name="You are in no workspace yet")).to_be_visible()
    assert "He is gone" not in await bob.page.content()
