"""That somebody is writing is said to who looks at the channel, of those who may write there."""

import pytest

from rxapp.errors import ErrorCode
from rxapp.live.allowances import TYPING
from rxapp.live.limits import Limits
from rxapp.live.ops import channel_room
from rxapp.services.archiving import archive_channel
from rxapp.services.backend import Backend, make_backend
from rxapp.services.channel_people import leave_channel
from rxapp.services.channels import create_channel
from rxapp.services.typists import Typists, say_typing
from tests.recording_wire import RecordingWire
from tests.refusals import refused
from tests.team import Team


@pytest.fixture
def typists(backend: Backend) -> Typists:
    return Typists(backend)


def names(wire: RecordingWire, channel: object) -> list[str]:
    return [op["u"]["name"] for op in wire.said_in(channel_room(channel)) if op["k"] == "typing"]  # type: ignore[arg-type]


async def test_all_who_write_are_told_by_one_statement_and_each_once(
    team: Team, typists: Typists, wire: RecordingWire
) -> None:
    for _ in range(2):
        typists.note(actor=team.member, channel_id=str(team.general))
    typists.note(actor=team.admin, channel_id=str(team.general))
    typists.note(actor=team.member, channel_id=str(team.secret))
    asked: list[str] = []
    team.backend.database.noted.append(lambda statement, _values, _seconds: asked.append(statement))
    await typists.tell()
    assert len(asked) == 1
    assert sorted(names(wire, team.general)) == ["Abe", "Mia"]
    assert names(wire, team.secret) == ["Mia"]
    await typists.tell()
    assert len(asked) == 1


STRANGERS = [
    ("bystander", "general"),
    ("owner", "secret"),
    ("ex_member", "general"),
    ("ex_member", "secret"),
    ("outsider", "general"),
]


@pytest.mark.parametrize(("who", "where"), STRANGERS)
async def test_of_who_may_not_write_there_nothing_is_said_and_they_learn_nothing(
    team: Team, typists: Typists, wire: RecordingWire, who: str, where: str
) -> None:
    actor, channel = getattr(team, who), getattr(team, where)
    typists.note(actor=actor, channel_id=str(channel))
    await typists.tell()
    await say_typing(team.backend, actor=actor, channel_id=str(channel))
    assert wire.said_in(channel_room(channel)) == []


async def test_nor_of_who_left_meanwhile_or_in_a_channel_that_is_closed(
    team: Team, typists: Typists, wire: RecordingWire
) -> None:
    typists.note(actor=team.member, channel_id=str(team.general))
    await leave_channel(team.backend, actor=team.member, channel_id=team.general)
    over = await create_channel(team.backend, actor=team.owner, workspace_id=team.workspace, name="over")
    await archive_channel(team.backend, actor=team.owner, channel_id=over["id"])
    typists.note(actor=team.owner, channel_id=over["id"])
    await typists.tell()
    assert names(wire, team.general) == []
    assert names(wire, over["id"]) == []


async def test_what_is_no_id_is_refused_and_what_is_too_much_left_out(team: Team, wire: RecordingWire) -> None:
    backend = make_backend(team.backend.database, wire, limits=Limits(clock=lambda: 0.0))
    typists = Typists(backend)
    for wrong in (None, 7, "x", [str(team.general)], "\x00"):
        with refused(ErrorCode.NOT_FOUND):
            typists.note(actor=team.member, channel_id=wrong)
    for _ in range(TYPING.burst):
        await say_typing(backend, actor=team.member, channel_id=str(team.general))
    assert names(wire, team.general) == ["Mia"] * TYPING.burst
    with refused(ErrorCode.TOO_MANY_REQUESTS, seconds=1):
        await say_typing(backend, actor=team.member, channel_id=str(team.general))
    typists.note(actor=team.member, channel_id=str(team.general))  # the page is not bothered with it
    await typists.tell()
    assert names(wire, team.general) == ["Mia"] * TYPING.burst
    await backend.hub.close()
