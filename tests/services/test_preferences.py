"""What a person's own pages look like."""

import pytest
from sqlalchemy import text

from rxapp.errors import ErrorCode
from rxapp.live.ops import user_room
from rxapp.services.preferences import CHOICES, choose
from rxapp.services.sidebar import read_sidebar
from tests.recording_wire import RecordingWire
from tests.refusals import refused
from tests.team import Team


async def chosen(team: Team, who: str = "member") -> dict[str, object]:
    op = await read_sidebar(team.backend, actor=getattr(team, who), workspace_id=team.workspace)
    return dict(op["p"])


async def test_the_first_of_each_holds_until_something_is_chosen(team: Team) -> None:
    assert await chosen(team) == {**{name: values[0] for name, values in CHOICES.items()}, "rev": 0}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in CHOICES.items() for value in values])
async def test_every_choice_is_kept_for_oneself_alone(team: Team, name: str, value: str) -> None:
    view = await choose(team.backend, actor=team.member, name=name, value=value)
    assert view[name] == value
    assert await chosen(team) == view
    assert (await chosen(team, "admin"))["rev"] == 0


async def test_one_choice_leaves_the_others_and_is_said_to_ones_own_tabs_only(team: Team, wire: RecordingWire) -> None:
    first = await choose(team.backend, actor=team.member, name="theme", value="dark")
    second = await choose(team.backend, actor=team.member, name="clock", value="24")
    assert (second["theme"], second["clock"]) == ("dark", "24")
    assert second["rev"] >= first["rev"]
    assert [(room, op["p"]) for room, op in wire.said] == [
        (user_room(team.member.user_id), view) for view in (first, second)
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "purple"),
        ("theme", None),
        ("theme", ["dark"]),
        ("rev", "1"),
        ("", ""),
        (None, "dark"),
        (["theme"], "dark"),
    ],
)
async def test_what_is_no_choice_is_refused(team: Team, wire: RecordingWire, name: object, value: object) -> None:
    with refused(ErrorCode.INVALID_REQUEST, field="preference"):
        await choose(team.backend, actor=team.member, name=name, value=value)
    assert wire.said == []


async def test_what_is_stored_and_no_choice_any_more_is_the_first(team: Team) -> None:
    await choose(team.backend, actor=team.member, name="clock", value="12")
    async with team.backend.database.transaction() as session:
        await session.execute(text("""update private.preferences set chosen = '{"theme": "sepia", "clock": "12"}'"""))
    held = await chosen(team)
    assert (held["theme"], held["clock"]) == ("system", "12")
