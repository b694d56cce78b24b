"""Direct conversations: begun, answered, counted, closed and back again."""

from playwright.async_api import Locator, expect

from tests.browser.conftest import Visitor
from tests.browser.people import Person, choose, composer, enter_as, is_in_channel, open_sidebar, sees, sees_not, send
from tests.browser.team import Team


async def test_two_people_talk_and_what_is_unread_is_counted_until_one_looks(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await begin_conversation(ada, bob.name)
    await expect(composer(ada)).to_have_attribute("placeholder", f"Message {bob.name}")
    await expect(conversation(bob, ada.name)).to_have_count(0)

    await send(ada, "Are you there?")
    await expect(count_beside(bob, ada.name)).to_have_text("1")
    await send(ada, "It is urgent")
    await expect(count_beside(bob, ada.name)).to_have_text("2")
    await conversation(bob, ada.name).click()
    await expect(bob.page.get_by_role("heading", level=1, name=ada.name)).to_be_visible()
    await sees(bob, "It is urgent")
    await send(bob, "Here I am")
    await sees(ada, "Here I am")
    await expect(bob.page.get_by_role("button", name="Channel settings")).to_have_count(0)

    await channel_link(bob, "general").click()
    await is_in_channel(bob, "general")
    await expect(count_beside(bob, ada.name)).to_have_count(0)
    await send(ada, "Good")
    await expect(count_beside(bob, ada.name)).to_have_text("1")
    await bob.page.reload()
    await expect(count_beside(bob, ada.name)).to_have_text("1")


async def test_a_message_is_forwarded_to_somebody(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await begin_conversation(ada, bob.name)
    await channel_link(ada, "general").click()
    await send(ada, "Lunch is at noon")
    await choose(ada, "Lunch is at noon", "Forward …")
    dialog = ada.page.get_by_role("dialog", name="Forward message")
    await dialog.get_by_role("radio", name=bob.name).check()
    await dialog.get_by_role("button", name="Forward").click()
    await expect(dialog).to_have_count(0)
    await conversation(bob, ada.name).click()
    await sees(bob, "Lunch is at noon")


async def test_a_group_is_begun_by_keyboard_and_named_by_its_people(team: Team, visitor: Visitor) -> None:
    ada, bob = team.ada, team.bob
    eve = await visitor(team.server, f"Eve of {bob.name}")
    await enter_as(eve, team.link)
    await begin_conversation(ada, bob.name, eve.name)
    await expect(ada.page.get_by_role("heading", level=1)).to_have_text(f"2{bob.name} and {eve.name}")
    await send(ada, "Lunch?")
    for person, title in ((bob, f"{ada.name} and {eve.name}"), (eve, f"{ada.name} and {bob.name}")):
        await conversation(person, title).click()
        await sees(person, "Lunch?")
    await send(eve, "At noon")
    for person in (ada, bob):
        await sees(person, "At noon")


async def test_notes_to_oneself_are_seen_by_nobody_else(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await begin_conversation(ada)
    await expect(ada.page.get_by_role("heading", level=1, name="Notes to yourself")).to_be_visible()
    await ada.page.get_by_role("textbox", name="Write a note to yourself").fill("Buy flour")
    await ada.page.keyboard.press("Enter")
    await sees(ada, "Buy flour")
    await expect(conversation(ada, "Notes to yourself")).to_have_attribute("aria-current", "page")
    await bob.page.goto(ada.page.url)
    await expect(bob.page.get_by_role("heading", name="This channel is not here")).to_be_visible()
    await sees_not(bob, "Buy flour")


async def test_a_closed_conversation_comes_back_with_the_next_message(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await begin_conversation(ada, bob.name)
    await send(ada, "First")
    await conversation(bob, ada.name).click()
    await sees(bob, "First")
    await bob.page.get_by_role("button", name=f"Close conversation with {ada.name}").click()
    await is_in_channel(bob, "general")
    await expect(conversation(bob, ada.name)).to_have_count(0)
    await bob.page.reload()
    await expect(channel_link(bob, "general")).to_be_visible()
    await expect(conversation(bob, ada.name)).to_have_count(0)

    await send(ada, "Second")
    await expect(count_beside(bob, ada.name)).to_have_text("1")
    await conversation(bob, ada.name).click()
    await sees(bob, "First")
    await sees(bob, "Second")


async def test_a_folded_section_shows_what_is_unread_and_is_remembered(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await begin_conversation(bob)
    await channel_link(bob, "general").click()
    await bob.page.get_by_role("button", name="Direct messages").click()
    await expect(conversation(bob, "Notes to yourself")).to_be_hidden()
    await bob.page.reload()
    await expect(bob.page.get_by_role("button", name="Direct messages")).to_have_attribute("aria-expanded", "false")
    await expect(conversation(bob, "Notes to yourself")).to_be_hidden()
    await begin_conversation(ada, bob.name)
    await send(ada, "Look")
    await expect(conversation(bob, ada.name)).to_be_visible()


async def begin_conversation(person: Person, *names: str) -> None:
    """Choose people by name and keyboard, and open the conversation; without names it is one's notes."""
    await open_sidebar(person)
    await person.page.get_by_role("button", name="New message").click()
    dialog = person.page.get_by_role("dialog", name="New message")
    field = dialog.get_by_role("combobox", name="Search people by name")
    for name in names:
        await field.fill(name)
        await field.press("Enter")
        await expect(dialog.get_by_role("button", name=f"Remove {name}", exact=True)).to_be_visible()
    await field.press("Enter")
    await expect(dialog).to_have_count(0)


def conversation(person: Person, title: str) -> Locator:
    """The line of the sidebar."""
    section = person.page.get_by_role("list", name="Direct messages")
    return section.get_by_role("link").filter(has_text=title)


def count_beside(person: Person, title: str) -> Locator:
    return conversation(person, title).get_by_role("img", name="unread")


def channel_link(person: Person, name: str) -> Locator:
    return person.page.get_by_role("navigation", name="Channels and workspace").get_by_role("link", name=name)
