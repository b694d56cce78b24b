"""A page in the middle of a channel: around a message, a number or a moment, and the pages after it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from db.models import new_id
from rxapp.errors import ErrorCode
from rxapp.live.ops import Op
from rxapp.services.history import (
    PAGE_CHARACTERS,
    PAGE_MESSAGES,
    UNREAD_MESSAGES,
    open_channel,
    read_around,
    read_newer,
    read_older,
)
from rxapp.services.messages import delete_message
from tests.recording_wire import RecordingWire, connect
from tests.refusals import refused
from tests.services.test_history import WRONG_NUMBERS, fill, opened, seqs
from tests.team import Team

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HALF = PAGE_MESSAGES // 2
WRONG_SPOTS: list[Any] = ["", 7, [], {"x": 1}, {"seq": 1, "at": 1}, {"m": new_id().hex, "seq": 1}]


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


async def around(team: Team, to: object, who: str = "member") -> Op:
    return await read_around(team.backend, actor=getattr(team, who), channel_id=team.general, to=to)


async def id_at(team: Team, seq: int) -> str:
    async with team.backend.database.session() as session:
        query = text("select id::text from public.chat where channel_id = :channel and seq = :seq")
        return str(await session.scalar(query, {"channel": team.general, "seq": seq}))


async def said_at(team: Team, moments: dict[int, datetime]) -> None:
    """Let messages have been said at other times."""
    async with team.backend.database.transaction() as session:
        for seq, moment in moments.items():
            query = text("update public.chat set created_at = :at where channel_id = :channel and seq = :seq")
            await session.execute(query, {"at": moment, "channel": team.general, "seq": seq})


@pytest.mark.parametrize(
    ("who", "where"), [("owner", "secret"), ("bystander", "secret"), ("ex_member", "general"), ("outsider", "general")]
)
async def test_of_a_channel_one_cannot_read_there_is_no_page(team: Team, who: str, where: str) -> None:
    actor = getattr(team, who)
    view = await team.say(team.member, team.secret)
    for channel in (getattr(team, where), new_id(), "no id"):
        with refused(ErrorCode.NOT_FOUND):
            await read_newer(team.backend, actor=actor, channel_id=channel, after_seq=0)
        with refused(ErrorCode.NOT_FOUND):
            await read_around(team.backend, actor=actor, channel_id=channel, to={"m": view["id"]})


@pytest.mark.parametrize("spot", WRONG_SPOTS)
async def test_what_is_no_spot_is_refused(team: Team, wire: RecordingWire, spot: object) -> None:
    with refused(ErrorCode.INVALID_REQUEST, field="to"):
        await around(team, spot)
    tab = connect(team.backend.hub, team.member, "tab")
    with refused(ErrorCode.INVALID_REQUEST, field="to"):
        await open_channel(team.backend, actor=team.member, socket_id=tab, channel_id=team.general, to=spot)
    assert wire.rooms() == []


@pytest.mark.parametrize("number", WRONG_NUMBERS)
async def test_numbers_in_a_spot_are_numbers(team: Team, number: object) -> None:
    for name in ("seq", "at", "ask"):
        with refused(ErrorCode.INVALID_REQUEST, field=name):
            await around(team, {name: number})
    with refused(ErrorCode.INVALID_REQUEST, field="after"):
        await read_newer(team.backend, actor=team.member, channel_id=team.general, after_seq=number)


async def test_a_message_stands_in_the_middle_of_its_page(team: Team) -> None:
    await fill(team, 300)
    op = await around(team, {"m": await id_at(team, 150), "ask": 7})
    assert (op["k"], op["older"], op["newer"], op["ask"]) == ("around", True, True, 7)
    assert op["target"] == await id_at(team, 150)
    assert seqs(op) == list(range(150 - HALF, 150 + HALF + 1))
    assert [user["name"] for user in op["us"]] == ["Olga"]


@pytest.mark.parametrize(("seq", "first", "last"), [(1, 1, 1 + HALF), (300, 300 - HALF, 300)])
async def test_at_the_ends_of_the_channel_there_is_nothing_beyond(team: Team, seq: int, first: int, last: int) -> None:
    await fill(team, 300)
    op = await around(team, {"m": await id_at(team, seq)})
    assert (op["older"], op["newer"]) == (first > 1, last < 300)
    assert seqs(op) == list(range(first, last + 1))


async def test_pages_after_one_another_hold_each_message_once(team: Team) -> None:
    await fill(team, 2 * PAGE_MESSAGES + 3)
    after, seen, is_more = 0, list[int](), True
    while is_more:
        op = await read_newer(team.backend, actor=team.member, channel_id=team.general, after_seq=after)
        seen += seqs(op)
        after, is_more = seqs(op)[-1], op["newer"]
    assert seen == list(range(1, 2 * PAGE_MESSAGES + 4))
    op = await read_newer(team.backend, actor=team.member, channel_id=team.general, after_seq=after)
    assert (seqs(op), op["newer"]) == ([], False)


@pytest.mark.parametrize("lost", ["deleted", "of another channel", "never there", "no id", "\ud800"])
async def test_a_message_that_is_not_here_leads_to_the_newest_page(team: Team, lost: str) -> None:
    kept = await team.say(team.member, team.general)
    gone = await team.say(team.member, team.general)
    hidden = await team.say(team.member, team.secret)
    await delete_message(team.backend, actor=team.member, message_id=gone["id"])
    ids = {"deleted": gone["id"], "of another channel": hidden["id"], "never there": str(new_id())}
    op = await around(team, {"m": ids.get(lost, lost)})
    assert (op["k"], op["lost"], seqs(op)) == ("page", True, [kept["seq"]])


async def test_a_number_leads_to_the_first_message_from_there_on(team: Team) -> None:
    views = [await team.say(team.member, team.general) for _ in range(3)]
    await delete_message(team.backend, actor=team.member, message_id=views[1]["id"])
    assert (await around(team, {"seq": views[1]["seq"]}))["target"] == views[2]["id"]
    beyond = await around(team, {"seq": 99})
    assert (beyond["k"], beyond.get("lost")) == ("page", None)


async def test_a_moment_leads_to_the_first_message_from_then_on(team: Team) -> None:
    await fill(team, 5)
    await said_at(team, {seq: NOON + timedelta(days=seq) for seq in range(1, 6)})
    for moment, seq in (
        (NOON, 1),
        (NOON + timedelta(days=2), 2),
        (NOON + timedelta(days=2, seconds=1), 3),
        (NOON + timedelta(days=5), 5),
    ):
        assert (await around(team, {"at": ms(moment)}))["target"] == await id_at(team, seq)
    assert (await around(team, {"at": 0}))["target"] == await id_at(team, 1)
    for future in (ms(NOON + timedelta(days=6)), 2**62):
        op = await around(team, {"at": future})
        assert (op["k"], op.get("lost")) == ("page", None)


async def test_what_was_imported_later_is_found_at_the_time_at_which_it_was_said(team: Team) -> None:
    await fill(team, 4)
    days = {1: 20, 2: 21, 3: 1, 4: 2}  # two messages, and then an import of older ones
    await said_at(team, {seq: NOON + timedelta(days=day) for seq, day in days.items()})
    assert (await around(team, {"at": ms(NOON)}))["target"] == await id_at(team, 3)
    assert (await around(team, {"at": ms(NOON + timedelta(days=10))}))["target"] == await id_at(team, 1)


async def test_the_newest_page_says_what_is_unread_above_it(team: Team, wire: RecordingWire) -> None:
    await fill(team, PAGE_MESSAGES + 10)
    await said_at(team, {1: NOON})
    assert (await opened(team, wire))["unread"] == {"n": PAGE_MESSAGES + 10, "seq": 1, "at": ms(NOON)}
    # One's own messages, and what somebody only looks at, are not unread.
    assert (await opened(team, wire, "owner"))["unread"] is None
    assert (await opened(team, wire, "bystander"))["unread"] is None


async def test_counting_what_is_unread_has_an_end(team: Team, wire: RecordingWire) -> None:
    await fill(team, UNREAD_MESSAGES + 20)
    assert (await opened(team, wire))["unread"]["n"] == UNREAD_MESSAGES + 1


async def test_replies_in_threads_are_no_part_of_the_list_and_of_what_was_missed(
    team: Team, wire: RecordingWire
) -> None:
    root = await team.say(team.owner, team.general)
    reply = await team.say(team.member, team.general)
    async with team.backend.database.transaction() as session:
        query = text("update public.chat set root_id = cast(:root as uuid) where id = cast(:reply as uuid)")
        await session.execute(query, {"root": root["id"], "reply": reply["id"]})
    changes = await opened(team, wire, since=1)
    assert (changes["k"], changes["rev"], seqs(changes)) == ("changes", 2, [])
    assert seqs(await read_newer(team.backend, actor=team.member, channel_id=team.general, after_seq=0)) == [1]
    assert (await around(team, {"m": reply["id"]}))["target"] == root["id"]


async def lengthen(team: Team, length: int, above: int = 0) -> None:
    """Make every message behind a number as long as that."""
    async with team.backend.database.transaction() as session:
        query = text("update public.chat set html = repeat('x', :length) where seq > :above")
        await session.execute(query, {"length": length, "above": above})


@pytest.mark.parametrize("number", [2**63 - 1, 2**62])
async def test_beyond_all_numbers_there_is_nothing(team: Team, number: int) -> None:
    await fill(team, 3)
    op = await read_newer(team.backend, actor=team.member, channel_id=team.general, after_seq=number)
    assert (op["ms"], op["newer"]) == ([], False)
    assert len((await around(team, {"seq": number}))["ms"]) == 3


async def test_long_messages_come_in_smaller_pages_and_none_is_left_out(team: Team) -> None:
    """A tab that has a megabyte unread is cut off: a page of the longest messages must not be that."""
    await fill(team, 12)
    await lengthen(team, PAGE_CHARACTERS // 2 - 10, above=2)
    newest = await around(team, {})
    assert (seqs(newest), newest["older"]) == ([11, 12], True)
    found = seqs(newest)
    while newest["older"]:
        newest = await read_older(team.backend, actor=team.member, channel_id=team.general, before_seq=found[0])
        found = seqs(newest) + found
    assert found == list(range(1, 13))
    after = await read_newer(team.backend, actor=team.member, channel_id=team.general, after_seq=2)
    assert (seqs(after), after["newer"]) == ([3, 4], True)
    middle = await around(team, {"seq": 7})
    assert (seqs(middle), middle["older"], middle["newer"]) == ([5, 6, 7, 8], True, True)


async def test_one_message_is_a_page_however_long(team: Team) -> None:
    await fill(team, 2)
    async with team.backend.database.transaction() as session:
        await session.execute(
            text("update public.chat set html = repeat('x', :length)"), {"length": 2 * PAGE_CHARACTERS}
        )
    assert seqs(await around(team, {})) == [2]
    assert seqs(await around(team, {"seq": 1})) == [1]


async def test_much_text_that_was_missed_comes_as_a_page(team: Team, wire: RecordingWire) -> None:
    await fill(team, 9)
    async with team.backend.database.transaction() as session:
        await session.execute(
            text("update public.chat set html = repeat('x', :length)"), {"length": PAGE_CHARACTERS // 2}
        )
    connect(team.backend.hub, team.member, "tab")
    for since, kind in ((7, "changes"), (1, "page")):
        await open_channel(team.backend, actor=team.member, socket_id="tab", channel_id=team.general, since_rev=since)
        assert wire.heard_by("tab")[-1]["k"] == kind
