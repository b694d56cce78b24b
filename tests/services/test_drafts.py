"""Drafts: kept as typed, for their author alone, and a late copy never wins."""

import asyncio

import pytest

from db.models import new_id
from rxapp.actor import Actor
from rxapp.errors import ErrorCode
from rxapp.live.ops import user_room
from rxapp.services.channel_people import leave_channel
from rxapp.services.drafts import save_draft
from rxapp.services.sidebar import read_sidebar
from rxapp.services.views import View
from tests.hostile import TEXTS, VALUES
from tests.recording_wire import RecordingWire
from tests.refusals import refused
from tests.team import Team

LIMIT = 16_383


async def save(team: Team, source: object, rev: object = 0, actor: Actor | None = None) -> View:
    return await save_draft(team.backend, actor=actor or team.member, channel_id=team.general, source=source, rev=rev)


async def drafts_of(team: Team, actor: Actor) -> list[View]:
    op = await read_sidebar(team.backend, actor=actor, workspace_id=team.workspace)
    return list(op["drafts"])


@pytest.mark.parametrize(
    ("who", "where", "code"),
    [
        ("owner", "secret", ErrorCode.NOT_FOUND),
        ("bystander", "secret", ErrorCode.NOT_FOUND),
        ("bystander", "general", ErrorCode.NOT_JOINED),
        ("ex_member", "general", ErrorCode.NOT_FOUND),
        ("outsider", "general", ErrorCode.NOT_FOUND),
    ],
)
async def test_there_is_no_draft_where_one_cannot_write(team: Team, who: str, where: str, code: ErrorCode) -> None:
    with refused(code):
        await save_draft(
            team.backend, actor=getattr(team, who), channel_id=getattr(team, where), source="half a", rev=0
        )
    with refused(ErrorCode.NOT_FOUND):
        await save_draft(team.backend, actor=getattr(team, who), channel_id=new_id(), source="half a", rev=0)


async def test_a_draft_is_kept_as_it_was_typed_and_its_author_alone_is_told(team: Team, wire: RecordingWire) -> None:
    text = "  - half\n  a *text* \n\n"
    saved = await save(team, text)
    assert saved == {"ws": str(team.workspace), "ch": str(team.general), "source": text, "rev": 1}
    said = [(room, op["source"], op["rev"]) for room, op in wire.said if op["k"] == "draft"]
    assert said == [(user_room(team.member.user_id), text, 1)]
    assert await drafts_of(team, team.member) == [saved]
    assert await drafts_of(team, team.owner) == []


async def test_a_late_copy_never_wins_and_gets_the_newer_one(team: Team, wire: RecordingWire) -> None:
    await save(team, "one")
    newest = await save(team, "one two", rev=1)
    wire.said.clear()
    for late in ("one", "on", ""):
        for rev in (0, 1, 3, 2**63 - 1):
            assert await save(team, late, rev) == newest
    assert wire.said == []
    assert await drafts_of(team, team.member) == [newest]


async def test_of_two_copies_made_from_one_draft_at_once_one_is_kept(team: Team) -> None:
    first = await save(team, "a")
    answers = await asyncio.gather(*(save(team, f"a{number}", first["rev"]) for number in range(5)))
    assert len({answer["source"] for answer in answers}) == 1
    assert {answer["rev"] for answer in answers} == {2}


async def test_the_same_text_again_says_nothing(team: Team, wire: RecordingWire) -> None:
    await save(team, "half a")
    wire.said.clear()
    assert (await save(team, "half a", rev=1))["rev"] == 1
    assert wire.said == []


async def test_emptying_what_is_empty_makes_no_draft(team: Team, wire: RecordingWire) -> None:
    assert (await save(team, ""))["rev"] == 0
    assert wire.said == []
    assert await drafts_of(team, team.member) == []


async def test_an_emptied_draft_is_told_to_who_comes_back_and_an_older_copy_does_not_bring_it_back(team: Team) -> None:
    await save(team, "sent now")
    emptied = await save(team, "", rev=1)
    assert (await save(team, "sent no", rev=1)) == emptied
    assert await drafts_of(team, team.member) == [emptied]
    assert (await save(team, "the next", rev=emptied["rev"]))["rev"] == 3


async def test_who_left_a_channel_is_told_no_draft_of_it(team: Team) -> None:
    await save(team, "half a")
    await leave_channel(team.backend, actor=team.member, channel_id=team.general)
    assert await drafts_of(team, team.member) == []
    with refused(ErrorCode.NOT_JOINED):
        await save(team, "half a text", rev=1)


async def test_the_longest_draft_is_kept_and_one_character_more_is_refused(team: Team) -> None:
    assert (await save(team, "🙂" * LIMIT))["rev"] == 1
    with refused(ErrorCode.TOO_LONG, field="draft", limit=LIMIT, actual=LIMIT + 1):
        await save(team, "x" * (LIMIT + 1), rev=1)


@pytest.mark.parametrize("name", TEXTS)
async def test_hostile_text_is_kept_as_it_is_or_refused(team: Team, name: str) -> None:
    text = TEXTS[name]
    if name in ("nul", "lone surrogate"):
        with refused(ErrorCode.INVALID_TEXT, field="draft"):
            await save(team, text)
    elif len(text) > LIMIT:
        with refused(ErrorCode.TOO_LONG, field="draft", limit=LIMIT, actual=len(text)):
            await save(team, text)
    else:
        assert (await save(team, text))["source"] == text


@pytest.mark.parametrize("value", VALUES, ids=repr)
async def test_what_is_no_text_is_refused(team: Team, value: object) -> None:
    with refused(ErrorCode.INVALID_REQUEST, field="draft"):
        await save(team, value)


@pytest.mark.parametrize("rev", [-1, 2**63, 1.5, "1", None, True])
async def test_what_is_no_rev_is_refused(team: Team, rev: object) -> None:
    with refused(ErrorCode.INVALID_REQUEST, field="rev"):
        await save(team, "half a", rev)
