"""Writing: formats and undo, line breaks, completion by keyboard, pasting, emoji, drafts."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Visitor
from tests.browser.people import channel_id, composer, create_channel, is_in_channel, message, open_sidebar, sees, send
from tests.browser.team import Team
from tests.browser.waiting import until

PASTE = """(area, data) => {
    const clipboardData = new DataTransfer();
    for (const [type, text] of Object.entries(data)) clipboardData.setData(type, text);
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
}"""


async def paste(area: Locator, plain: str, html: str = "") -> None:
    """As the browser tells of a paste."""
    await area.evaluate(PASTE, {"text/plain": plain, **({"text/html": html} if html else {})})


async def write(area: Locator, text: str) -> None:
    """Key by key, as people do."""
    await area.press_sequentially(text)


def options(page: Page, name: str) -> Locator:
    return page.get_by_role("listbox", name=name).get_by_role("option")


# ---------------------------------------------------------------- formats


async def test_bold_by_its_shortcut_is_taken_back_by_the_browsers_own_undo(team: Team) -> None:
    area = composer(team.ada)
    await write(area, "very good")
    await area.press("Shift+Home")
    await area.press("Control+b")
    await expect(area).to_have_value("**very good**")
    await area.press("Control+z")
    await expect(area).to_have_value("very good")
    await area.press("Control+Shift+z")
    await expect(area).to_have_value("**very good**")
    await area.press("Control+Enter")
    await expect(message(team.bob, "very good").get_by_role("strong").filter(has_text="very good")).to_be_visible()


async def test_a_button_formats_what_is_selected_and_the_focus_stays_where_one_writes(team: Team) -> None:
    area, tools = composer(team.ada), team.ada.page.get_by_role("toolbar", name="Formatting")
    await area.fill("one\ntwo")
    await area.press("Control+a")
    button = tools.get_by_role("button", name="Numbered list")
    await expect(button).to_have_attribute("title", re.compile(r"Ctrl\+Shift\+7|⇧⌘7"))
    await button.click()
    await expect(area).to_have_value("1. one\n2. two")
    await expect(area).to_be_focused()
    await button.click()
    await expect(area).to_have_value("one\ntwo")
    await tools.get_by_role("button", name="Code block").click()
    await expect(area).to_have_value("```\none\ntwo\n```")


async def test_the_buttons_are_out_of_the_way_on_a_phone_until_they_are_wanted_and_that_is_remembered(
    team: Team, visitor: Visitor
) -> None:
    phone = await visitor(
        team.server, team.bob.name, storage_state=await team.bob.context.storage_state(),
        viewport={"width": 390, "height": 844},
    )  # fmt: skip
    await phone.page.goto(team.bob.page.url)
    await is_in_channel(phone, "general")
    tools = phone.page.get_by_role("toolbar", name="Formatting")
    await expect(tools).to_have_count(0)
    await phone.page.get_by_role("button", name="Show or hide formatting").click()
    await expect(tools).to_be_visible()
    await phone.page.reload()
    await expect(tools).to_be_visible()


async def test_enter_breaks_the_line_in_an_open_block_of_code_and_sends_after_it(team: Team) -> None:
    area = composer(team.ada)
    await write(area, "```")
    await area.press("Enter")
    await write(area, "x = 1")
    await area.press("Enter")
    await write(area, "```")
    await expect(area).to_have_value("```\nx = 1\n```")
    await area.press("Enter")
    await expect(area).to_have_value("")
    await expect(message(team.bob, "x = 1").locator("pre")).to_have_text("x = 1\n")


async def test_a_list_goes_on_with_shift_enter_and_ends_with_an_empty_item(team: Team) -> None:
    area = composer(team.ada)
    await write(area, "1. one")
    await area.press("Shift+Enter")
    await write(area, "two")
    await area.press("Shift+Enter")
    await expect(area).to_have_value("1. one\n2. two\n3. ")
    await area.press("Shift+Enter")
    await expect(area).to_have_value("1. one\n2. two\n")


async def test_who_types_with_the_focus_nowhere_writes_in_the_composer(team: Team) -> None:
    area = composer(team.ada)
    await area.focus()
    await area.evaluate("(area) => area.blur()")
    await team.ada.page.keyboard.type("hello")
    await expect(area).to_have_value("hello")


# ---------------------------------------------------------------- completion


async def test_a_channel_is_completed_by_keyboard(team: Team) -> None:
    area, page = composer(team.ada), team.ada.page
    await create_channel(team.ada, "plan-budget")
    await write(area, "see #plan")
    await expect(options(page, "Channels")).to_have_text([re.compile("plan-budget")])
    active = await area.get_attribute("aria-activedescendant")
    assert active == await options(page, "Channels").first.get_attribute("id")
    await area.press("Tab")
    await expect(area).to_have_value("see #plan-budget ")
    await expect(options(page, "Channels")).to_have_count(0)


async def test_somebody_is_completed_by_keyboard_and_escape_keeps_the_list_closed(team: Team) -> None:
    area, page = composer(team.ada), team.ada.page
    await send(team.bob, "I am here")
    await sees(team.ada, "I am here")
    await write(area, "@bob")
    await expect(options(page, "People").filter(has_text=team.bob.name)).to_be_visible()
    await area.press("Escape")
    await expect(options(page, "People")).to_have_count(0)
    await area.press("Backspace")
    await expect(area).to_have_value("@bo")
    await expect(options(page, "People")).to_have_count(0)

    await area.fill("")
    await write(area, "@")
    await expect(options(page, "People").filter(has_text=team.bob.name)).to_be_visible()
    await area.press("ArrowDown")
    await area.press("ArrowUp")
    await write(area, "bob")
    await area.press("Enter")
    await expect(area).to_have_value(re.compile(r"^@bob[\w.-]* $"))
    await expect(message(team.ada, "@bob")).to_have_count(0)


async def test_somebody_whom_the_tab_does_not_know_is_found_by_the_server(team: Team) -> None:
    area, page = composer(team.ada), team.ada.page
    await write(area, "@bob")
    await options(page, "People").filter(has_text=team.bob.name).click()
    await expect(area).to_have_value(re.compile(r"^@bob[\w.-]* $"))
    await expect(area).to_be_focused()


async def test_a_channel_one_is_not_in_is_found_by_the_server(team: Team) -> None:
    await create_channel(team.ada, "reading-club")
    area, page = composer(team.bob), team.bob.page
    await write(area, "see #readi")
    await expect(options(page, "Channels").first).to_contain_text("reading-club")
    await area.press("Enter")
    await expect(area).to_have_value("see #reading-club ")


async def test_an_emoji_is_completed_by_its_name(team: Team) -> None:
    area, page = composer(team.ada), team.ada.page
    await write(area, ":tada")
    await expect(options(page, "Emoji").first).to_contain_text("🎉")
    await area.press("Enter")
    await expect(area).to_have_value("🎉 ")


async def test_an_emoji_is_chosen_from_the_grid_and_offered_again(team: Team) -> None:
    area, page = composer(team.ada), team.ada.page
    await write(area, "Well done")
    await page.get_by_role("button", name="Choose an emoji").click()
    await page.get_by_role("combobox", name="Search emoji").fill("tada")
    await expect(options(page, "Emoji").first).to_have_text("🎉")
    await page.keyboard.press("Enter")
    await expect(area).to_have_value("Well done 🎉 ")
    await expect(area).to_be_focused()

    await page.get_by_role("button", name="Choose an emoji").click()
    await expect(page.get_by_text("Recently used")).to_be_visible()
    await expect(options(page, "Emoji").first).to_have_text("🎉")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Emoji")).to_have_count(0)


# ---------------------------------------------------------------- pasting

RICH = """<h2>Plan</h2><ul><li>One <b>bold</b> thing<ul><li>and <i>more</i></li></ul></li>
<li><a href="https://example.org/a">a link</a></li></ul><blockquote>said</blockquote>
<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table><pre><code>x = 1</code></pre>
<p>a <s>slip</s>, <code>code</code></p>"""

MARKDOWN = """**Plan**

- One **bold** thing
  - and _more_
- [a link](https://example.org/a)

> said

| a | b |
| --- | --- |
| 1 | 2 |

```
x = 1
```

a ~~slip~~, `code`"""

EDITOR = '<div style="white-space: pre; font-family: Menlo, Monaco, monospace"><div><span>{}</span></div></div>'


async def test_pasted_markup_becomes_markdown(team: Team) -> None:
    area = composer(team.ada)
    await paste(area, "Plan and so on", RICH)
    await expect(area).to_have_value(MARKDOWN)
    await area.press("Control+z")
    await expect(area).to_have_value("")


@pytest.mark.parametrize(
    ("before", "plain", "html", "after"),
    [
        ("", "x = 1\n  y = 2", EDITOR.format("x = 1"), "```\nx = 1\n  y = 2\n```\n"),
        ("```\n", "a bold word", "a <b>bold</b> word", "```\n"),
        ("", "a plain word", "<div><span>a plain</span> word</div>", ""),
        ("", "one line", EDITOR.format("one line"), ""),
    ],
)
async def test_pasted_code_becomes_a_block_and_what_is_plain_is_left_to_the_browser(
    team: Team, before: str, plain: str, html: str, after: str
) -> None:
    area = composer(team.ada)
    await area.fill(before)
    await paste(area, plain, html)
    await expect(area).to_have_value(after)


async def test_an_address_pasted_over_words_makes_a_link_of_them(team: Team) -> None:
    area = composer(team.ada)
    await area.fill("the plan")
    await area.press("Control+a")
    await paste(area, "https://example.org/plan")
    await expect(area).to_have_value("[the plan](https://example.org/plan)")


async def test_what_cannot_be_converted_is_pasted_as_plain_text(team: Team) -> None:
    area, page = composer(team.ada), team.ada.page
    team.ada.expect_refusals(r"could not be converted|ERR_FAILED|rich_text")
    await page.route("**/*rich_text*", lambda route: route.abort())
    await paste(area, "a bold word", "a <b>bold</b> word")
    await expect(area).to_have_value("a bold word")


# ---------------------------------------------------------------- drafts


async def test_a_draft_is_seen_in_another_browser_of_the_same_person_and_gone_when_it_was_sent(
    team: Team, visitor: Visitor
) -> None:
    await create_channel(team.bob, "elsewhere")
    there = team.bob.page.url
    await team.bob.page.get_by_role("link", name="general").click()
    await is_in_channel(team.bob, "general")
    other = await visitor(team.server, team.bob.name, storage_state=await team.bob.context.storage_state())
    await other.page.goto(team.bob.page.url)
    await is_in_channel(other, "general")

    await write(composer(team.bob), "half a")
    await expect(composer(other)).to_have_value("half a")
    await other.page.goto(there)
    await is_in_channel(other, "elsewhere")
    await expect(other.page.get_by_role("link", name="general")).to_contain_text("Draft")
    await other.page.get_by_role("link", name="general").click()
    await expect(composer(other)).to_have_value("half a")
    await composer(other).press("Enter")
    await sees(team.ada, "half a")
    await expect(composer(team.bob)).to_have_value("", timeout=20_000)
    await until(lambda: _is_emptied(team, channel_id(team.bob)), "the draft is empty on the server too")


async def _is_emptied(team: Team, channel: str) -> bool:
    return await team.server.query("select source from private.drafts where channel_id = %s", channel) == [("",)]


async def test_what_was_typed_before_a_crash_of_the_page_is_there_again(team: Team) -> None:
    await write(composer(team.ada), "half a text")
    await team.ada.page.reload()
    await expect(composer(team.ada)).to_have_value("half a text")
    await open_sidebar(team.ada)


async def test_a_draft_that_is_too_long_stays_in_the_browser_without_a_complaint(team: Team) -> None:
    text = "x" * 16_384
    await composer(team.ada).fill(text)
    await team.ada.page.reload()
    await expect(composer(team.ada)).to_have_value(text)
    await expect(team.ada.page.get_by_role("status").filter(has_text="too long to send")).to_be_visible()
    assert await team.server.query("select 1 from private.drafts where channel_id = %s", channel_id(team.ada)) == []
