"""Old messages in new clothes: what an older Confab rendered is rendered anew, without anybody waiting for it."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from rxapp.live.ops import channel_room
from rxapp.markup import FALLBACK_VERSION, RENDER_VERSION, render
from rxapp.services.backend import Backend, make_backend
from rxapp.services.history import read_older
from rxapp.services.messages import delete_message, edit_message, restore_message
from rxapp.services.rerendering import TRIES, rerender_batch
from rxapp.services.views import View
from tests.hanging_renderer import SLOW, let_renderers_hang
from tests.recording_wire import RecordingWire
from tests.team import Team

SOURCES = ["|a|b|\n|-|-|\n|1|2|", ":tada: hooray", "nothing new here", "- [ ] do it", "```py\nimport os\n```"]
OLD_HTML = "<p>as it was rendered once</p>\n"


async def make_old(team: Team, *views: View, html: str = OLD_HTML) -> None:
    """Turn messages into what an older version left."""
    async with team.backend.database.transaction() as session:
        await session.execute(
            text("update public.chat set html = :html, render_version = 1 where id = any(:ids)"),
            {"html": html, "ids": [UUID(view["id"]) for view in views]},
        )


async def place_of(team: Team) -> tuple[int, UUID | None]:
    async with team.backend.database.session() as session:
        row = (await session.execute(text("select rendered_version, rendered_to from private.installation"))).one()
    return row[0], row[1]


async def versions(team: Team) -> set[int]:
    async with team.backend.database.session() as session:
        return set(await session.scalars(text("select render_version from public.chat where deleted_at is null")))


async def messages(team: Team, channel: UUID) -> list[dict[str, Any]]:
    page = await read_older(team.backend, actor=team.member, channel_id=channel, before_seq=2**40)
    return list(page["ms"])


async def all_of_it(team: Team) -> None:
    """As it is done between two looks."""
    again = True
    while await rerender_batch(team.backend, again=again):
        again = False


async def test_old_messages_look_like_new_ones_and_the_tabs_are_led_to_them(team: Team, wire: RecordingWire) -> None:
    views = [await team.say(team.member, team.general, source) for source in SOURCES]
    secret = await team.say(team.member, team.secret, SOURCES[0])
    same = await team.say(team.member, team.general, "as it is")
    await make_old(team, *views, secret)
    await make_old(team, same, html=same["html"])
    said = len(wire.said)
    await all_of_it(team)
    shown = await messages(team, team.general)
    assert [message["html"] for message in shown] == [render(source).html for source in [*SOURCES, "as it is"]]
    # Each change has a rev of its own; what looks the same as before has none.
    assert [message["rev"] for message in shown] == [7, 8, 9, 10, 11, same["rev"]]
    assert all(message["edited"] is None for message in shown)
    assert [(where, op["k"], op["rev"]) for where, op in wire.said[said:]] == [
        (channel_room(team.general), "head", 11),
        (channel_room(team.secret), "head", 2),
    ]
    assert await versions(team) == {RENDER_VERSION}
    assert await place_of(team) == (RENDER_VERSION, UUID(same["id"]))
    await all_of_it(team)
    assert len(wire.said) == said + 2


async def test_a_server_that_was_killed_goes_on_where_it_stopped(team: Team) -> None:
    views = [await team.say(team.member, team.general, f"{number} :tada:") for number in range(5)]
    await make_old(team, *views)
    assert await rerender_batch(team.backend, limit=2)
    assert await place_of(team) == (RENDER_VERSION, UUID(views[1]["id"]))
    assert [message["html"] == OLD_HTML for message in await messages(team, team.general)] == [False] * 2 + [True] * 3
    await all_of_it(team)
    assert [message["rev"] for message in await messages(team, team.general)] == [6, 7, 8, 9, 10]


async def test_what_was_not_noted_is_done_once_all_the_same(team: Team) -> None:
    view = await team.say(team.member, team.general, ":tada:")
    await make_old(team, view)
    await rerender_batch(team.backend)
    async with team.backend.database.transaction() as session:
        await session.execute(text("update private.installation set rendered_version = 0, rendered_to = null"))
    await all_of_it(team)
    assert [message["rev"] for message in await messages(team, team.general)] == [2]


async def test_an_edit_and_a_deletion_at_the_same_time_stay(team: Team) -> None:
    views = [await team.say(team.member, team.general, f"{number} :tada:") for number in range(6)]
    await make_old(team, *views)
    await asyncio.gather(
        all_of_it(team),
        *(edit_message(team.backend, actor=team.member, message_id=view["id"], source="new") for view in views[:3]),
        delete_message(team.backend, actor=team.member, message_id=views[3]["id"]),
    )
    shown = await messages(team, team.general)
    assert [message["html"] for message in shown] == ["<p>new</p>\n"] * 3 + ["<p>4 🎉</p>\n", "<p>5 🎉</p>\n"]
    assert await versions(team) == {RENDER_VERSION}


async def test_what_an_older_server_wrote_meanwhile_is_found_wherever_it_stands(team: Team) -> None:
    views = [await team.say(team.member, team.general, f"{number} :tada:") for number in range(3)]
    await all_of_it(team)
    assert await place_of(team) == (RENDER_VERSION, UUID(views[-1]["id"]))
    await make_old(team, views[1])  # its edit
    await all_of_it(team)
    assert [message["html"] for message in await messages(team, team.general)] == [
        f"<p>{number} 🎉</p>\n" for number in range(3)
    ]
    await make_old(team, views[0])
    await delete_message(team.backend, actor=team.member, message_id=views[0]["id"])
    await all_of_it(team)
    await restore_message(team.backend, actor=team.member, message_id=views[0]["id"])
    await all_of_it(team)
    assert await versions(team) == {RENDER_VERSION}


async def test_what_had_to_be_shown_as_typed_is_rendered_when_there_is_time(
    team: Team, wire: RecordingWire, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = await team.say(team.member, team.general, "short")
    with monkeypatch.context() as hanging:
        let_renderers_hang(hanging)
        sent = await team.say(team.member, team.general, SLOW)
        edited = await edit_message(team.backend, actor=team.member, message_id=edited["id"], source=SLOW)
    assert "<li>" not in sent["html"] + edited["html"]
    assert await versions(team) == {FALLBACK_VERSION}
    await all_of_it(team)
    shown = await messages(team, team.general)
    assert {message["html"] for message in shown} == {render(SLOW).html}
    assert await versions(team) == {RENDER_VERSION}
    assert wire.said[-1][1]["k"] == "head"


async def test_what_is_never_rendered_in_time_stays_as_typed(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    let_renderers_hang(monkeypatch)
    sent = await team.say(team.member, team.general, SLOW)
    old = await team.say(team.member, team.general, f"{SLOW}- old")
    await make_old(team, old)
    for tried in range(1, TRIES):
        await all_of_it(team)
        # Until then it stays as it was, and the next look finds it again.
        assert await versions(team) == {FALLBACK_VERSION - tried}
        assert [message["html"] for message in await messages(team, team.general)] == [sent["html"], OLD_HTML]
    await all_of_it(team)
    assert await versions(team) == {RENDER_VERSION}
    assert [message["html"] for message in await messages(team, team.general)] == [sent["html"], old["html"]]


async def test_two_servers_at_once_change_each_message_once(team: Team) -> None:
    views = [await team.say(team.member, team.general, f"{number} :tada:") for number in range(20)]
    await make_old(team, *views)
    other = make_backend(team.backend.database, RecordingWire())
    await asyncio.gather(small_batches(team.backend), small_batches(other))
    assert sorted(message["rev"] for message in await messages(team, team.general)) == list(range(21, 41))
    await other.hub.close()


async def small_batches(backend: Backend) -> None:
    while await rerender_batch(backend, limit=3):
        pass


async def test_an_older_server_leaves_the_work_of_a_newer_one_alone(team: Team) -> None:
    version = RENDER_VERSION + 1
    view = await team.say(team.member, team.general, ":tada:")
    await make_old(team, view)
    async with team.backend.database.transaction() as session:
        await session.execute(text("update private.installation set rendered_version = :version"), {"version": version})
    await all_of_it(team)
    assert await place_of(team) == (version, None)
    assert (await messages(team, team.general))[0]["html"] == OLD_HTML
