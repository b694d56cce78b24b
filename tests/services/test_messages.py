"""Messages: who may send, change and delete them, and what stays the same however often one asks."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text

from db.models import new_id
from rxapp.errors import ErrorCode
from rxapp.live.ops import channel_room
from rxapp.services.backend import Backend
from rxapp.services.channel_people import leave_channel, remove_person
from rxapp.services.messages import delete_message, edit_message, read_source, send_message
from tests.recording_wire import RecordingWire
from tests.refusals import refused
from tests.team import Team

ROW = text("select * from public.chat where id = :id")
CHANNEL = text("select last_seq, last_post_seq, rev from public.channels where id = :id")
COUNT = text("select count(*) from public.chat")


async def counters(backend: Backend, channel: UUID) -> tuple[int, int, int]:
    """last_seq, last_post_seq, rev."""
    async with backend.database.session() as session:
        row = (await session.execute(CHANNEL, {"id": channel})).one()
        return row.last_seq, row.last_post_seq, row.rev


async def count_messages(backend: Backend) -> int:
    async with backend.database.session() as session:
        return int((await session.execute(COUNT)).scalar_one())


@pytest.mark.parametrize("who", ["ex_member", "outsider"])
@pytest.mark.parametrize("where", ["general", "secret"])
async def test_who_is_no_member_cannot_send_and_is_told_as_if_nothing_were_there(
    team: Team, who: str, where: str
) -> None:
    with refused(ErrorCode.NOT_FOUND):
        await team.say(getattr(team, who), getattr(team, where))
    with refused(ErrorCode.NOT_FOUND):
        await team.say(getattr(team, who), new_id())
    assert await count_messages(team.backend) == 0


@pytest.mark.parametrize("who", ["owner", "bystander"])
async def test_a_private_channel_is_absent_for_members_who_are_not_in_it_owners_too(team: Team, who: str) -> None:
    with refused(ErrorCode.NOT_FOUND):
        await team.say(getattr(team, who), team.secret)


async def test_who_only_reads_a_public_channel_cannot_send(team: Team) -> None:
    with refused(ErrorCode.NOT_JOINED):
        await team.say(team.bystander, team.general)


async def test_who_left_or_was_taken_out_of_a_channel_cannot_send(team: Team) -> None:
    await leave_channel(team.backend, actor=team.member, channel_id=team.general)
    with refused(ErrorCode.NOT_JOINED):
        await team.say(team.member, team.general)
    await remove_person(team.backend, actor=team.member, channel_id=team.secret, user_id=team.admin.user_id)
    with refused(ErrorCode.NOT_FOUND):
        await team.say(team.admin, team.secret)


@pytest.mark.parametrize(("source", "left"), [("", 0), (" \n\t ", 0), ("\u200b", 1)])
async def test_a_message_that_shows_nothing_is_refused(team: Team, source: str, left: int) -> None:
    with refused(ErrorCode.EMPTY, field="message", limit=16383, actual=left):
        await team.say(team.member, team.general, source)


async def test_the_same_key_gives_the_first_message_and_says_nothing_more(team: Team, wire: RecordingWire) -> None:
    key = new_id()
    sent = [
        await send_message(team.backend, actor=team.member, channel_id=team.general, client_key=key, source=source)
        for source in ("first", "second")
    ]
    assert sent[0] == sent[1]
    assert await count_messages(team.backend) == 1
    assert len(wire.said_in(channel_room(team.general))) == 1
    assert await counters(team.backend, team.general) == (1, 1, 1)


async def test_the_same_key_at_the_same_moment_gives_one_message(team: Team, wire: RecordingWire) -> None:
    key = new_id()
    sent = await asyncio.gather(
        *(
            send_message(team.backend, actor=team.member, channel_id=team.general, client_key=key, source="once")
            for _ in range(5)
        )
    )
    assert all(view == sent[0] for view in sent)
    assert await count_messages(team.backend) == 1
    assert len(wire.said_in(channel_room(team.general))) == 1


async def test_the_same_key_in_another_channel_is_refused(team: Team) -> None:
    key = new_id()
    await send_message(team.backend, actor=team.member, channel_id=team.general, client_key=key, source="here")
    with refused(ErrorCode.INVALID_REQUEST, field="client_key"):
        await send_message(team.backend, actor=team.member, channel_id=team.secret, client_key=key, source="there")
    assert await counters(team.backend, team.secret) == (0, 0, 0)


async def test_the_same_key_in_two_channels_at_once_gives_one_message_and_one_refusal(team: Team) -> None:
    key = new_id()
    answers = await asyncio.gather(
        *(
            send_message(team.backend, actor=team.member, channel_id=channel, client_key=key, source="once")
            for channel in (team.general, team.secret)
        ),
        return_exceptions=True,
    )
    refusals = [answer for answer in answers if isinstance(answer, BaseException)]
    assert [str(refusal) for refusal in refusals] == ["invalid_request {'field': 'client_key'}"]
    assert await count_messages(team.backend) == 1


async def test_the_same_key_of_another_person_is_another_message(team: Team) -> None:
    key = new_id()
    for actor in (team.member, team.owner):
        await send_message(team.backend, actor=actor, channel_id=team.general, client_key=key, source="mine")
    assert await count_messages(team.backend) == 2


async def test_what_is_sent_at_once_is_numbered_without_gaps_and_said_in_that_order(
    team: Team, wire: RecordingWire
) -> None:
    people = [team.owner, team.admin, team.member] * 7
    sent = await asyncio.gather(*(team.say(actor, team.general, f"{n}") for n, actor in enumerate(people)))
    numbers = list(range(1, len(people) + 1))
    assert sorted(view["seq"] for view in sent) == numbers
    said = wire.said_in(channel_room(team.general), "new")
    assert [op["m"]["seq"] for op in said] == numbers
    assert [op["rev"] for op in said] == numbers
    assert await counters(team.backend, team.general) == (len(numbers), len(numbers), len(numbers))


async def test_changes_of_all_kinds_at_once_are_said_in_the_order_of_their_revs(
    team: Team, wire: RecordingWire
) -> None:
    views = [await team.say(team.member, team.general, f"{n}") for n in range(6)]
    await asyncio.gather(
        *(delete_message(team.backend, actor=team.member, message_id=view["id"]) for view in views[:3]),
        *(edit_message(team.backend, actor=team.member, message_id=view["id"], source="changed") for view in views[3:]),
        *(team.say(team.owner, team.general) for _ in range(3)),
    )
    said = wire.said_in(channel_room(team.general))
    assert [op["rev"] for op in said] == list(range(1, 16))
    assert all(op["m"]["rev"] == op["rev"] for op in said)


async def test_only_the_author_changes_a_message_and_every_reader_reads_its_source(team: Team) -> None:
    view = await team.say(team.member, team.general)
    for actor in (team.owner, team.admin, team.bystander):
        with refused(ErrorCode.NOT_ALLOWED):
            await edit_message(team.backend, actor=actor, message_id=view["id"], source="mine now")
        assert await read_source(team.backend, actor=actor, message_id=view["id"]) == "hello"


@pytest.mark.parametrize("who", ["owner", "bystander", "ex_member", "outsider"])
async def test_a_message_one_cannot_read_is_absent_for_every_verb(team: Team, who: str) -> None:
    view, actor, backend = await team.say(team.member, team.secret), getattr(team, who), team.backend
    for message_id in (view["id"], new_id(), "no id"):
        with refused(ErrorCode.NOT_FOUND):
            await edit_message(backend, actor=actor, message_id=message_id, source="x")
        with refused(ErrorCode.NOT_FOUND):
            await delete_message(backend, actor=actor, message_id=message_id)
        with refused(ErrorCode.NOT_FOUND):
            await read_source(backend, actor=actor, message_id=message_id)
    assert await read_source(backend, actor=team.member, message_id=view["id"]) == "hello"


async def test_who_was_removed_cannot_touch_what_they_wrote(team: Team) -> None:
    view = await team.say(team.member, team.general)
    await team.leave_workspace(team.member)
    with refused(ErrorCode.NOT_FOUND):
        await edit_message(team.backend, actor=team.member, message_id=view["id"], source="x")
    with refused(ErrorCode.NOT_FOUND):
        await delete_message(team.backend, actor=team.member, message_id=view["id"])


async def test_who_left_a_public_channel_cannot_change_a_message_there(team: Team) -> None:
    view = await team.say(team.member, team.general)
    await leave_channel(team.backend, actor=team.member, channel_id=team.general)
    with refused(ErrorCode.NOT_JOINED):
        await edit_message(team.backend, actor=team.member, message_id=view["id"], source="x")


async def test_an_edit_takes_the_next_rev_and_keeps_place_and_time(team: Team, wire: RecordingWire) -> None:
    before = await team.say(team.member, team.general)
    after = await edit_message(team.backend, actor=team.member, message_id=before["id"], source="*new*")
    assert after == {**before, "rev": 2, "html": "<p><em>new</em></p>\n", "edited": after["edited"]}
    assert after["edited"] >= before["at"]
    assert await counters(team.backend, team.general) == (1, 1, 2)
    assert wire.said_in(channel_room(team.general), "edit")[0]["m"] == after


async def test_an_edit_to_the_same_text_changes_nothing(team: Team, wire: RecordingWire) -> None:
    before = await team.say(team.member, team.general)
    assert await edit_message(team.backend, actor=team.member, message_id=before["id"], source="hello") == before
    assert await counters(team.backend, team.general) == (1, 1, 1)
    assert wire.said_in(channel_room(team.general), "edit") == []


async def test_a_member_cannot_delete_what_another_wrote(team: Team) -> None:
    view = await team.say(team.owner, team.general)
    for actor in (team.member, team.bystander):
        with refused(ErrorCode.NOT_ALLOWED):
            await delete_message(team.backend, actor=actor, message_id=view["id"])


@pytest.mark.parametrize("who", ["owner", "admin", "member"])
async def test_the_author_and_who_administers_delete_a_message(team: Team, who: str) -> None:
    view = await team.say(team.member, team.general)
    gone = await delete_message(team.backend, actor=getattr(team, who), message_id=view["id"])
    assert gone["deleted"] is True
    assert gone["rev"] == 2


async def test_a_deleted_message_leaves_no_content_in_any_column_or_answer(team: Team, wire: RecordingWire) -> None:
    view = await team.say(team.member, team.general, "the-launch-code")
    await edit_message(team.backend, actor=team.member, message_id=view["id"], source="the-launch-code again")
    gone = await delete_message(team.backend, actor=team.member, message_id=view["id"])
    async with team.backend.database.session() as session:
        row = (await session.execute(ROW, {"id": view["id"]})).mappings().one()
    assert "launch" not in str(dict(row))
    assert gone == {name: gone[name] for name in ("id", "ch", "seq", "rev", "author", "at", "deleted")}
    assert wire.said_in(channel_room(team.general), "delete")[0]["m"] == gone
    with refused(ErrorCode.DELETED):
        await read_source(team.backend, actor=team.member, message_id=view["id"])
    with refused(ErrorCode.DELETED):
        await edit_message(team.backend, actor=team.member, message_id=view["id"], source="back")
    with refused(ErrorCode.DELETED):
        await delete_message(team.backend, actor=team.admin, message_id=view["id"])


async def test_a_retry_of_a_message_that_was_deleted_meanwhile_brings_nothing_back(team: Team) -> None:
    key = new_id()
    view = await send_message(team.backend, actor=team.member, channel_id=team.general, client_key=key, source="x")
    gone = await delete_message(team.backend, actor=team.admin, message_id=view["id"])
    again = await send_message(team.backend, actor=team.member, channel_id=team.general, client_key=key, source="x")
    assert again == gone


async def test_deleting_twice_at_once_is_one_deletion(team: Team) -> None:
    view = await team.say(team.member, team.general)
    answers = await asyncio.gather(
        *(delete_message(team.backend, actor=who, message_id=view["id"]) for who in (team.member, team.admin)),
        return_exceptions=True,
    )
    assert [str(answer) for answer in answers if isinstance(answer, BaseException)] == ["deleted"]
    assert await counters(team.backend, team.general) == (1, 0, 2)


async def test_the_newest_post_is_the_newest_that_is_not_deleted(team: Team) -> None:
    first, second, third = [await team.say(team.member, team.general, f"{n}") for n in range(3)]
    expected = {second["id"]: 3, third["id"]: 1, first["id"]: 0}
    for message_id, last_post_seq in expected.items():
        await delete_message(team.backend, actor=team.member, message_id=message_id)
        assert (await counters(team.backend, team.general))[1] == last_post_seq
    fourth = await team.say(team.member, team.general)
    assert fourth["seq"] == 4  # numbers are never given twice
    assert await counters(team.backend, team.general) == (4, 4, 7)
