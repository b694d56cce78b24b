"""What people are told when something is refused: why, with what they typed still there."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from playwright.async_api import Route, expect

from tests.browser.conftest import Visitor
from tests.browser.people import (
    Person,
    close_dialog,
    composer,
    create_channel,
    fill_account,
    is_in_channel,
    log_in,
    message,
    sees,
    send,
)
from tests.browser.team import Team

LIMIT = 16_383


async def test_a_wrong_password_is_refused_and_the_address_stays(team: Team, visitor: Visitor) -> None:
    elsewhere = await visitor(team.server, team.bob.name)
    await elsewhere.page.goto("/login")
    await log_in(elsewhere, "not the password at all")
    await expect(elsewhere.page.get_by_role("alert")).to_have_text("Email or password is wrong.")
    await expect(elsewhere.page.get_by_label("Email")).to_have_value(team.bob.email)
    await log_in(elsewhere)
    await is_in_channel(elsewhere, "general")


async def test_a_weak_password_is_refused_and_the_name_stays(team: Team, visitor: Visitor) -> None:
    carol = await visitor(team.server, f"Carol with {team.bob.name}")
    carol.expect_refusals(r"422 .*/api/accounts")
    await carol.page.goto(team.link)
    await fill_account(carol)
    await carol.page.get_by_label("Password").fill("password1")
    await carol.page.get_by_role("button", name="Create account").click()
    await expect(carol.page.get_by_role("alert")).to_contain_text("This password is easy to guess")
    await expect(carol.page.get_by_label("Your name")).to_have_value(carol.name)
    await fill_account(carol)
    await carol.page.get_by_role("button", name="Create account").click()
    await is_in_channel(carol, "general")


async def test_a_taken_channel_name_is_said_in_the_dialog_where_the_text_stays(team: Team) -> None:
    await create_channel(team.ada, "plan-budget")
    page = team.bob.page
    await page.get_by_role("button", name="Create a channel").click()
    dialog = page.get_by_role("dialog", name="Create a channel")
    name = dialog.get_by_role("textbox", name="Name")
    await name.fill("Plan Budget")
    await name.press("Enter")
    await expect(dialog.get_by_role("alert")).to_contain_text("plan-budget is taken. Choose another name.")
    await expect(name).to_have_value("Plan Budget")
    await name.fill("Plan Budget 2")
    await name.press("Enter")
    await is_in_channel(team.bob, "plan-budget-2")


async def test_a_message_of_one_character_too_many_is_refused_before_sending_with_a_count(team: Team) -> None:
    page, area = team.bob.page, composer(team.bob)
    await area.fill("x" * (LIMIT + 1))
    await expect(page.get_by_role("status").filter(has_text="too long to send")).to_contain_text(
        f"{LIMIT + 1} of {LIMIT} characters"
    )
    await expect(page.get_by_role("button", name="Send")).to_be_disabled()
    await area.press("Enter")
    await expect(area).to_have_value("x" * (LIMIT + 1))
    await expect(page.get_by_role("log", name="Messages").get_by_role("article")).to_have_count(0)

    await area.press("Backspace")
    await expect(page.get_by_role("status").filter(has_text="too long to send")).to_have_count(0)
    await area.press("Enter")
    await sees(team.ada, "x" * LIMIT)


async def test_an_invitation_that_does_not_exist_says_so(team: Team, visitor: Visitor) -> None:
    stranger = await visitor(team.server, "Stranger")
    stranger.expect_refusals(r"422 .*/api/invitations/")
    await stranger.page.goto("/join/made-up")
    await expect(stranger.page.get_by_role("heading", name="This invitation does not work any more")).to_be_visible()
    await expect(stranger.page.get_by_role("textbox")).to_have_count(0)


async def test_a_refusal_of_the_server_keeps_the_message_to_try_again_or_discard(team: Team) -> None:
    ada, bob = team.ada, team.bob
    bob.expect_refusals(r"403 .*/messages")
    await create_channel(ada, "plan-budget")
    await bob.page.goto(ada.page.url)
    await bob.page.get_by_role("button", name="Join channel").click()
    await is_in_channel(bob, "plan-budget")
    # Out of the channel on the server, while the request that carries the message is held back.
    async with held_back(bob):
        await send(bob, "For the budget")
        await send(bob, "And one more thing")
        await ada.page.get_by_role("button", name="People in this channel").click()
        await ada.page.get_by_role("button", name=f"Remove {bob.name} from this channel").click()
        await close_dialog(ada)
        await expect(bob.page.get_by_role("button", name="Join channel")).to_be_visible()
    refused = message(bob, "For the budget")
    await expect(refused.get_by_role("status")).to_contain_text("Join the channel first.")

    await bob.page.get_by_role("button", name="Join channel").click()
    await refused.get_by_role("button", name="Try again").click()
    await sees(bob, "For the budget")
    await sees(ada, "For the budget")
    await message(bob, "And one more thing").get_by_role("button", name="Discard").click()
    await expect(message(bob, "And one more thing")).to_have_count(0)
    await bob.page.reload()
    await sees(bob, "For the budget")
    await expect(message(bob, "And one more thing")).to_have_count(0)
    await expect(message(ada, "And one more thing")).to_have_count(0)


@asynccontextmanager
async def held_back(person: Person) -> AsyncGenerator[None]:
    """Inside, no message of the person reaches the server; they all do at the end."""
    release = asyncio.Event()

    async def hold(route: Route) -> None:
        await release.wait()
        await route.continue_()

    await person.page.route("**/api/channels/*/messages", hold)
    yield
    release.set()
