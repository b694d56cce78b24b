"""What is unread: the same in all tabs of a person, in the sidebar, the title and the icon; and set back by hand."""

import re

from playwright.async_api import Locator, Page, expect

from tests.browser.people import (
    Person,
    choose,
    create_channel,
    is_in_channel,
    message,
    open_another_tab,
    sees,
    send,
)
from tests.browser.team import Team
from tests.browser.waiting import until

DOTTED = re.compile(r"^data:image/svg")


async def test_what_is_read_in_one_tab_is_read_in_all(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await in_another_channel(team)
    other = await open_another_tab(bob)
    await send(ada, "Look here")
    for tab in (bob.page, other):
        await is_unread(tab, "general")
        await expect(tab).to_have_title(re.compile("^• "))
        await expect(icon(tab)).to_have_attribute("href", DOTTED)

    await link(bob.page, "general").click()
    await sees(bob, "Look here")
    for tab in (bob.page, other):
        await is_read(tab, "general")
        await expect(tab).to_have_title(re.compile("^#"))
        await expect(icon(tab)).to_have_attribute("href", "/favicon.svg")
    await expect(bob.page).to_have_title(re.compile(r"^#general · Workspace \d+ · Confab$"))


async def test_a_mark_holds_while_one_looks_and_until_the_channel_is_opened_again(team: Team) -> None:
    ada, bob = team.ada, team.bob
    for text in ("One", "Two", "Three"):
        await send(ada, text)
        await sees(bob, text)
    await create_channel(bob, "aside")
    await link(bob.page, "general").click()
    await is_in_channel(bob, "general")
    other = await open_another_tab(bob)
    await choose(bob, "Two", "Mark unread from here")
    for tab in (bob.page, other):
        await is_unread(tab, "general")
        await expect(tab).to_have_title(re.compile("^• #general"))

    # Both look at its end, and one of them has more to read: the mark holds.
    await send(ada, "Four")
    for tab in (bob.page, other):
        await sees(tab, "Four")
        await is_unread(tab, "general")
    await expect_cursor(team, bob, "One")

    await link(bob.page, "aside").click()
    await is_in_channel(bob, "aside")
    await is_unread(bob.page, "general")
    await link(bob.page, "general").click()
    for tab in (bob.page, other):
        await is_read(tab, "general")
    await expect_cursor(team, bob, "Four")


async def test_who_writes_in_a_marked_channel_has_read_it(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await send(ada, "One")
    await sees(bob, "One")
    await message(bob, "One").click(modifiers=["Alt"])
    await is_unread(bob.page, "general")
    await send(bob, "Done")
    await is_read(bob.page, "general")
    await expect_cursor(team, bob, "Done")


async def test_all_is_marked_read_by_a_button_and_by_keys(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await in_another_channel(team)
    await send(ada, "First")
    await is_unread(bob.page, "general")
    await bob.page.get_by_role("button", name="Mark all as read").click()
    await is_read(bob.page, "general")
    await expect_cursor(team, bob, "First")

    await send(ada, "Second")
    await is_unread(bob.page, "general")
    await bob.page.keyboard.press("Shift+Escape")
    await is_read(bob.page, "general")
    await expect_cursor(team, bob, "Second")


async def test_escape_reads_the_channel_one_looks_at(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await send(ada, "One")
    await sees(bob, "One")
    await message(bob, "One").focus()
    await bob.page.keyboard.press("u")
    await is_unread(bob.page, "general")
    # What Escape closes takes it.
    await message(bob, "One").hover()
    await message(bob, "One").get_by_role("button", name="More actions").click()
    await bob.page.keyboard.press("Escape")
    await expect(bob.page.get_by_role("menu")).to_have_count(0)
    await is_unread(bob.page, "general")
    await bob.page.keyboard.press("Escape")
    await is_read(bob.page, "general")
    await expect_cursor(team, bob, "One")


async def test_a_deleted_message_is_not_unread_any_more(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await in_another_channel(team)
    await send(ada, "A slip")
    await is_unread(bob.page, "general")
    await choose(ada, "A slip", "Delete")
    await ada.page.get_by_role("button", name="Delete message").click()
    await is_read(bob.page, "general")
    await expect(bob.page).to_have_title(re.compile("^#"))


async def in_another_channel(team: Team) -> None:
    """Bob looks at a channel of his own, and all of #general is read."""
    ada, bob = team.ada, team.bob
    await send(ada, "Before")
    await sees(bob, "Before")
    await expect_cursor(team, bob, "Before")
    await create_channel(bob, "aside")
    await is_read(bob.page, "general")


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="Channels and workspace").get_by_role("link", name=name)


def icon(page: Page) -> Locator:
    return page.locator('link[rel="icon"]')


async def is_unread(page: Page, name: str) -> None:
    await expect(link(page, name).get_by_text("unread")).to_have_count(1)


async def is_read(page: Page, name: str) -> None:
    await expect(link(page, name).get_by_text("unread")).to_have_count(0)


async def expect_cursor(team: Team, person: Person, text: str) -> None:
    """The person has read up to the message with this text, by the database."""
    query = (
        "select m.source from public.chat m join public.channel_members cm on cm.channel_id = m.channel_id "
        "join public.users u on u.id = cm.user_id join public.channels c on c.id = m.channel_id "
        "where u.display_name = %s and c.name = 'general' and m.seq = cm.read_seq"
    )
    await until(lambda: _is(team, query, person, text), f"the cursor stands at {text}")


async def _is(team: Team, query: str, person: Person, text: str) -> bool:
    return [row[0] for row in await team.server.query(query, person.name)] == [text]


async def test_a_hidden_tab_says_in_its_title_what_came_to_the_channel_it_looks_at(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await send(ada, "Before")
    await sees(bob, "Before")
    await expect_cursor(team, bob, "Before")
    await set_visibility(bob.page, "hidden")
    await send(ada, "While away")
    await expect(bob.page).to_have_title(re.compile("^• #general"))
    await expect(icon(bob.page)).to_have_attribute("href", DOTTED)
    await expect_cursor(team, bob, "Before")

    await set_visibility(bob.page, "visible")
    await expect(bob.page).to_have_title(re.compile("^#general"))
    await expect_cursor(team, bob, "While away")


async def test_much_is_marked_read_only_after_a_question(team: Team) -> None:
    bob = team.bob
    workspace = bob.page.url.split("/")[4]
    await team.server.query(
        "with made as (insert into public.channels (id, workspace_id, kind, name, last_seq, last_post_seq) "
        "select gen_random_uuid(), %s, 'public', 'many-' || n, 1, 1 from generate_series(1, 21) n returning id) "
        "insert into public.channel_members (channel_id, user_id) select made.id, u.id from made, public.users u "
        "where u.display_name = %s returning 1",
        workspace,
        bob.name,
    )
    await bob.page.reload()
    await is_unread(bob.page, "many-21")
    await bob.page.get_by_role("button", name="Mark all as read").click()
    dialog = bob.page.get_by_role("dialog", name="Mark all as read?")
    await expect(dialog.get_by_text("21 conversations have messages")).to_be_visible()
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_have_count(0)  # or Escape would be about the dialog
    await is_unread(bob.page, "many-21")

    await bob.page.keyboard.press("Shift+Escape")
    await dialog.get_by_role("button", name="Mark all as read").click()
    await expect(dialog).to_have_count(0)
    await is_read(bob.page, "many-21")
    await expect(bob.page).to_have_title(re.compile("^#general"))


async def set_visibility(page: Page, state: str) -> None:
    """Hide the page, or show it: the browser of a test shows all of its pages."""
    await page.evaluate(
        "state => { Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        state,
    )
