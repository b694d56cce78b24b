"""Signing out and in: all tabs of one session go, other sessions stay, and one comes back to the page asked for."""

import re

import pytest
from playwright.async_api import WebSocket, WebSocketRoute, expect

from tests.browser.conftest import Visitor
from tests.browser.people import (
    choose_in_own_menu,
    create_channel,
    is_in_channel,
    log_in,
    open_another_tab,
    sees,
    sees_not,
    send,
)
from tests.browser.team import Team
from tests.browser.waiting import until

# A closed socket is opened anew after a moment, which grows.
RECONNECTED_SECONDS = 40.0


async def test_logging_out_in_one_tab_ends_the_others_of_that_session_and_no_other_session(
    team: Team, visitor: Visitor
) -> None:
    bob = team.bob
    sockets: list[WebSocket] = []
    bob.context.on("page", lambda page: page.on("websocket", lambda socket: sockets.append(socket)))
    second_tab = await open_another_tab(bob)
    await expect(second_tab.get_by_role("textbox", name="Message #general")).to_be_editable()
    elsewhere = await visitor(team.server, bob.name)
    await elsewhere.page.goto("/login")
    await log_in(elsewhere)
    await is_in_channel(elsewhere, "general")
    socket = sockets[0]
    assert not socket.is_closed()

    await choose_in_own_menu(bob, "Log out")
    for page in (bob.page, second_tab):
        await expect(page).to_have_url(re.compile("/login/?$"))
        await expect(page.get_by_role("heading", name="Log in to Confab")).to_be_visible()
    await until(lambda: closed(socket), "the tab's socket is closed")

    await send(team.ada, "Who is still here?")
    await sees(elsewhere, "Who is still here?")
    await send(elsewhere, "My other device")
    await sees(team.ada, "My other device")
    answer = await bob.context.request.get("/api/session")
    assert answer.status == 401


async def test_a_tab_that_slept_while_somebody_else_logged_in_is_theirs_as_a_whole(team: Team) -> None:
    ada, bob = team.ada, team.bob
    sockets: list[WebSocketRoute] = []

    def pass_on(page_side: WebSocketRoute) -> None:
        sockets.append(page_side)
        page_side.connect_to_server()

    await bob.page.route_web_socket(re.compile(r"/_event/"), pass_on)
    await bob.page.reload()
    await create_channel(bob, "plan-budget", private=True)
    await send(bob, "Nobody else reads this")
    await sees(bob, "Nobody else reads this")
    await bob.page.get_by_role("textbox", name="Message #plan-budget").fill("and this is not sent yet")
    bob.expect_an_outage()
    bob.expect_refusals(r"401 .*/draft")  # what bob did not send is not kept as ada's
    await bob.context.clear_cookies()
    await bob.context.add_cookies(
        [
            {"name": cookie["name"], "value": cookie["value"], "url": team.server.url}
            for cookie in await ada.context.cookies()
        ]
    )
    before = len(sockets)
    await sockets[-1].close()

    async def came_back() -> bool:
        return len(sockets) > before

    await until(came_back, lambda: "the tab came back", within=RECONNECTED_SECONDS)
    await is_in_channel(bob, "general")
    await expect(bob.page.get_by_role("button", name=ada.name).first).to_be_visible()
    await sees_not(bob, "Nobody else reads this")
    await expect(bob.page.get_by_role("link", name="plan-budget")).to_have_count(0)


async def test_after_the_log_in_one_comes_to_the_page_that_was_asked_for(team: Team, visitor: Visitor) -> None:
    await create_channel(team.bob, "plan-budget")
    await send(team.bob, "Numbers are due on Friday")
    elsewhere = await visitor(team.server, team.bob.name)
    await elsewhere.page.goto(team.bob.page.url)
    await expect(elsewhere.page).to_have_url(re.compile(r"/login/?\?next="))
    await log_in(elsewhere)
    await is_in_channel(elsewhere, "plan-budget")
    await sees(elsewhere, "Numbers are due on Friday")
    assert elsewhere.page.url == team.bob.page.url


@pytest.mark.parametrize("next_page", ["//example.com/w/1", "/%09/example.com/w/1", "/%5C/example.com/w/1"])
async def test_a_next_page_on_another_site_is_not_gone_to(team: Team, visitor: Visitor, next_page: str) -> None:
    elsewhere = await visitor(team.server, team.bob.name)
    await elsewhere.page.goto(f"/login?next={next_page}")
    await log_in(elsewhere)
    await is_in_channel(elsewhere, "general")
    assert elsewhere.page.url.startswith(team.server.url)


async def closed(socket: WebSocket) -> bool:
    return socket.is_closed()
