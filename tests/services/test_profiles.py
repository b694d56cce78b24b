"""Profiles: who sees whose, what one may say of oneself, and who hears of it."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from db.models import Member, new_id
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.ops import workspace_room
from rxapp.services.imported_people import imported_authors
from rxapp.services.members import add_member
from rxapp.services.messages import delete_message
from rxapp.services.profiles import change_profile, check_handle, read_profile
from rxapp.services.sidebar import read_sidebar
from rxapp.services.views import View
from rxapp.services.workspaces import Role
from tests import hostile
from tests.recording_wire import RecordingWire
from tests.refusals import refused
from tests.team import Team

OWN = {"name": "Mia", "handle": "mia", "title": "", "pronouns": "", "time_zone": "", "hue": 7}


async def change(team: Team, actor: Actor, **changes: Any) -> View:
    return await change_profile(team.backend, actor=actor, **{**OWN, **changes})


async def read(team: Team, actor: Actor, user_id: object, workspace: UUID | None = None) -> View:
    return await read_profile(team.backend, actor=actor, workspace_id=workspace or team.workspace, user_id=user_id)


async def count_changes(team: Team, actor: Actor) -> int:
    async with team.backend.database.session() as session:
        return int(
            await session.scalar(text("select rev from public.users where id = :id"), {"id": actor.user_id}) or 0
        )


async def both_workspaces(team: Team, actor: Actor) -> None:
    async with team.backend.database.transaction() as session:
        session.add(Member(workspace_id=team.elsewhere, user_id=actor.user_id, role="member"))


# ---------------------------------------------------------------- reading


async def test_a_member_sees_what_another_says_of_themselves(team: Team) -> None:
    await change(team, team.member, title="Cook", pronouns="she/her", time_zone="Europe/Berlin", hue="200")
    view = await read(team, team.bystander, team.member.user_id)
    assert view["since"] > 0
    del view["since"]
    assert view == {
        "id": str(team.member.user_id),
        "rev": 2,
        "name": "Mia",
        "handle": "mia",
        "hue": 200,
        "kind": "person",
        "title": "Cook",
        "pronouns": "she/her",
        "tz": "Europe/Berlin",
        "role": "member",
    }


@pytest.mark.parametrize("who", ["ex_member", "outsider"])
async def test_strangers_see_nobody(team: Team, who: str) -> None:
    for workspace in (team.workspace, new_id()):
        with refused(ErrorCode.NOT_FOUND):
            await read(team, getattr(team, who), team.member.user_id, workspace)


async def test_who_has_nothing_to_do_with_the_workspace_is_absent_in_it(team: Team) -> None:
    await team.say(team.outsider, team.elsewhere_general)
    for user_id in (team.outsider.user_id, team.ex_member.user_id, new_id(), "nonsense", None, ["x"]):
        with refused(ErrorCode.NOT_FOUND):
            await read(team, team.owner, user_id)


async def test_who_left_is_seen_by_those_who_may_read_what_they_wrote(team: Team) -> None:
    said = await team.say(team.member, team.secret)
    await team.leave_workspace(team.member)
    view = await read(team, team.admin, team.member.user_id)
    assert (view["name"], view["role"], view["since"]) == ("Mia", "", None)
    for stranger_to_the_channel in (team.owner, team.bystander):
        with refused(ErrorCode.NOT_FOUND):
            await read(team, stranger_to_the_channel, team.member.user_id)
    await delete_message(team.backend, actor=team.admin, message_id=said["id"])
    with refused(ErrorCode.NOT_FOUND):
        await read(team, team.admin, team.member.user_id)


async def test_an_author_of_another_system_is_marked_as_such(team: Team) -> None:
    authors = await imported_authors(team.backend, workspace_id=team.workspace, system="irc", nicks=["zed"])
    said = await team.say(team.admin, team.general)
    async with team.backend.database.transaction() as session:
        values = {"author": authors.ids["zed"], "message": said["id"]}
        await session.execute(text("update public.chat set author_id = :author where id = :message"), values)
    view = await read(team, team.bystander, authors.ids["zed"])
    assert (view["name"], view["kind"], view["role"]) == ("zed", "imported", "")


# ---------------------------------------------------------------- changing


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, ErrorCode.EMPTY),
        ({"name": "x" * 81}, ErrorCode.TOO_LONG),
        ({"title": "x" * 101}, ErrorCode.TOO_LONG),
        ({"pronouns": "x" * 41}, ErrorCode.TOO_LONG),
        ({"handle": ""}, ErrorCode.HANDLE_INVALID),
        ({"handle": "x" * 33}, ErrorCode.HANDLE_INVALID),
        ({"handle": ".dot"}, ErrorCode.HANDLE_INVALID),
        ({"handle": "mi a"}, ErrorCode.HANDLE_INVALID),
        ({"handle": "mía"}, ErrorCode.HANDLE_INVALID),
        ({"time_zone": "Europe/Atlantis"}, ErrorCode.INVALID_REQUEST),
        ({"time_zone": "../../etc/passwd"}, ErrorCode.INVALID_REQUEST),
        ({"hue": 360}, ErrorCode.INVALID_REQUEST),
        ({"hue": "360"}, ErrorCode.INVALID_REQUEST),
        ({"hue": "-1"}, ErrorCode.INVALID_REQUEST),
        ({"hue": "٣"}, ErrorCode.INVALID_REQUEST),
        ({"hue": ""}, ErrorCode.INVALID_REQUEST),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_changes(
    team: Team, changes: dict[str, Any], code: ErrorCode
) -> None:
    with pytest.raises(ConfabError) as caught:
        await change(team, team.member, **changes)
    assert caught.value.code is code
    assert await count_changes(team, team.member) == 1


@pytest.mark.parametrize("value", [*hostile.VALUES, *hostile.TEXTS.values()], ids=lambda value: repr(value)[:20])
async def test_hostile_values_are_stored_as_text_or_refused(team: Team, value: object) -> None:
    may_say = {
        ErrorCode.EMPTY,
        ErrorCode.TOO_LONG,
        ErrorCode.INVALID_TEXT,
        ErrorCode.INVALID_REQUEST,
        ErrorCode.HANDLE_INVALID,
    }
    for field in OWN:
        try:
            view = await change(team, team.member, **{field: value})
        except ConfabError as refusal:
            assert refusal.code in may_say, field
        else:
            seen = await read(team, team.admin, team.member.user_id)
            assert {**seen, **view} == seen, field


@pytest.mark.parametrize("name", ["Zoë 👩🏽‍🚀", "ليلى أحمد", "x" * 80, "李小龍"])
async def test_names_of_every_script_are_kept(team: Team, name: str) -> None:
    assert (await change(team, team.member, name=name))["name"] == name


@pytest.mark.parametrize(("typed", "handle"), [("@Mia", "mia"), (" mia.b-c_2\n", "mia.b-c_2"), ("7up", "7up")])
def test_a_handle_is_taken_as_people_type_it(typed: str, handle: str) -> None:
    assert check_handle(typed) == handle


async def test_a_handle_that_somebody_has_is_refused_whoever_is_faster(team: Team) -> None:
    answers = await asyncio.gather(
        change(team, team.member, handle="captain"),
        change(team, team.outsider, handle="@Captain"),
        return_exceptions=True,
    )
    refusals = [answer for answer in answers if isinstance(answer, ConfabError)]
    assert [(refusal.code, refusal.parameters) for refusal in refusals] == [
        (ErrorCode.NAME_TAKEN, {"name": "@captain"})
    ]


async def test_a_change_is_said_once_in_each_of_ones_workspaces_and_in_no_other(
    team: Team, wire: RecordingWire
) -> None:
    await both_workspaces(team, team.member)
    view = await change(team, team.member, name="Mia B.")
    assert (view["name"], view["rev"]) == ("Mia B.", 2)
    for workspace in (team.workspace, team.elsewhere):
        (op,) = wire.said_in(workspace_room(workspace), "person")
        assert (op["ws"], op["rev"], op["u"]) == (str(workspace), 2, view)
    await change(team, team.owner, name="Olga B.", handle="olga")
    assert len(wire.said_in(workspace_room(team.elsewhere), "person")) == 1


async def test_nothing_is_said_when_nothing_changed(team: Team, wire: RecordingWire) -> None:
    await change(team, team.member)
    await change(team, team.member, name="  Mia ", handle="@mia", hue="7")
    assert len(wire.said_in(workspace_room(team.workspace), "person")) == 1
    assert await count_changes(team, team.member) == 2


async def test_a_tab_that_comes_back_is_told_who_changed_since(team: Team) -> None:
    async def told(since_rev: int) -> list[str]:
        op = await read_sidebar(team.backend, actor=team.admin, workspace_id=team.workspace, since_rev=since_rev)
        return sorted(user["name"] for user in op["us"])

    await change(team, team.member, name="Mia B.")
    await change(team, team.bystander, name="Ben B.", handle="ben")
    assert [await told(rev) for rev in (0, 1, 2, 3, 4)] == [[], ["Ben B.", "Mia B."], ["Ben B."], [], []]


async def test_who_changed_while_away_is_shown_when_they_come_back(team: Team, wire: RecordingWire) -> None:
    for actor in (team.ex_member, team.outsider):
        await change(
            team, actor, name="Eve B.", handle=f"h{actor.user_id.hex[:8]}"
        ) if actor is team.ex_member else None
        await add_member(team.backend, user_id=actor.user_id, workspace_id=team.workspace, role=Role.MEMBER)
    (op,) = wire.said_in(workspace_room(team.workspace), "person")
    assert op["u"]["name"] == "Eve B."


async def test_two_people_who_share_two_workspaces_change_at_once(team: Team, wire: RecordingWire) -> None:
    for actor in (team.member, team.bystander):
        await both_workspaces(team, actor)
    handles = {team.member: "mia", team.bystander: "ben"}
    await asyncio.gather(
        *(change(team, actor, handle=handle, hue=hue) for hue in range(8) for actor, handle in handles.items())
    )
    for workspace in (team.workspace, team.elsewhere):
        revs = [op["rev"] for op in wire.said_in(workspace_room(workspace), "person")]
        assert revs == list(range(2, 2 + len(revs)))
