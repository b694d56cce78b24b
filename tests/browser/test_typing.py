"""Who is writing is seen below where one writes, by the others, for as long as they do."""

from playwright.async_api import expect

from tests.browser.people import composer, create_channel, sees, send
from tests.browser.team import Team


async def test_others_see_who_writes_until_it_is_sent_or_nothing_more_comes(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await create_channel(ada, "elsewhere")
    await ada.page.get_by_role("link", name="general").click()
    await composer(bob).press_sequentially("Hel")
    await expect(ada.page.get_by_text(f"{bob.name} is writing …")).to_be_visible()
    await expect(bob.page.get_by_text("is writing …")).to_have_count(0)  # one knows that oneself

    await composer(ada).press_sequentially("Oh")
    await expect(bob.page.get_by_text(f"{ada.name} is writing …")).to_be_visible()
    await composer(bob).press_sequentially("lo")
    await send(bob, "Hello")
    await sees(ada, "Hello")
    await expect(ada.page.get_by_text(f"{bob.name} is writing …")).to_have_count(0)
    await expect(composer(ada)).to_have_value("Oh")

    await composer(bob).press_sequentially("And")  # news at once, though it was said a moment ago
    await expect(ada.page.get_by_text(f"{bob.name} is writing …")).to_be_visible()
    await ada.page.get_by_role("link", name="elsewhere").click()
    await expect(ada.page.get_by_text(f"{bob.name} is writing …")).to_have_count(0)
    await ada.page.get_by_role("link", name="general").click()
    await expect(ada.page.get_by_text("is writing …")).to_have_count(0)  # he writes no more
    await expect(bob.page.get_by_text("is writing …")).to_have_count(0)
