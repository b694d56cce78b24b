"""Channels: found, looked into, joined and left; and private ones, of which outsiders see nothing."""

from playwright.async_api import Locator, expect

from tests.browser.conftest import Visitor
from tests.browser.people import (
    Person,
    browse,
    channel_id,
    close_dialog,
    composer,
    create_channel,
    enter_as,
    is_in_channel,
    message,
    sees,
    send,
)
from tests.browser.team import Team
from tests.browser.waiting import until


async def test_a_public_channel_is_found_looked_into_joined_and_left(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await create_channel(ada, "plan-budget")
    await send(ada, "Numbers are due on Friday")
    await expect(channel_link(bob, "plan-budget")).to_have_count(0)

    await (await browse(bob, "budget")).get_by_role("button", name="Open plan-budget").click()
    await sees(bob, "Numbers are due on Friday")
    await expect(composer(bob)).to_have_count(0)
    await expect(bob.page.get_by_text("You are looking at #plan-budget")).to_be_visible()
    await send(ada, "Who brings them?")
    await sees(bob, "Who brings them?")

    await bob.page.get_by_role("button", name="Join channel").click()
    await is_in_channel(bob, "plan-budget")
    await expect(channel_link(bob, "plan-budget")).to_have_attribute("aria-current", "page")
    await send(bob, "I do")
    await sees(ada, "I do")

    await bob.page.get_by_role("button", name="Settings").click()
    await bob.page.get_by_role("button", name="Leave this channel").click()
    await is_in_channel(bob, "general")
    await expect(channel_link(bob, "plan-budget")).to_have_count(0)


async def test_topic_and_purpose_are_seen_by_everybody_who_looks(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await create_channel(ada, "plan-budget")
    await (await browse(bob, "budget")).get_by_role("button", name="Open plan-budget").click()
    await ada.page.get_by_role("button", name="Settings").click()
    await ada.page.get_by_label("Topic").fill("Numbers for May 🌱")
    await ada.page.get_by_label("Purpose").fill("Where the budget is made")
    await ada.page.get_by_role("button", name="Save").click()
    for person in (ada, bob):
        await expect(person.page.get_by_role("main").get_by_text("Numbers for May 🌱")).to_be_visible()
        await expect(person.page.get_by_text("Where the budget is made")).to_be_visible()


async def test_a_channel_is_archived_and_opened_again_while_others_look(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await create_channel(ada, "over-soon")
    await (await browse(bob, "over")).get_by_role("button", name="Open over-soon").click()
    await bob.page.get_by_role("button", name="Join channel").click()
    await send(bob, "My last words here")
    await composer(bob).fill("and one more")

    await ada.page.get_by_role("button", name="Settings").click()
    await ada.page.get_by_role("button", name="Archive…").click()
    await ada.page.get_by_role("button", name="Archive channel").click()
    for person in (ada, bob):
        await expect(person.page.get_by_text("This channel is archived.")).to_be_visible()
        await expect(composer(person)).to_have_count(0)
        await expect(channel_link(person, "over-soon")).to_have_count(0)
        await sees(person, "My last words here")
    await expect(bob.page.get_by_role("button", name="Unarchive")).to_have_count(0)

    await ada.page.get_by_role("button", name="Unarchive").click()
    await expect(channel_link(bob, "over-soon")).to_have_attribute("aria-current", "page")
    await expect(composer(bob)).to_have_value("and one more")
    await composer(bob).press("Enter")
    await sees(ada, "and one more")


async def test_a_channel_is_made_private_while_somebody_looks_who_is_not_in_it(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await create_channel(ada, "cake-plan")
    await send(ada, "Bob must not know about the cherries")
    await (await browse(bob, "cake")).get_by_role("button", name="Open cake-plan").click()
    await sees(bob, "Bob must not know about the cherries")

    await ada.page.get_by_role("button", name="Settings").click()
    await ada.page.get_by_role("button", name="Make private").click()
    await expect(ada.page.get_by_text("This cannot be undone.")).to_be_visible()
    await ada.page.get_by_role("dialog").get_by_role("button", name="Make private").click()
    await sees_that_it_is_not_here(bob)
    content = await bob.page.content()
    assert "cherries" not in content
    assert "cake-plan" not in content
    await expect(channel_link(ada, "cake-plan").get_by_text("Private channel")).to_have_count(1)
    await send(ada, "Now among ourselves")
    await sees(ada, "Now among ourselves")


async def test_channels_are_joined_and_left_in_the_list_and_archived_ones_are_found_there(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await create_channel(ada, "plan-budget")
    found = await browse(bob, "budget")
    row = found.get_by_role("listitem").filter(has_text="plan-budget")
    await expect(row).to_contain_text("People: 1")
    await row.get_by_role("button", name="Join plan-budget").click()
    await expect(row).to_contain_text("People: 2")
    await expect(channel_link(bob, "plan-budget")).to_have_count(1)
    await row.get_by_role("button", name="Leave plan-budget").click()
    await expect(row.get_by_role("button", name="Join plan-budget")).to_be_visible()
    await expect(channel_link(bob, "plan-budget")).to_have_count(0)
    await close_dialog(bob)

    await ada.page.get_by_role("button", name="Settings").click()
    await ada.page.get_by_role("button", name="Archive…").click()
    await ada.page.get_by_role("button", name="Archive channel").click()
    await expect(ada.page.get_by_text("This channel is archived.")).to_be_visible()
    found = await browse(bob, "budget")
    await expect(bob.page.get_by_text("No channel is called like “budget”.")).to_be_visible()
    await bob.page.get_by_role("checkbox", name="Show archived channels").check()
    await expect(found.get_by_role("listitem")).to_contain_text("Archived")
    await expect(found.get_by_role("button", name="Join plan-budget")).to_have_count(0)
    await found.get_by_role("button", name="Open plan-budget").click()
    await expect(bob.page.get_by_text("This channel is archived.")).to_be_visible()


async def test_what_is_not_found_is_created_and_a_taken_name_leads_to_its_channel(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await browse(ada, "launch plan")
    await ada.page.get_by_role("button", name="Create “launch plan”").click()
    dialog = ada.page.get_by_role("dialog", name="Create a channel")
    await expect(dialog.get_by_role("textbox", name="Name")).to_have_value("launch plan")
    await dialog.get_by_role("button", name="Create", exact=True).click()
    await is_in_channel(ada, "launch-plan")

    await bob.page.get_by_role("button", name="Create a channel").click()
    dialog = bob.page.get_by_role("dialog", name="Create a channel")
    await dialog.get_by_role("textbox", name="Name").fill("Launch Plan")
    await dialog.get_by_role("button", name="Create", exact=True).click()
    await expect(dialog.get_by_role("alert")).to_contain_text("launch-plan is taken.")
    await expect(dialog.get_by_role("textbox", name="Name")).to_have_value("Launch Plan")
    await dialog.get_by_role("button", name="Open #launch-plan").click()
    await expect(bob.page.get_by_role("heading", level=1, name="launch-plan")).to_be_visible()


async def test_several_people_are_added_at_once_and_the_channel_is_described(team: Team, visitor: Visitor) -> None:
    ada, bob = team.ada, team.bob
    eve = await visitor(team.server, f"Eve of {bob.name}")
    await enter_as(eve, team.link)
    await create_channel(ada, "surprise", private=True)
    await ada.page.get_by_role("button", name="People in this channel").click()
    dialog = ada.page.get_by_role("dialog", name="People in this channel")
    for other in (eve, bob):
        await dialog.get_by_role("combobox", name="Search people to add").fill(other.name)
        await dialog.get_by_role("option", name=other.name, exact=False).first.click()
    await dialog.get_by_role("button", name="Add", exact=True).click()
    people = dialog.get_by_role("list", name="In this channel")
    await expect(people.get_by_role("listitem")).to_have_count(3)
    await dialog.get_by_role("searchbox", name="Search people in this channel").fill("Eve of")
    await expect(people.get_by_role("listitem")).to_have_count(1)
    await expect(dialog.get_by_text(f"by {ada.name}")).to_be_visible()
    await close_dialog(ada)
    for other in (bob, eve):
        await channel_link(other, "surprise").click()
        await is_in_channel(other, "surprise")
        await other.page.get_by_role("button", name="People in this channel").click()
        await expect(other.page.get_by_role("button", name=f"Remove {ada.name} from this channel")).to_have_count(0)
        await close_dialog(other)


async def test_a_message_elsewhere_marks_its_channel_unread_until_one_looks(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await create_channel(ada, "plan-budget")
    await (await browse(bob, "budget")).get_by_role("button", name="Open plan-budget").click()
    await bob.page.get_by_role("button", name="Join channel").click()
    await expect(channel_link(bob, "plan-budget")).to_be_visible()
    await channel_link(bob, "general").click()
    await is_in_channel(bob, "general")
    await expect(channel_link(bob, "plan-budget").get_by_text("unread")).to_have_count(0)

    await send(ada, "Look here")
    await expect(channel_link(bob, "plan-budget").get_by_text("unread")).to_have_count(1)
    await channel_link(bob, "plan-budget").click()
    await sees(bob, "Look here")
    await until(lambda: has_read_everything(team, bob), "what stands on the screen counts as read")
    await channel_link(bob, "general").click()
    await is_in_channel(bob, "general")
    await expect(channel_link(bob, "plan-budget").get_by_text("unread")).to_have_count(0)


async def test_an_outsider_sees_nothing_of_a_private_channel(team: Team, visitor: Visitor) -> None:
    ada, bob = team.ada, team.bob
    eve = await visitor(team.server, f"Eve of {bob.name}")
    await enter_as(eve, team.link)
    await create_channel(ada, "surprise", private=True)
    await send(ada, "Bob must not know about the cake")
    await add_to_channel(ada, eve)

    await expect(channel_link(eve, "surprise")).to_be_visible()
    await channel_link(eve, "surprise").click()
    await sees(eve, "Bob must not know about the cake")
    await send(eve, "He does not")
    await sees(ada, "He does not")

    found = await browse(bob, "surprise")
    await expect(bob.page.get_by_text("No channel is called like “surprise”.")).to_be_visible()
    await expect(found.get_by_role("listitem")).to_have_count(0)
    await close_dialog(bob)
    await bob.page.goto(ada.page.url)
    await sees_that_it_is_not_here(bob)
    content = await bob.page.content()
    assert "cake" not in content
    assert "surprise" not in content


async def test_who_is_taken_out_of_a_private_channel_loses_it_at_once_in_the_open_tab(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await create_channel(ada, "surprise", private=True)
    await add_to_channel(ada, bob)
    await channel_link(bob, "surprise").click()
    await send(ada, "Here we whisper")
    await sees(bob, "Here we whisper")

    await ada.page.get_by_role("button", name="People in this channel").click()
    await ada.page.get_by_role("button", name=f"Remove {bob.name} from this channel").click()
    await close_dialog(ada)
    await sees_that_it_is_not_here(bob)
    await expect(channel_link(bob, "surprise")).to_have_count(0)
    await expect(message(bob, "Here we whisper")).to_have_count(0)

    await send(ada, "Bob is gone")
    await sees(ada, "Bob is gone")
    await bob.page.reload()
    await sees_that_it_is_not_here(bob)
    assert "Bob is gone" not in await bob.page.content()


async def has_read_everything(team: Team, person: Person) -> bool:
    found = await team.server.query(
        "select cm.read_seq = c.last_post_seq from public.channels c "
        "join public.channel_members cm on cm.channel_id = c.id "
        "join public.users u on u.id = cm.user_id where c.id = %s and u.display_name = %s",
        channel_id(person),
        person.name,
    )
    return found == [(True,)]


async def add_to_channel(person: Person, other: Person) -> None:
    await person.page.get_by_role("button", name="People in this channel").click()
    await person.page.get_by_role("combobox", name="Search people to add").fill(other.name)
    await person.page.get_by_role("option", name=other.name).click()
    await person.page.get_by_role("button", name="Add", exact=True).click()
    await expect(person.page.get_by_role("button", name=f"Remove {other.name} from this channel")).to_be_visible()
    await close_dialog(person)


async def sees_that_it_is_not_here(person: Person) -> None:
    await expect(person.page.get_by_role("heading", name="This channel is not here")).to_be_visible()
    await expect(composer(person)).to_have_count(0)
    await expect(person.page.get_by_role("button", name="Join channel")).to_have_count(0)


def channel_link(person: Person, name: str) -> Locator:
    return person.page.get_by_role("navigation", name="Channels and workspace").get_by_role("link", name=name)
