"""Profiles: a name that changes under everybody's eyes, the card, one's own fields, and the directory."""

import re

from playwright.async_api import Locator, expect

from tests.browser.people import Person, change_profile, choose_in_own_menu, message, open_another_tab, sees, send
from tests.browser.team import Team

CROWD_PEOPLE = 120


def author(person: Person, text: str, name: str) -> Locator:
    """The name that stands above a message, as a button."""
    return message(person, text).get_by_role("button", name=name, exact=True)


def card(person: Person) -> Locator:
    return person.page.get_by_role("complementary", name="Profile")


async def open_directory(person: Person) -> Locator:
    await person.page.get_by_role("button", name="Members").click()
    return person.page.get_by_role("dialog", name="Members")


async def test_a_new_name_is_seen_by_everybody_at_once_in_old_messages_too(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await send(bob, "From long ago")
    await sees(ada, "From long ago")
    second_tab = await open_another_tab(bob)
    await author(ada, "From long ago", bob.name).click()
    await expect(card(ada).get_by_role("heading", name=bob.name)).to_be_visible()

    await change_profile(bob, {"Name": "Bóbby 🐙 ليلى", "Title": "Ship's cook"})
    await expect(author(ada, "From long ago", "Bóbby 🐙 ليلى")).to_be_visible()
    await expect(card(ada).get_by_role("heading", name="Bóbby 🐙 ليلى")).to_be_visible()
    await expect(card(ada)).to_contain_text("Ship's cook")
    await expect(author(bob, "From long ago", "Bóbby 🐙 ليلى")).to_be_visible()
    await expect(second_tab.get_by_role("button", name="Your menu, Bóbby 🐙 ليلى")).to_be_visible()
    await expect(message(second_tab, "From long ago")).to_contain_text("Bóbby 🐙 ليلى")


async def test_the_card_says_who_somebody_is_and_what_time_it_is_there(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await choose_in_own_menu(bob, "Profile")
    await card(bob).get_by_role("button", name="Edit profile").click()
    dialog = bob.page.get_by_role("dialog", name="Edit profile")
    await dialog.get_by_role("textbox", name="Pronouns").fill("he/him")
    await dialog.get_by_role("combobox", name="Time zone").select_option("America/New York")
    await dialog.get_by_role("radio", name="Teal").check(force=True)
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)

    directory = await open_directory(ada)
    await directory.get_by_role("listitem").filter(has_text=bob.name).get_by_role("button", name=bob.name).first.click()
    await expect(directory).to_have_count(0)
    shown = card(ada)
    await expect(shown.get_by_role("heading", name=bob.name)).to_be_visible()
    await expect(shown).to_contain_text("he/him")
    await expect(shown).to_contain_text(re.compile(r"\d\d:\d\d local time, America/New York"))
    await expect(shown).to_contain_text(re.compile("Member since .*20"))
    await expect(shown.get_by_role("listitem").first).to_have_text("Member")
    await expect(shown.get_by_role("button", name="Edit profile")).to_have_count(0)
    await ada.page.keyboard.press("Escape")
    await expect(shown).to_have_count(0)


async def test_a_handle_that_somebody_has_is_refused_and_nothing_typed_is_lost(team: Team) -> None:
    bob = team.bob
    await choose_in_own_menu(bob, "Profile")
    await card(bob).get_by_role("button", name="Edit profile").click()
    dialog = bob.page.get_by_role("dialog", name="Edit profile")
    handle, title = dialog.get_by_role("textbox", name="Handle"), dialog.get_by_role("textbox", name="Title")
    await title.fill("Second mate")
    for wrong, says in {"ada": "@ada is taken", "no spaces": "A handle has"}.items():
        await handle.fill(wrong)
        await bob.page.keyboard.press("Enter")
        await expect(dialog.get_by_role("alert")).to_contain_text(says)
        await expect(title).to_have_value("Second mate")
        await expect(handle).to_have_value(wrong)
    own = f"second.mate{bob.name.rpartition(' ')[2]}"
    await handle.fill(f"@{own.title()}")
    await bob.page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(card(bob)).to_contain_text(f"@{own}")
    await expect(card(bob)).to_contain_text("Second mate")


async def test_the_directory_is_searched_and_goes_on_for_page_after_page(team: Team) -> None:
    await team.server.query(
        """with crowd as (
             insert into public.users (id, handle, display_name, title)
             select gen_random_uuid(), 'crew' || n || left(%s, 6), 'Crew ' || lpad(n::text, 3, '0'), 'Deck ' || n
             from generate_series(1, %s) n returning id)
           insert into public.members (workspace_id, user_id, role) select %s, id, 'member' from crowd""",
        team.link[-6:].lower().replace("_", "x").replace("-", "x"),
        CROWD_PEOPLE,
        workspace_of(team.ada),
    )
    page, directory = team.ada.page, await open_directory(team.ada)
    people = directory.get_by_role("listitem")
    await expect(people).to_have_count(50)
    # Where the list stands: scrolled to its end it would go on by itself.
    await directory.get_by_role("button", name="Show more").evaluate(
        "(button) => button.focus({ preventScroll: true })"
    )
    await page.keyboard.press("Enter")
    await expect(people).to_have_count(100)
    await expect(people.nth(50).get_by_role("button").first).to_be_focused()
    await people.last.scroll_into_view_if_needed()
    await expect(people).to_have_count(CROWD_PEOPLE + 2)
    await expect(directory.get_by_role("button", name="Show more")).to_have_count(0)

    search = directory.get_by_role("searchbox", name="Search by name, handle or title")
    await search.fill("deck 117")
    await expect(people).to_have_count(1)
    await expect(people).to_contain_text("Crew 117")
    await search.fill("Nemo")
    await expect(directory.get_by_text("Nobody here is called like “Nemo”")).to_be_visible()
    await search.fill("@crew42")
    await expect(people).to_contain_text("Crew 042")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(card(team.ada).get_by_role("heading", name="Crew 042")).to_be_visible()


def workspace_of(person: Person) -> str:
    found = re.search(r"/w/([0-9a-f-]+)", person.page.url)
    assert found is not None
    return found[1]
