"""What messages look like to each of their readers."""

import re

from playwright.async_api import expect

from tests.browser.people import change_profile, channel_id, create_channel, is_in_channel, message, send
from tests.browser.team import Team

CODE = "import os\nprint(os.name)"


async def handle_of_bob(team: Team) -> str:
    """Bob's handle, as the workspace knows him."""
    place = re.search(r"/w/([^/]+)", team.ada.page.url)
    assert place is not None
    answer = await team.ada.context.request.get(f"{team.server.url}/api/workspaces/{place[1]}/places?search=Bob")
    [bob] = [person for person in (await answer.json())["people"] if person["name"] == team.bob.name]
    return str(bob["handle"])


async def test_a_mention_shows_todays_name_and_leads_to_a_channel(team: Team) -> None:
    handle = await handle_of_bob(team)
    general = channel_id(team.ada)
    await create_channel(team.ada, "plans")
    await team.ada.page.get_by_role("link", name="general").click()
    await is_in_channel(team.ada, "general")
    await send(team.ada, f"ask @{handle}, see #plans and `@{handle}`")

    row = message(team.ada, "ask")
    await expect(row.get_by_role("button", name=f"@{team.bob.name}", exact=True)).to_be_visible()
    await expect(row).to_contain_text(f"ask @{team.bob.name}, see #plans and @{handle}")
    # Bob is not in #plans, and is told its name by the server; of himself he sees more than a name.
    theirs = message(team.bob, "ask")
    await expect(theirs.get_by_role("link", name="#plans")).to_be_visible()
    await expect(theirs.locator(".mention-me")).to_have_text(f"@{team.bob.name}")

    await change_profile(team.bob, {"Name": "Robert 🐙"})
    await row.get_by_role("button", name="@Robert 🐙", exact=True).click()
    card = team.ada.page.get_by_role("complementary", name="Profile")
    await expect(card.get_by_role("heading", name="Robert 🐙")).to_be_visible()
    await team.ada.page.keyboard.press("Escape")
    await expect(card).to_have_count(0)

    await row.hover()
    await row.get_by_role("button", name="Edit").click()
    await expect(team.ada.page.get_by_role("textbox", name="Edit message")).to_have_value(
        f"ask @{handle}, see #plans and `@{handle}`"
    )
    await team.ada.page.keyboard.press("Escape")
    await row.get_by_role("link", name="#plans").click()
    await is_in_channel(team.ada, "plans")
    assert channel_id(team.ada) != general


async def test_a_private_channel_has_no_name_for_who_is_not_in_it(team: Team) -> None:
    await create_channel(team.ada, "takeover", private=True)
    await team.ada.page.get_by_role("link", name="general").click()
    await is_in_channel(team.ada, "general")
    await send(team.ada, "we talk in #takeover today")
    await expect(message(team.ada, "we talk").get_by_role("link", name="takeover")).to_be_visible()
    row = message(team.bob, "we talk")
    await expect(row).to_contain_text("private channel")
    await expect(row.locator(".message-text").get_by_role("link")).to_have_count(0)
    assert "takeover" not in await team.bob.page.content()


async def test_code_is_copied_with_one_press(team: Team) -> None:
    await team.ada.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await send(team.ada, f"```python\n{CODE}\n```")
    row = message(team.ada, "import os")
    await expect(row.locator("code span").first).to_have_text("import")
    await row.get_by_role("button", name="Copy code").focus()
    await team.ada.page.keyboard.press("Enter")
    await expect(team.ada.page.get_by_text("Copied")).to_be_visible()
    assert await team.ada.page.evaluate("navigator.clipboard.readText()") == CODE


async def test_tables_scroll_by_themselves_and_tasks_cannot_be_pressed(team: Team) -> None:
    await team.ada.page.set_viewport_size({"width": 390, "height": 844})
    columns = "|".join(f"column {number}" for number in range(12))
    await send(team.ada, f"|{columns}|\n|{'-|' * 12}\n|{columns}|")
    await send(team.ada, "- [x] bought it\n- [ ] paid it")
    table = team.ada.page.get_by_role("region", name="Table")
    await expect(table.get_by_role("columnheader", name="column 11")).to_be_attached()
    assert await table.evaluate("frame => frame.scrollWidth > frame.clientWidth")
    assert await team.ada.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    done = team.ada.page.get_by_role("checkbox", name="bought it")
    await expect(done).to_be_checked()
    await expect(done).to_be_disabled()
    await expect(team.ada.page.get_by_role("checkbox", name="paid it")).not_to_be_checked()


async def test_links_of_this_installation_stay_in_this_tab(team: Team) -> None:
    await create_channel(team.ada, "plans")
    plans = team.ada.page.url
    await team.ada.page.get_by_role("link", name="general").click()
    await is_in_channel(team.ada, "general")
    await send(team.ada, f"look at {plans} and https://example.org")
    row = message(team.ada, "look at")
    await expect(row.get_by_role("link", name="https://example.org")).to_have_attribute("target", "_blank")
    await team.ada.page.evaluate("window.isTheSamePage = true")
    await row.get_by_role("link", name=plans).click()
    await is_in_channel(team.ada, "plans")
    assert await team.ada.page.evaluate("window.isTheSamePage")
    assert len(team.ada.context.pages) == 1
