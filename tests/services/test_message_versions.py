"""What a message said before: who may see it, what is kept, and what goes."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from db.models import new_id
from rxapp.errors import ConfabError, ErrorCode
from rxapp.services import message_versions
from rxapp.services.backend import Backend
from rxapp.services.message_versions import list_versions
from rxapp.services.messages import delete_message, edit_message, read_source
from rxapp.services.views import View, milliseconds
from tests.hostile import TEXTS
from tests.refusals import refused
from tests.team import Team

KEPT = text("select version, source, html, written_at from private.message_versions order by version")


def text_of(version: View) -> str:
    return "".join(piece["t"] for piece in version["pieces"] if piece["k"] != "gone")


async def change(team: Team, view: View, *sources: str) -> View:
    for source in sources:
        view = await edit_message(team.backend, actor=team.member, message_id=view["id"], source=source)
    return view


async def kept(backend: Backend) -> list[tuple[int, str, str, datetime]]:
    async with backend.database.session() as session:
        return [tuple(row) for row in await session.execute(KEPT)]


async def test_what_was_sent_is_version_one_and_each_edit_keeps_what_it_replaces(team: Team) -> None:
    sent = await team.say(team.member, team.general, "on *Monday*")
    assert await kept(team.backend) == []
    first = await change(team, sent, "on Tuesday")
    second = await change(team, first, "on Friday")
    rows = await kept(team.backend)
    assert [row[:3] for row in rows] == [
        (1, "on *Monday*", "<p>on <em>Monday</em></p>\n"),
        (2, "on Tuesday", "<p>on Tuesday</p>\n"),
    ]
    assert [milliseconds(row[3].astimezone(UTC)) for row in rows] == [sent["at"], first["edited"]]
    shown = await list_versions(team.backend, actor=team.owner, message_id=sent["id"])
    assert [(version["version"], version["at"]) for version in shown] == [
        (3, second["edited"]),
        (2, first["edited"]),
        (1, sent["at"]),
    ]
    assert [text_of(version) for version in shown] == ["on Friday", "on Tuesday", "on *Monday*"]
    assert [(piece["k"], piece["t"]) for piece in shown[0]["pieces"]] == [
        ("same", "on "),
        ("gone", "Tuesday"),
        ("added", "Friday"),
    ]
    assert {piece["k"] for piece in shown[-1]["pieces"]} == {"same"}


async def test_a_message_that_was_never_edited_has_the_text_that_was_sent(team: Team) -> None:
    sent = await team.say(team.member, team.general, "as it is")
    await change(team, sent, "as it is")
    (only,) = await list_versions(team.backend, actor=team.member, message_id=sent["id"])
    assert only == {"version": 1, "at": sent["at"], "pieces": [{"k": "same", "t": "as it is"}]}


async def test_an_edit_that_is_refused_keeps_nothing(team: Team) -> None:
    sent = await team.say(team.member, team.general)
    with refused(ErrorCode.NOT_ALLOWED):
        await edit_message(team.backend, actor=team.owner, message_id=sent["id"], source="mine")
    with refused(ErrorCode.TOO_LONG, field="message", limit=16_383, actual=16_384):
        await change(team, sent, "x" * 16_384)
    assert await kept(team.backend) == []


async def test_edits_at_once_keep_every_text_once(team: Team) -> None:
    sent = await team.say(team.member, team.general, "text 0")
    await asyncio.gather(*(change(team, sent, f"text {number}") for number in range(1, 8)))
    assert [row[0] for row in await kept(team.backend)] == list(range(1, 8))
    shown = await list_versions(team.backend, actor=team.member, message_id=sent["id"])
    assert sorted(text_of(version) for version in shown) == [f"text {number}" for number in range(8)]


async def test_beyond_the_limit_the_oldest_go_but_never_the_first(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_versions, "VERSIONS_MAX", 3)
    sent = await team.say(team.member, team.general, "text 1")
    await change(team, sent, *(f"text {number}" for number in range(2, 8)))
    assert [row[0] for row in await kept(team.backend)] == [1, 5, 6]
    shown = await list_versions(team.backend, actor=team.member, message_id=sent["id"])
    assert [text_of(version) for version in shown] == ["text 7", "text 6", "text 5", "text 1"]


async def test_every_reader_sees_the_versions_and_to_nobody_else_they_are_there(team: Team) -> None:
    public = await team.say(team.member, team.general)
    secret = await change(team, await team.say(team.member, team.secret), "hush")
    for actor in (team.owner, team.admin, team.member, team.bystander):
        assert len(await list_versions(team.backend, actor=actor, message_id=public["id"])) == 1
    assert len(await list_versions(team.backend, actor=team.admin, message_id=secret["id"])) == 2
    for actor in (team.owner, team.bystander, team.ex_member, team.outsider):
        for message_id in (secret["id"], new_id(), "no id"):
            with refused(ErrorCode.NOT_FOUND):
                await list_versions(team.backend, actor=actor, message_id=message_id)


async def test_a_deleted_message_shows_no_versions(team: Team) -> None:
    view = await change(team, await team.say(team.member, team.general, "the-launch-code"), "never mind")
    await delete_message(team.backend, actor=team.member, message_id=view["id"])
    with refused(ErrorCode.DELETED):
        await list_versions(team.backend, actor=team.member, message_id=view["id"])


@pytest.mark.parametrize("kind", TEXTS)
async def test_hostile_text_is_refused_or_shown_as_it_was_typed(team: Team, kind: str) -> None:
    sent = await team.say(team.member, team.general, "before")
    try:
        await change(team, sent, TEXTS[kind])
    except ConfabError as refusal:
        assert refusal.code in (ErrorCode.TOO_LONG, ErrorCode.INVALID_TEXT)
        assert await kept(team.backend) == []
        return
    newest, oldest = await list_versions(team.backend, actor=team.member, message_id=sent["id"])
    assert text_of(newest) == await read_source(team.backend, actor=team.member, message_id=sent["id"])
    assert text_of(oldest) == "before"
