"""Reading a channel: its newest page, older pages, and what a tab has missed."""

import pytest
from sqlalchemy import text

from db.models import new_id
from rxapp.errors import ErrorCode
from rxapp.live.ops import Op, channel_room
from rxapp.services.history import CATCH_UP_MESSAGES, PAGE_MESSAGES, open_channel, read_older
from rxapp.services.messages import delete_message, edit_message
from tests.recording_wire import RecordingWire, connect
from tests.refusals import refused
from tests.team import Team

FILL = text(
    "insert into public.chat (id, channel_id, author_id, seq, rev, client_key, source, html, render_version) "
    "select gen_random_uuid(), :channel, :author, n, n, gen_random_uuid(), n::text, n::text, 1 "
    "from generate_series(1, :count) n"
)
COUNT = text("update public.channels set last_seq = :count, last_post_seq = :count, rev = :count where id = :channel")
WRONG_NUMBERS = [-1, 2**63, 10**400, 1.5, "1", None, True, [1], {}]


async def fill(team: Team, count: int) -> None:
    async with team.backend.database.transaction() as session:
        values = {"channel": team.general, "author": team.owner.user_id, "count": count}
        await session.execute(FILL, values)
        await session.execute(COUNT, values)


async def opened(team: Team, wire: RecordingWire, who: str = "member", *, since: int = 0) -> Op:
    """What a new tab is pushed when it opens #general."""
    tab = connect(team.backend.hub, getattr(team, who), f"tab-{who}-{since}")
    await open_channel(team.backend, actor=getattr(team, who), socket_id=tab, channel_id=team.general, since_rev=since)
    return wire.heard_by(tab)[-1]


def seqs(op: Op) -> list[int]:
    return [view["seq"] for view in op["ms"]]


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("owner", "secret"),
        ("bystander", "secret"),
        ("ex_member", "general"),
        ("ex_member", "secret"),
        ("outsider", "general"),
    ],
)
async def test_a_channel_one_cannot_read_is_neither_opened_nor_paged(
    team: Team, wire: RecordingWire, who: str, where: str
) -> None:
    actor, tab = getattr(team, who), connect(team.backend.hub, getattr(team, who), "tab")
    for channel in (getattr(team, where), new_id(), "no id"):
        with refused(ErrorCode.NOT_FOUND):
            await open_channel(team.backend, actor=actor, socket_id=tab, channel_id=channel)
        with refused(ErrorCode.NOT_FOUND):
            await read_older(team.backend, actor=actor, channel_id=channel, before_seq=1)
    assert wire.rooms() == []
    assert wire.said == []


async def test_a_tab_that_is_gone_is_let_in_nowhere(team: Team, wire: RecordingWire) -> None:
    with refused(ErrorCode.NOT_FOUND):
        await open_channel(team.backend, actor=team.member, socket_id="gone", channel_id=team.general)
    assert wire.rooms() == []


@pytest.mark.parametrize("number", WRONG_NUMBERS)
async def test_what_is_no_message_number_is_refused(team: Team, number: object) -> None:
    with refused(ErrorCode.INVALID_REQUEST, field="before"):
        await read_older(team.backend, actor=team.member, channel_id=team.general, before_seq=number)
    with refused(ErrorCode.INVALID_REQUEST, field="rev"):
        await open_channel(team.backend, actor=team.member, socket_id="tab", channel_id=team.general, since_rev=number)


async def test_the_newest_page_is_the_newest_messages_oldest_first_with_their_authors(
    team: Team, wire: RecordingWire
) -> None:
    await fill(team, PAGE_MESSAGES + 1)
    op = await opened(team, wire)
    assert (op["k"], op["older"], op["rev"]) == ("page", True, PAGE_MESSAGES + 1)
    assert seqs(op) == list(range(2, PAGE_MESSAGES + 2))
    assert [user["name"] for user in op["us"]] == ["Olga"]


async def test_a_page_says_where_the_reader_stands(team: Team, wire: RecordingWire) -> None:
    await team.say(team.owner, team.general)
    places = {who: await opened(team, wire, who) for who in ("owner", "member", "bystander")}
    assert {who: (op["joined"], op["read"], op["last"]) for who, op in places.items()} == {
        "owner": (True, 1, 1),
        "member": (True, 0, 1),
        "bystander": (False, 0, 1),
    }


async def test_an_empty_channel_has_an_empty_page(team: Team, wire: RecordingWire) -> None:
    op = await opened(team, wire)
    assert (seqs(op), op["us"], op["older"], op["last"]) == ([], [], False, 0)


async def test_pages_before_one_another_hold_each_message_once(team: Team) -> None:
    await fill(team, 2 * PAGE_MESSAGES + 3)
    before, pages, seen = 2**62, 0, list[int]()
    while True:
        op = await read_older(team.backend, actor=team.member, channel_id=team.general, before_seq=before)
        seen[:0] = seqs(op)
        pages += 1
        if not op["older"]:
            break
        before = seqs(op)[0]
    assert pages == 3
    assert seen == list(range(1, 2 * PAGE_MESSAGES + 4))


async def test_before_the_first_message_there_is_nothing(team: Team) -> None:
    await fill(team, 3)
    for before in (0, 1):
        op = await read_older(team.backend, actor=team.member, channel_id=team.general, before_seq=before)
        assert (seqs(op), op["older"]) == ([], False)


async def test_pages_leave_deleted_messages_out(team: Team, wire: RecordingWire) -> None:
    views = [await team.say(team.member, team.general, f"{n}") for n in range(3)]
    await delete_message(team.backend, actor=team.member, message_id=views[1]["id"])
    assert seqs(await opened(team, wire)) == [1, 3]
    op = await read_older(team.backend, actor=team.member, channel_id=team.general, before_seq=4)
    assert seqs(op) == [1, 3]


async def test_who_comes_back_gets_what_changed_tombstones_included_and_nothing_else(
    team: Team, wire: RecordingWire
) -> None:
    views = [await team.say(team.member, team.general, f"{n}") for n in range(3)]
    await edit_message(team.backend, actor=team.member, message_id=views[0]["id"], source="changed")
    await delete_message(team.backend, actor=team.member, message_id=views[1]["id"])
    await team.say(team.owner, team.general)
    op = await opened(team, wire, since=3)
    assert (op["k"], op["rev"]) == ("changes", 6)
    assert [(view["seq"], view["rev"], view.get("deleted", False)) for view in op["ms"]] == [
        (1, 4, False),
        (2, 5, True),
        (4, 6, False),
    ]
    assert {user["name"] for user in op["us"]} == {"Mia", "Olga"}


async def test_who_missed_nothing_gets_nothing(team: Team, wire: RecordingWire) -> None:
    await team.say(team.member, team.general)
    op = await opened(team, wire, since=1)
    assert (op["k"], seqs(op)) == ("changes", [])


async def test_who_missed_too_much_begins_at_the_newest_page(team: Team, wire: RecordingWire) -> None:
    await fill(team, CATCH_UP_MESSAGES + 2)
    assert (await opened(team, wire, since=1))["k"] == "page"
    op = await opened(team, wire, since=2)
    assert (op["k"], len(op["ms"])) == ("changes", CATCH_UP_MESSAGES)


async def test_a_tab_that_knows_more_than_the_database_begins_anew(team: Team, wire: RecordingWire) -> None:
    await fill(team, 3)  # after a restore from a backup
    assert (await opened(team, wire, since=4))["k"] == "page"


async def test_a_tab_looks_at_one_channel_at_a_time(team: Team, wire: RecordingWire) -> None:
    tab = connect(team.backend.hub, team.member, "tab")
    for channel in (team.general, team.secret):
        await open_channel(team.backend, actor=team.member, socket_id=tab, channel_id=channel)
    assert wire.rooms() == [channel_room(team.secret)]


async def test_a_person_has_no_way_to_open_a_channel_from_another_ones_tab(team: Team, wire: RecordingWire) -> None:
    tab = connect(team.backend.hub, team.outsider, "tab")
    with refused(ErrorCode.NOT_FOUND):
        await open_channel(team.backend, actor=team.outsider, socket_id=tab, channel_id=team.secret)
    await team.say(team.member, team.secret)
    assert wire.heard_by(tab) == []
