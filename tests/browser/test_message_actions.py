"""What one does with a message: the bar and the keys of its row, its history, taking it back, taking it elsewhere."""

import re

from playwright.async_api import Locator, Page, expect

from tests.browser.people import (
    Person,
    channel_id,
    choose,
    composer,
    create_channel,
    is_in_channel,
    message,
    sees,
    sees_not,
    send,
    texts_of,
)
from tests.browser.team import Team

LISTEN_TO_COMMANDS = """() => {
    const execCommand = document.execCommand.bind(document);
    window.commands = [];
    document.execCommand = (name, ...rest) => (window.commands.push(name), execCommand(name, ...rest));
}"""


def re_quote(text: str) -> re.Pattern[str]:
    return re.compile(rf"@\S+ \[wrote\]\(http\S+\?m=\S+\):\n> {text}\n\n$")


def menu_of(row: Locator) -> Locator:
    return row.get_by_role("menu", name="More actions")


async def edit(person: Person, text: str, new_text: str) -> None:
    row = message(person, text)
    await row.hover()
    await row.get_by_role("button", name="Edit", exact=True).click()
    editor = person.page.get_by_role("textbox", name="Edit message")
    await expect(editor).to_be_editable()
    await editor.fill(new_text)
    await editor.press("Enter")
    await sees(person, new_text)


async def delete(person: Person, text: str) -> None:
    await choose(person, text, "Delete")
    await person.page.get_by_role("button", name="Delete message").click()


async def clipboard_of(page: Page) -> str:
    return str(await page.evaluate("navigator.clipboard.readText()"))


async def test_only_the_active_row_has_its_actions(team: Team) -> None:
    ada = team.ada
    for text in ("One", "Two", "Three"):
        await send(ada, text)
        await sees(ada, text)
    bars = ada.page.get_by_role("toolbar", name="Message actions")
    await ada.page.mouse.move(5, 5)
    await expect(bars).to_have_count(0)
    for text in ("One", "Three"):
        await message(ada, text).hover()
        await expect(bars).to_have_count(1)
        await expect(message(ada, text).get_by_role("toolbar")).to_be_visible()

    # While its menu is open the bar stays, wherever the pointer goes.
    await message(ada, "Three").get_by_role("button", name="More actions").click()
    await expect(menu_of(message(ada, "Three"))).to_be_visible()
    await message(ada, "One").hover(force=True)
    await expect(menu_of(message(ada, "Three"))).to_be_visible()
    await ada.page.keyboard.press("Escape")
    await expect(ada.page.get_by_role("menu")).to_have_count(0)


async def test_another_persons_message_offers_what_one_may_do_with_it(team: Team) -> None:
    await send(team.ada, "Ada's own")
    await sees(team.bob, "Ada's own")
    row = message(team.bob, "Ada's own")
    await row.hover()
    await row.get_by_role("button", name="More actions").click()
    await expect(menu_of(row).get_by_role("menuitem", name="Quote")).to_be_focused()
    for name in ("Edit", "Delete", "Edit history"):
        await expect(menu_of(row).get_by_role("menuitem", name=name, exact=True)).to_have_count(0)


async def test_the_keyboard_walks_the_rows_edits_and_deletes(team: Team) -> None:
    ada = team.ada
    for text in ("First of all", "Second of all"):
        await send(ada, text)
        await sees(ada, text)
    await message(ada, "Second of all").focus()
    await expect(message(ada, "Second of all").get_by_role("toolbar")).to_be_visible()
    await ada.page.keyboard.press("ArrowUp")
    await expect(message(ada, "First of all")).to_be_focused()
    await ada.page.keyboard.press("e")
    editor = ada.page.get_by_role("textbox", name="Edit message")
    await expect(editor).to_have_value("First of all")
    await editor.press("Escape")
    await expect(message(ada, "First of all")).to_be_focused()
    await ada.page.keyboard.press("ArrowDown")
    await expect(message(ada, "Second of all")).to_be_focused()
    await ada.page.keyboard.press("q")
    await expect(composer(ada)).to_be_focused()
    await expect(composer(ada)).to_have_value(re_quote("Second of all"))
    await composer(ada).fill("")

    await message(ada, "Second of all").focus()
    await ada.page.keyboard.press("Delete")
    await expect(ada.page.get_by_role("dialog", name="Delete this message?")).to_be_visible()
    await ada.page.keyboard.press("Escape")
    await sees(ada, "Second of all")


async def test_whoever_reads_an_edited_message_sees_what_it_said_before(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await send(ada, "The meeting is on <b>Monday</b>")
    await sees(ada, "The meeting is on")
    await edit(ada, "The meeting is on", "The meeting is on Tuesday")
    await edit(ada, "The meeting is on", "The meeting is on Friday")
    await sees(bob, "The meeting is on Friday")
    await message(bob, "The meeting is on Friday").get_by_role("button", name="(edited)").click()
    dialog = bob.page.get_by_role("dialog", name="Edit history")
    versions = dialog.get_by_role("listitem")
    await expect(versions).to_have_count(3)
    await expect(versions.nth(0)).to_contain_text("Now")
    await expect(versions.nth(0).get_by_role("deletion")).to_have_text("Tuesday")
    await expect(versions.nth(0).get_by_role("insertion")).to_have_text("Friday")
    await expect(versions.nth(1)).to_contain_text("Version 2")
    await expect(versions.nth(2)).to_contain_text("As it was sent")
    await expect(versions.nth(2)).to_contain_text("The meeting is on <b>Monday</b>")
    await bob.page.keyboard.press("Escape")
    await choose(bob, "The meeting is on Friday", "Edit history")
    await expect(versions).to_have_count(3)


async def test_a_deletion_is_undone_for_everybody_and_the_message_is_at_its_old_place(team: Team) -> None:
    ada, bob = team.ada, team.bob
    for text in ("Above", "A slip", "Below"):
        await send(ada, text)
        await sees(bob, text)
    await delete(ada, "A slip")
    for person in (ada, bob):
        await sees_not(person, "A slip")
        assert "A slip" not in await person.page.content()
    await ada.page.get_by_role("button", name="Undo").click()
    for person in (ada, bob):
        await sees(person, "A slip")
        assert await texts_of(person.page) == ["Above", "A slip", "Below"]
    await bob.page.reload()
    await sees(bob, "A slip")


async def test_what_is_gone_for_good_says_so(team: Team) -> None:
    ada = team.ada
    ada.expect_refusals(r"410 .*/restoration")
    await send(ada, "Never again")
    await sees(ada, "Never again")
    await delete(ada, "Never again")
    await team.server.query("update private.deleted_contents set deleted_at = deleted_at - interval '1 minute'")
    await ada.page.get_by_role("button", name="Undo").click()
    await expect(ada.page.get_by_text("This message is gone for good")).to_be_visible()
    await sees_not(ada, "Never again")


async def test_text_and_link_are_copied(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await bob.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await send(ada, "A **bold** plan")
    await sees(bob, "A bold plan")
    await choose(bob, "A bold plan", "Copy text")
    await expect(bob.page.get_by_text("Copied").first).to_be_visible()
    assert await clipboard_of(bob.page) == "A **bold** plan"
    row = message(bob, "A bold plan")
    await row.hover()
    await row.get_by_role("button", name="Copy link").click()
    await bob.page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('http')")
    link = await clipboard_of(bob.page)
    assert link.startswith(f"{team.server.url}/w/")
    assert f"/c/{channel_id(bob)}?m=" in link


async def test_a_quote_of_many_lines_is_exact_and_taken_back_at_once(team: Team) -> None:
    bob = team.bob
    lines = [f"{number}\t<b>&amp;</b>  {'  ' * (number % 3)}🚀é" for number in range(120)]
    await send(bob, "\n".join(["many lines", *lines]))
    await sees(bob, "many lines")
    await composer(bob).fill("I say:")
    await bob.page.evaluate(LISTEN_TO_COMMANDS)
    row = message(bob, "many lines")
    await row.hover()
    await row.get_by_role("button", name="Quote").click()
    await expect(composer(bob)).to_have_value(re.compile(r"^I say:\n\n@.*\n\n$", re.DOTALL))
    quoted = (await composer(bob).input_value()).split("\n")[3:-2]
    assert quoted == [f"> {line}" for line in ["many lines", *lines]]
    # Line by line it would take the browser seconds.
    assert await bob.page.evaluate("window.commands") == ["insertHTML"]
    await composer(bob).press("Control+z")
    await expect(composer(bob)).to_have_value("I say:")


async def test_a_quote_goes_behind_what_was_written_and_links_to_its_message(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await send(ada, "To be")
    await sees(bob, "To be")
    await composer(bob).fill("Hear:")
    row = message(bob, "To be")
    await row.hover()
    await row.get_by_role("button", name="Quote").click()
    await expect(composer(bob)).to_be_focused()
    await expect(composer(bob)).to_have_value(re_quote("To be"))
    await bob.page.keyboard.type("or not to be")
    await bob.page.keyboard.press("Enter")
    await sees(ada, "or not to be")
    answer = message(ada, "or not to be")
    await expect(answer.get_by_role("blockquote")).to_have_text("To be")
    await expect(answer.get_by_role("link", name="wrote")).to_be_visible()


async def test_a_message_is_forwarded_with_a_comment_to_a_channel_that_is_looked_for(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await create_channel(ada, "plan-budget", private=True)
    await send(ada, "Lunch costs **9**")
    await sees(ada, "Lunch costs 9")
    await choose(ada, "Lunch costs 9", "Forward …")
    dialog = ada.page.get_by_role("dialog", name="Forward message")
    await expect(dialog.get_by_label("The message")).to_have_text("Lunch costs **9**")
    confirm = dialog.get_by_role("button", name="Forward")
    await expect(confirm).to_be_disabled()
    await dialog.get_by_role("searchbox").fill("gener")
    places = dialog.get_by_role("radiogroup", name="Forward to").get_by_role("radio")
    await expect(places).to_have_count(1)
    await dialog.get_by_role("searchbox").press("Enter")
    await expect(dialog.get_by_role("radio", name="general")).to_be_checked()
    await expect(dialog.get_by_role("status")).to_contain_text("This message is from a private channel.")
    await dialog.get_by_role("textbox", name="Comment").fill("Good news")
    await confirm.click()
    await expect(dialog).to_have_count(0)
    await sees(bob, "Good news")
    row = message(bob, "Good news")
    await expect(row.get_by_role("blockquote")).to_have_text("Lunch costs 9")
    await expect(row).to_contain_text("in a private channel")
    await expect(row).not_to_contain_text("plan-budget")
    await ada.page.get_by_role("button", name="Go there").click()
    await is_in_channel(ada, "general")
    await sees(ada, "Good news")


async def test_a_message_that_was_refused_says_so_and_can_be_given_up_or_sent_again(team: Team) -> None:
    ada = team.ada
    ada.expect_refusals(r"403 .*/messages")
    refusal = {"error": {"code": "not_joined", "parameters": {}}}
    await ada.page.route("**/api/channels/*/messages", lambda route: route.fulfill(status=403, json=refusal))
    for text in ("Keep this", "Forget that"):
        await send(ada, text)
        await expect(message(ada, text).get_by_role("status")).to_contain_text("Not sent. Join the channel first.")
    await message(ada, "Forget that").get_by_role("button", name="Discard").click()
    await sees_not(ada, "Forget that")
    await ada.page.unroute_all()
    await message(ada, "Keep this").get_by_role("button", name="Try again").click()
    await sees(ada, "Keep this")
    await sees(team.bob, "Keep this")
