"""Every screen: controls have names, nothing scrolls sideways on a phone, and light and dark can both be read."""

import re
from collections.abc import Awaitable, Callable, Collection, Mapping

import pytest
from playwright.async_api import Page, ViewportSize, expect

from tests.browser.axe import barriers
from tests.browser.conftest import Visitor
from tests.browser.people import (
    Person,
    choose_in_own_menu,
    close_dialog,
    create_channel,
    enter_as,
    message,
    open_sidebar,
    sees,
    send,
)
from tests.browser.team import Team

PHONE: ViewportSize = {"width": 390, "height": 844}
# What a window of 1280 × 800 has left when it is enlarged to 200 %.
ENLARGED: ViewportSize = {"width": 640, "height": 400}
# WCAG 2.2, level AA, for text of normal size.
CONTRAST_MIN = 4.5

CONTROLS = ("button", "link", "textbox", "searchbox", "combobox", "checkbox", "option", "dialog", "navigation", "log")
NAMELESS = re.compile(rf"^\s*- (?:{'|'.join(CONTROLS)})(?! \")\b.*$", re.MULTILINE)

# The button that opens a dialog, and the dialog's heading: those above the messages, those of the sidebar.
HEADER = {"People in this channel": "People in this channel", "Channel settings": "Channel settings"}
SIDEBAR = {
    "Go to": "Go to …",
    "Invite people": "Invite people",
    "Members": "Members",
    "Create a channel": "Create a channel",
    "Browse channels": "Browse channels",
}
# What opens from one's own menu, by the name it has there and in its heading.
OWN_MENU = ("Preferences", "Keyboard shortcuts", "Formatting")

MEMBERS_HAVE_NOT = ("Invite people",)
# How bright the ground of a page may be, 0 to 255.
GROUNDS = {"light": (200, 256), "dark": (0, 60)}

# What is seen too faintly: text against its ground, both as the screen mixes them. Disabled controls and what is shown
# only while pointed at are left out.
FAINT = """(minimum) => {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const paint = (colours) => {
        canvas.clearRect(0, 0, 1, 1);
        for (const colour of colours) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
        return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
    };
    const luminance = (rgb) => rgb
        .map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    const upwards = (element) => (element ? [...upwards(element.parentElement), element] : []);
    const faint = [];
    for (const element of document.querySelectorAll('body *')) {
        const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
        const text = own.map((node) => node.data.trim()).join('');
        if (!text || !element.checkVisibility({ opacityProperty: true }) || element.closest(':disabled')) continue;
        const path = upwards(element);
        if (path.some((one) => getComputedStyle(one).opacity !== '1')) continue;
        const grounds = ['white', ...path.map((one) => getComputedStyle(one).backgroundColor)];
        const [a, b] = [paint(grounds), paint([...grounds, getComputedStyle(element).color])].map(luminance);
        const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (contrast < minimum) faint.push(`${contrast.toFixed(2)} "${text.slice(0, 40)}" ${element.className}`);
    }
    return faint;
}"""

Check = Callable[[Page], Awaitable[None]]


async def is_at_rest(page: Page) -> None:
    """What a dialog loads is there, and nothing slides or fades any more: in between a screen is neither."""
    await page.wait_for_function(
        """() => !document.querySelector('dialog[open] .bone')
            && document.getAnimations().every(({ playState, effect }) =>
            playState !== 'running' || effect.getComputedTiming().iterations === Infinity)"""
    )


async def every_control_has_a_name(page: Page) -> None:
    nameless = NAMELESS.findall(await page.locator("body").aria_snapshot())
    assert not nameless, f"controls without a name at {page.url}: {nameless}"


async def nothing_scrolls_sideways(page: Page) -> None:
    await is_at_rest(page)
    wide: list[str] = await page.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll('body, body *')]
            .filter((element) => {
                const style = getComputedStyle(element);
                const scrolls = element === document.documentElement || /auto|scroll|hidden/.test(style.overflowX);
                const cut = style.textOverflow === 'ellipsis' || style.clipPath !== 'none' || element.closest('pre');
                return scrolls && !cut && element.checkVisibility() && element.scrollWidth > element.clientWidth + 1;
            })
            .map((element) => `${element.className} ${element.scrollWidth} > ${element.clientWidth}`)"""
    )
    assert not wide, f"scrolls sideways at {page.url}: {wide}"


async def everything_can_be_reached(page: Page) -> None:
    """Nothing scrolls sideways, and no control lies where no scrolling brings it into the window."""
    await is_at_rest(page)
    await nothing_scrolls_sideways(page)
    lost: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll('button, a, input, textarea, [role=option]')]
            .filter((element) => {
                const top = document.querySelector('dialog[open], [role=dialog]');
                if (top && !top.contains(element)) return false;
                if (!element.checkVisibility({ visibilityProperty: true }) || element.closest('.sr-only')) return false;
                element.scrollIntoView({ block: 'nearest' });
                const at = element.getBoundingClientRect();
                const middle = at.top + at.height / 2;
                const isOutside = middle < 0 || middle > innerHeight || at.left < -1 || at.right > innerWidth + 1;
                return at.width > 0 && isOutside;
            })
            .map((element) => `${element.className} ${element.ariaLabel ?? element.textContent}`)"""
    )
    assert not lost, f"out of the window at {page.url}: {lost}"


async def all_text_can_be_read(page: Page) -> None:
    await is_at_rest(page)
    faint: list[str] = await page.evaluate(FAINT, CONTRAST_MIN)
    assert not faint, f"too faint at {page.url}: {faint}"


async def axe_finds_nothing_serious(page: Page) -> None:
    await is_at_rest(page)
    found = await barriers(page)
    assert not found, f"barriers at {page.url}:\n" + "\n".join(found)


async def brightness_of_the_ground(page: Page) -> float:
    """0 to 255."""
    shades: list[int] = await page.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
    )
    return sum(shades[:3]) / 3


async def visit_every_screen(person: Person, check: Check, but: Collection[str] = ()) -> None:
    """The workspace with messages, an open editor, and every dialog."""
    page = person.page
    await create_channel(person, "a-channel-with-quite-a-long-name-that-has-to-be-cut-somewhere")
    await send(person, "Read https://example.org/a/very/long/address/" + "x" * 200)
    await send(person, "```\n" + "y" * 300 + "\n```")
    await send(person, "The last one")
    await sees(person, "The last one")
    await check(page)
    await message(person, "The last one").hover()
    await check(page)
    await message(person, "The last one").hover()  # a check may have scrolled it away from the pointer
    await message(person, "The last one").get_by_role("button", name="Edit").click()
    await expect(page.get_by_role("textbox", name="Edit message")).to_be_focused()
    await check(page)
    await page.keyboard.press("Escape")
    await message(person, "The last one").hover()
    await message(person, "The last one").get_by_role("button", name="More actions").click()
    await expect(page.get_by_role("menuitem", name="Delete")).to_be_visible()
    await check(page)
    await page.get_by_role("menuitem", name="Delete").click()
    await expect(page.get_by_role("dialog", name="Delete this message?")).to_be_visible()
    await check(page)
    await close_dialog(person)
    await visit_dialogs(person, HEADER, check)
    await visit_own_profile(person, check)
    await open_sidebar(person)
    await check(page)
    await visit_dialogs(person, {name: SIDEBAR[name] for name in SIDEBAR if name not in but}, check)
    for name in OWN_MENU:
        await choose_in_own_menu(person, name)
        await expect(page.get_by_role("dialog", name=name)).to_be_visible()
        await check(page)
        await close_dialog(person)


async def visit_own_profile(person: Person, check: Check) -> None:
    page = person.page
    await message(person, "Read https").get_by_role("button", name=person.name, exact=True).click()
    card = page.get_by_role("complementary", name="Profile")
    await expect(card.get_by_role("heading", name=person.name)).to_be_visible()
    await check(page)
    await card.get_by_role("button", name="Edit profile").click()
    await expect(page.get_by_role("textbox", name="Handle")).to_be_visible()
    await check(page)
    await close_dialog(person)
    await card.get_by_role("button", name="Close the pane").click()
    await expect(card).to_have_count(0)


async def visit_dialogs(person: Person, dialogs: Mapping[str, str], check: Check) -> None:
    for opener, heading in dialogs.items():
        await person.page.get_by_role("button", name=opener).click()
        await expect(person.page.get_by_role("dialog", name=heading)).to_be_visible()
        await check(person.page)
        await close_dialog(person)


async def visit_every_entrance(stranger: Person, link: str, check: Check) -> None:
    """The pages before the log-in, and the one that is not there."""
    stranger.expect_refusals(r"404 .*/nowhere|422 .*/api/invitations/")
    for path, heading in {
        "/login": "Log in to Confab",
        link: "Join Workspace",
        "/join/made-up": "This invitation does not work any more",
        "/nowhere": "Nothing here",
    }.items():
        await stranger.page.goto(path)
        await expect(stranger.page.get_by_role("heading", name=heading)).to_be_visible()
        await check(stranger.page)


async def test_every_button_link_and_field_has_a_name_for_screen_readers(team: Team, visitor: Visitor) -> None:
    await visit_every_screen(team.ada, every_control_has_a_name)
    await visit_every_entrance(await visitor(team.server, "Stranger"), team.link, every_control_has_a_name)


async def test_axe_finds_no_serious_barrier(team: Team, visitor: Visitor) -> None:
    await visit_every_screen(team.ada, axe_finds_nothing_serious)
    await visit_every_entrance(await visitor(team.server, "Stranger"), team.link, axe_finds_nothing_serious)


async def test_nothing_scrolls_sideways_on_a_phone(team: Team, visitor: Visitor) -> None:
    await team.ada.page.set_viewport_size(PHONE)
    await visit_every_entrance(
        await visitor(team.server, "Stranger", viewport=PHONE, has_touch=True), team.link, nothing_scrolls_sideways
    )
    await visit_every_screen(team.ada, nothing_scrolls_sideways)


async def test_everything_can_be_reached_at_200_percent(team: Team, visitor: Visitor) -> None:
    await team.ada.page.set_viewport_size(ENLARGED)
    stranger = await visitor(team.server, "Stranger", viewport=ENLARGED)
    await visit_every_entrance(stranger, team.link, everything_can_be_reached)
    await visit_every_screen(team.ada, everything_can_be_reached)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_light_and_dark_are_followed_and_can_be_read(team: Team, visitor: Visitor, scheme: str) -> None:
    darkest, brightest = GROUNDS[scheme]
    reader = await visitor(team.server, f"{scheme.title()} reader", color_scheme=scheme)
    await enter_as(reader, team.link)
    assert darkest <= await brightness_of_the_ground(reader.page) <= brightest
    await visit_every_screen(reader, all_text_can_be_read, but=MEMBERS_HAVE_NOT)
    stranger = await visitor(team.server, "Stranger", color_scheme=scheme)
    await visit_every_entrance(stranger, team.link, all_text_can_be_read)
    assert darkest <= await brightness_of_the_ground(stranger.page) <= brightest


async def test_choosing_the_place_where_one_is_closes_the_sidebar_of_a_phone(team: Team) -> None:
    page = team.ada.page
    await page.set_viewport_size(PHONE)
    here = page.get_by_role("navigation").get_by_role("link", name="general")
    await expect(here).to_be_hidden()
    await open_sidebar(team.ada)
    await here.click()
    await expect(here).to_be_hidden()
