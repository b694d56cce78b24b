"""The first walk: an account, a link, two people who talk, change and take back what they said."""

from playwright.async_api import expect

from tests.browser.conftest import Visitor
from tests.browser.people import (
    channel_id,
    choose,
    composer,
    invite,
    join_as,
    message,
    register_owner,
    sees,
    sees_not,
    send,
)
from tests.browser.server import Server
from tests.browser.team import Team


async def test_the_owner_registers_invites_somebody_and_both_see_each_others_messages_live(
    own_server: Server, visitor: Visitor
) -> None:
    ada, bob = await visitor(own_server, "Ada Lovelace"), await visitor(own_server, "Bob")
    await register_owner(ada, "Analysts")
    await send(ada, "Is anybody here?")
    await sees(ada, "Is anybody here?")

    await join_as(bob, await invite(ada))
    await sees(bob, "Is anybody here?")
    await send(bob, "I am")
    await sees(ada, "I am")
    await send(ada, "Then **we** are two")
    await sees(bob, "Then we are two")
    await expect(message(bob, "Then we are two").get_by_role("strong").filter(has_text="we")).to_be_visible()


async def test_an_edited_message_changes_on_both_screens_and_says_so(team: Team) -> None:
    await send(team.ada, "The meeting is on Monday")
    await sees(team.bob, "The meeting is on Monday")

    row = message(team.ada, "The meeting is on Monday")
    await row.hover()
    await row.get_by_role("button", name="Edit").click()
    editor = team.ada.page.get_by_role("textbox", name="Edit message")
    await expect(editor).to_have_value("The meeting is on Monday")
    await editor.fill("The meeting is on Tuesday")
    await editor.press("Enter")

    for person in (team.ada, team.bob):
        await sees(person, "The meeting is on Tuesday")
        await sees_not(person, "The meeting is on Monday")
        await expect(message(person, "The meeting is on Tuesday")).to_contain_text("(edited)")


async def test_arrow_up_in_the_empty_composer_edits_the_newest_message_of_ones_own(team: Team) -> None:
    await send(team.ada, "Ada's first")
    await send(team.ada, "Ada's second")
    await sees(team.ada, "Ada's second")
    await send(team.bob, "Bob's")
    await sees(team.ada, "Bob's")

    await composer(team.ada).press("ArrowUp")
    editor = team.ada.page.get_by_role("textbox", name="Edit message")
    await expect(editor).to_have_value("Ada's second")
    await expect(editor).to_be_focused()
    await editor.press("Escape")
    await expect(editor).to_have_count(0)
    await sees(team.ada, "Ada's second")


async def test_a_deleted_message_is_gone_from_both_screens_and_from_what_the_server_gives(team: Team) -> None:
    await send(team.ada, "The password is swordfish")
    await send(team.ada, "Never mind")
    await sees(team.bob, "The password is swordfish")

    await choose(team.ada, "swordfish", "Delete")
    dialog = team.ada.page.get_by_role("dialog", name="Delete this message?")
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_have_count(0)
    await sees(team.bob, "swordfish")

    await choose(team.ada, "swordfish", "Delete")
    await dialog.get_by_role("button", name="Delete message").click()
    for person in (team.ada, team.bob):
        await sees_not(person, "swordfish")
        await sees(person, "Never mind")
        assert "swordfish" not in await person.page.content()
        answer = await person.context.request.get(f"/api/channels/{channel_id(person)}/messages")
        assert "Never mind" in await answer.text()
        assert "swordfish" not in await answer.text()
