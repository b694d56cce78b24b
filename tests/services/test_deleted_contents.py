"""Bringing back what was just deleted: who may, how long, and that nothing is left afterwards."""

import asyncio

import pytest
from sqlalchemy import text

from db.models import new_id
from rxapp.errors import ErrorCode
from rxapp.live.ops import channel_room
from rxapp.services.backend import Backend
from rxapp.services.channel_people import leave_channel
from rxapp.services.deleted_contents import RESTORE_LIMIT_SECONDS, keep_purging, purge_deleted_contents
from rxapp.services.message_versions import list_versions
from rxapp.services.messages import delete_message, edit_message, read_source, restore_message, send_message
from rxapp.services.views import View
from tests.recording_wire import RecordingWire
from tests.refusals import refused
from tests.services.test_messages import counters
from tests.team import Team

LEFT = text("select (select count(*) from private.deleted_contents), (select count(*) from private.message_versions)")
AGE = text("update private.deleted_contents set deleted_at = deleted_at - make_interval(secs => :seconds)")
ROWS = text("select id, rev, deleted_at is not null, source = '' from public.chat")
ROW = text("select source, html from public.chat where id = :id")


async def left(backend: Backend) -> tuple[int, int]:
    """Deleted contents and versions in the database."""
    async with backend.database.session() as session:
        return tuple((await session.execute(LEFT)).one())


async def let_time_pass(backend: Backend, seconds: int = RESTORE_LIMIT_SECONDS) -> None:
    async with backend.database.transaction() as session:
        await session.execute(AGE, {"seconds": seconds})


async def deleted(team: Team, source: str = "a *slip*") -> View:
    """A message of the member's, edited once and deleted by its author."""
    view = await team.say(team.member, team.general, "at first")
    view = await edit_message(team.backend, actor=team.member, message_id=view["id"], source=source)
    await delete_message(team.backend, actor=team.member, message_id=view["id"])
    return view


async def test_what_was_deleted_comes_back_at_its_place_with_a_new_rev(team: Team, wire: RecordingWire) -> None:
    before = await team.say(team.owner, team.general, "above")
    view = await deleted(team)
    await team.say(team.owner, team.general, "below")
    back = await restore_message(team.backend, actor=team.member, message_id=view["id"])
    assert back == {**view, "rev": 6}
    assert before["seq"] < back["seq"]
    op = wire.said_in(channel_room(team.general), "edit")[-1]
    assert (op["m"], op["rev"], op["u"]["id"]) == (back, 6, str(team.member.user_id))
    assert await read_source(team.backend, actor=team.owner, message_id=view["id"]) == "a *slip*"
    assert len(await list_versions(team.backend, actor=team.owner, message_id=view["id"])) == 2
    assert await left(team.backend) == (0, 1)


async def test_the_row_of_a_deleted_message_has_no_content_also_while_it_can_come_back(team: Team) -> None:
    view = await deleted(team)
    async with team.backend.database.session() as session:
        assert tuple((await session.execute(ROW, {"id": view["id"]})).one()) == ("", "")
    with refused(ErrorCode.DELETED):
        await read_source(team.backend, actor=team.member, message_id=view["id"])


async def test_the_newest_post_counts_again(team: Team) -> None:
    first, second = [await team.say(team.member, team.general, f"{n}") for n in range(2)]
    for view in (first, second):
        await delete_message(team.backend, actor=team.member, message_id=view["id"])
    assert (await counters(team.backend, team.general))[1] == 0
    for view, last_post_seq in ((second, 2), (first, 2)):
        await restore_message(team.backend, actor=team.member, message_id=view["id"])
        assert (await counters(team.backend, team.general))[1] == last_post_seq
    assert await counters(team.backend, team.general) == (2, 2, 6)


async def test_only_who_deleted_it_brings_it_back_not_even_its_author_does(team: Team) -> None:
    view = await team.say(team.member, team.general)
    await delete_message(team.backend, actor=team.admin, message_id=view["id"])
    for actor in (team.member, team.owner, team.bystander):
        with refused(ErrorCode.NOT_ALLOWED):
            await restore_message(team.backend, actor=actor, message_id=view["id"])
    await restore_message(team.backend, actor=team.admin, message_id=view["id"])


@pytest.mark.parametrize("who", ["owner", "bystander", "ex_member", "outsider"])
async def test_a_message_one_cannot_read_is_absent_deleted_or_not(team: Team, who: str) -> None:
    view = await team.say(team.member, team.secret)
    await delete_message(team.backend, actor=team.member, message_id=view["id"])
    for message_id in (view["id"], new_id(), "no id"):
        with refused(ErrorCode.NOT_FOUND):
            await restore_message(team.backend, actor=getattr(team, who), message_id=message_id)


async def test_who_lost_the_workspace_meanwhile_brings_nothing_back(team: Team) -> None:
    view = await deleted(team)
    await team.leave_workspace(team.member)
    with refused(ErrorCode.NOT_FOUND):
        await restore_message(team.backend, actor=team.member, message_id=view["id"])


async def test_who_left_a_public_channel_may_still_delete_there_and_bring_back(team: Team) -> None:
    view = await team.say(team.member, team.general)
    await leave_channel(team.backend, actor=team.member, channel_id=team.general)
    await delete_message(team.backend, actor=team.member, message_id=view["id"])
    await restore_message(team.backend, actor=team.member, message_id=view["id"])


async def test_too_late_is_said_with_the_limit_also_when_nothing_was_purged_yet(team: Team) -> None:
    view = await deleted(team)
    await let_time_pass(team.backend)
    for _ in range(2):
        with refused(ErrorCode.RESTORE_TOO_LATE, seconds=RESTORE_LIMIT_SECONDS):
            await restore_message(team.backend, actor=team.member, message_id=view["id"])
        await purge_deleted_contents(team.backend)
    assert await left(team.backend) == (0, 0)


async def test_the_purge_takes_what_is_too_old_and_nothing_else(team: Team) -> None:
    edited = await team.say(team.member, team.general)
    await edit_message(team.backend, actor=team.member, message_id=edited["id"], source="stays")
    await deleted(team, "old")
    await let_time_pass(team.backend)
    fresh = await deleted(team, "fresh")
    assert await purge_deleted_contents(team.backend) == 1
    assert await left(team.backend) == (1, 2)
    assert await purge_deleted_contents(team.backend) == 0
    await restore_message(team.backend, actor=team.member, message_id=fresh["id"])
    assert len(await list_versions(team.backend, actor=team.member, message_id=edited["id"])) == 2


async def test_the_rounds_begin_with_what_an_earlier_run_left(team: Team) -> None:
    await deleted(team)
    await let_time_pass(team.backend)
    rounds = asyncio.create_task(keep_purging(team.backend))
    while await left(team.backend) != (0, 0):  # noqa: ASYNC110 - a database tells nobody
        await asyncio.sleep(0.01)
    rounds.cancel()
    await asyncio.gather(rounds, return_exceptions=True)


async def test_what_was_restored_and_deleted_again_can_come_back_again(team: Team) -> None:
    view = await deleted(team)
    await let_time_pass(team.backend, RESTORE_LIMIT_SECONDS - 5)
    for _ in range(2):
        await restore_message(team.backend, actor=team.member, message_id=view["id"])
        await delete_message(team.backend, actor=team.member, message_id=view["id"])
    assert await left(team.backend) == (1, 1)


async def test_restoring_twice_at_once_is_one_restoration(team: Team, wire: RecordingWire) -> None:
    view = await deleted(team)
    answers = await asyncio.gather(
        *(restore_message(team.backend, actor=team.member, message_id=view["id"]) for _ in range(4))
    )
    assert answers == [answers[0]] * 4
    assert len(wire.said_in(channel_room(team.general), "edit")) == 2


async def test_editing_deleting_and_restoring_at_once_end_in_one_state_that_everybody_was_told(
    team: Team, wire: RecordingWire
) -> None:
    for number in range(8):
        view = await team.say(team.member, team.general, f"text {number}")
        calls = (
            edit_message(team.backend, actor=team.member, message_id=view["id"], source=f"changed {number}"),
            delete_message(team.backend, actor=team.member, message_id=view["id"]),
            delete_message(team.backend, actor=team.admin, message_id=view["id"]),
            restore_message(team.backend, actor=team.member, message_id=view["id"]),
            restore_message(team.backend, actor=team.admin, message_id=view["id"]),
        )
        answers = await asyncio.gather(*calls[number % 5 :], *calls[: number % 5], return_exceptions=True)
        refusals = {str(answer) for answer in answers if isinstance(answer, BaseException)}
        assert refusals <= {"deleted", "not_allowed"}
    said = wire.said_in(channel_room(team.general))
    assert [op["rev"] for op in said] == list(range(1, len(said) + 1))
    newest = {op["m"]["id"]: op["m"] for op in said}
    async with team.backend.database.session() as session:
        rows = (await session.execute(ROWS)).all()
    assert {str(id_): (rev, gone, gone) for id_, rev, gone, _ in rows} == {
        id_: (view["rev"], "deleted" in view, "deleted" in view) for id_, view in newest.items()
    }
    assert all(gone == empty for _, _, gone, empty in rows)


async def test_a_restoration_and_the_purge_at_once_never_leave_half_of_a_message(team: Team) -> None:
    for _ in range(5):
        view = await deleted(team)
        await let_time_pass(team.backend, RESTORE_LIMIT_SECONDS)
        answers = await asyncio.gather(
            restore_message(team.backend, actor=team.member, message_id=view["id"]),
            purge_deleted_contents(team.backend),
            return_exceptions=True,
        )
        assert "restore_too_late" in str(answers[0])
        assert await left(team.backend) == (0, 0)


async def test_a_retry_of_what_was_deleted_and_restored_is_the_message(team: Team) -> None:
    key = new_id()
    arguments = {"actor": team.member, "channel_id": team.general, "client_key": key, "source": "once"}
    view = await send_message(team.backend, **arguments)  # type: ignore[arg-type]
    await delete_message(team.backend, actor=team.member, message_id=view["id"])
    back = await restore_message(team.backend, actor=team.member, message_id=view["id"])
    assert await send_message(team.backend, **arguments) == back  # type: ignore[arg-type]
