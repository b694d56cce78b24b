"""What one types is never lost: drafts survive a reload, messages wait for the server."""

from playwright.async_api import expect

from tests.browser.conftest import Visitor
from tests.browser.people import (
    channel_id,
    composer,
    create_channel,
    enter_as,
    invite,
    is_in_channel,
    message,
    register_owner,
    sees,
    send,
    texts_of,
)
from tests.browser.server import Server
from tests.browser.team import Team


async def test_a_draft_survives_a_reload_and_stays_in_its_channel(team: Team) -> None:
    ada = team.ada
    await composer(ada).fill("I was about to say")
    await ada.page.reload()
    await is_in_channel(ada, "general")
    await expect(composer(ada)).to_have_value("I was about to say")
    await create_channel(ada, "plan-budget")
    await expect(composer(ada)).to_have_value("")
    await ada.page.get_by_role("link", name="general").click()
    await is_in_channel(ada, "general")
    await expect(composer(ada)).to_have_value("I was about to say")
    await composer(ada).press("Enter")
    await sees(ada, "I was about to say")
    await ada.page.reload()
    await is_in_channel(ada, "general")
    await expect(composer(ada)).to_have_value("")


async def test_messages_typed_while_the_server_is_down_are_shown_pending_and_arrive_once_it_is_back(
    own_server: Server, visitor: Visitor
) -> None:
    ada, bob = await visitor(own_server, "Ada"), await visitor(own_server, "Bob")
    await register_owner(ada, "Analysts")
    await enter_as(bob, await invite(ada))
    await send(ada, "Before")
    await sees(bob, "Before")
    for person in (ada, bob):
        person.expect_an_outage()

    await own_server.stop()
    banner = ada.page.get_by_role("status").filter(has_text="Connecting")
    await expect(banner).to_be_visible()
    await send(ada, "While it was down")
    await send(ada, "And another")
    for text in ("While it was down", "And another"):
        await expect(message(ada, text)).to_be_visible()
        await expect(message(ada, text).get_by_role("paragraph")).to_have_count(0)
    assert await texts_of(ada.page) == ["Before"]

    await own_server.start()
    await expect(banner).to_have_count(0)
    for person in (ada, bob):
        await sees(person, "While it was down")
        await sees(person, "And another")
        assert await texts_of(person.page) == ["Before", "While it was down", "And another"]
    stored = await own_server.query(
        "select source from public.chat where channel_id = %s order by seq", channel_id(ada)
    )
    assert [source for (source,) in stored] == ["Before", "While it was down", "And another"]
