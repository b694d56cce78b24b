"""What a tab is told when it comes into a workspace, and how far its rooms should be."""

import pytest

from db.models import new_id
from rxapp.errors import ErrorCode
from rxapp.live.ops import channel_room, user_room, workspace_room
from rxapp.services.channel_people import leave_channel
from rxapp.services.heads import read_heads
from rxapp.services.sidebar import enter_workspace, home_path, read_sidebar
from tests.recording_wire import RecordingWire, connect
from tests.refusals import refused
from tests.team import Team


@pytest.mark.parametrize("who", ["ex_member", "outsider"])
async def test_strangers_do_not_enter_a_workspace(team: Team, wire: RecordingWire, who: str) -> None:
    tab = connect(team.backend.hub, getattr(team, who), "tab")
    for workspace in (team.workspace, new_id(), "no id"):
        with refused(ErrorCode.NOT_FOUND):
            await enter_workspace(team.backend, actor=getattr(team, who), socket_id=tab, workspace_id=workspace)
        with refused(ErrorCode.NOT_FOUND):
            await read_sidebar(team.backend, actor=getattr(team, who), workspace_id=workspace)
    assert wire.said == []
    assert workspace_room(team.workspace) not in wire.rooms()


async def test_a_tab_that_is_gone_enters_nothing(team: Team, wire: RecordingWire) -> None:
    with refused(ErrorCode.NOT_FOUND):
        await enter_workspace(team.backend, actor=team.member, socket_id="gone", workspace_id=team.workspace)
    assert wire.rooms() == []


@pytest.mark.parametrize(
    ("who", "channels"),
    [
        ("owner", ["general"]),
        ("admin", ["general", "secret"]),
        ("member", ["general", "secret"]),
        ("bystander", []),
    ],
)
async def test_a_sidebar_has_the_channels_one_is_in_and_no_others(team: Team, who: str, channels: list[str]) -> None:
    op = await read_sidebar(team.backend, actor=getattr(team, who), workspace_id=team.workspace)
    assert [entry["c"]["name"] for entry in op["channels"]] == channels
    assert op["role"] == (who if who in ("owner", "admin") else "member")
    assert (op["w"]["name"], op["me"]["id"]) == ("Team", str(getattr(team, who).user_id))


async def test_a_sidebar_says_what_is_unread(team: Team) -> None:
    for _ in range(2):
        await team.say(team.member, team.secret)
    places = {}
    for who in ("member", "admin"):
        op = await read_sidebar(team.backend, actor=getattr(team, who), workspace_id=team.workspace)
        places[who] = [(entry["read"], entry["last"]) for entry in op["channels"]]
    assert places == {"member": [(0, 0), (2, 2)], "admin": [(0, 0), (0, 2)]}


async def test_who_enters_is_in_the_rooms_of_the_workspace_and_of_oneself_and_gets_the_sidebar(
    team: Team, wire: RecordingWire
) -> None:
    tab = connect(team.backend.hub, team.member, "tab")
    await enter_workspace(team.backend, actor=team.member, socket_id=tab, workspace_id=team.workspace)
    assert set(wire.rooms()) == {workspace_room(team.workspace), user_room(team.member.user_id)}
    assert [op["k"] for op in wire.heard_by(tab)] == ["sidebar"]


async def test_home_is_the_first_channel_one_is_in_or_could_be_in_or_nowhere(team: Team) -> None:
    general = f"/w/{team.workspace}/c/{team.general}"
    assert await home_path(team.backend, actor=team.member) == general
    assert await home_path(team.backend, actor=team.bystander) == general
    assert await home_path(team.backend, actor=team.ex_member) is None
    await leave_channel(team.backend, actor=team.member, channel_id=team.general)
    assert await home_path(team.backend, actor=team.member) == f"/w/{team.workspace}/c/{team.secret}"


async def test_heads_say_how_far_each_room_is(team: Team) -> None:
    await team.say(team.member, team.general)
    rooms = [
        channel_room(team.general), channel_room(team.secret), workspace_room(team.workspace),
        user_room(team.member.user_id), channel_room(new_id()), user_room(team.ex_member.user_id), "anything",
    ]  # fmt: skip
    assert await read_heads(team.backend, rooms) == {
        channel_room(team.general): [{"k": "head", "ch": str(team.general), "rev": 1}],
        channel_room(team.secret): [{"k": "head", "ch": str(team.secret), "rev": 0}],
        workspace_room(team.workspace): [{"k": "ws_head", "ws": str(team.workspace), "rev": 1}],
        user_room(team.member.user_id): [
            {"k": "me_head", "ws": str(team.workspace), "rev": 1, "read": 1, "last": 1},
            {"k": "workspaces", "ids": [str(team.workspace)]},
        ],
        user_room(team.ex_member.user_id): [{"k": "workspaces", "ids": []}],
    }


async def test_nobody_there_needs_no_heads(team: Team) -> None:
    assert await read_heads(team.backend, []) == {}
