"""THE ACCESS MATRIX of the socket: every event handler the app registers, for everybody who may send it.

Driven over real sockets to a running server, with the session's cookie and an Origin: what is tested is the guard, the
namespace, Reflex's dispatch and the handler together. A handler without a row fails the test.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from reflex_base.registry import RegistrationContext

import rxapp.rxapp  # noqa: F401 - registers every handler
from rxapp.live.namespace import ANONYMOUS_EVENTS
from rxapp.live.state import LiveState
from rxapp.services.direct import open_direct
from rxapp.services.invitations import create_invitation, list_invitations
from rxapp.services.members import add_member
from rxapp.services.workspaces import Role as WorkspaceRole
from tests.access.roles import Role, Row, actor_of, administrators, everybody, installation_owner, members
from tests.access.server import Server
from tests.access.tab import Tab, Tabs
from tests.team import Team, make_team, own_installation

ROOT = "reflex___state____state"
CHANNEL = f"{ROOT}.state___channel____channel_state"
DIRECT = f"{ROOT}.state___direct____direct_state"
PEOPLE = f"{ROOT}.state___people____people_state"
PROFILE = f"{ROOT}.state___profile____profile_state"
INVITATION = f"{ROOT}.state___invitation____invitation_state"
MORE = f"{ROOT}.state___more_workspaces____more_workspaces_state"
WORKSPACE = f"{ROOT}.state___workspace____workspace_state"
PREFERENCES = f"{ROOT}.state___preferences____preferences_state"
INSTALLATION = f"{ROOT}.state___installation____installation_state"

# Reflex's own: they touch nothing but the tab's own state.
FRAMEWORK = {
    f"{ROOT}.hydrate": "allowed",
    f"{ROOT}.hydrate_and_load": "allowed",
    f"{ROOT}.set_is_hydrated": "dropped",
    f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal": "allowed",
    f"{ROOT}.reflex___state____on_load_internal_state.set_is_hydrated": "dropped",
    f"{ROOT}.reflex___state____update_vars_internal_state.update_vars_internal": "dropped",
    f"{ROOT}.reflex___state____frontend_event_exception_state.handle_frontend_exception": "dropped",
}

Payload = Callable[[Team], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Case:
    """A handler with what is sent to it, and what everybody is answered. The tab looks at the team's #general."""

    payload: Payload
    answers: Row


def nothing(_: Team) -> dict[str, Any]:
    return {}


MATRIX = {
    f"{WORKSPACE}.enter": Case(lambda team: {"workspace_id": str(team.workspace)}, members()),
    f"{WORKSPACE}.enter_other": Case(lambda team: {"workspace_id": str(team.workspace)}, members()),
    f"{WORKSPACE}.follow_link": Case(lambda _: {"form": {"link": "x"}}, everybody("invitation_invalid")),
    f"{WORKSPACE}.create": Case(lambda _: {"form": {"name": "New"}}, installation_owner()),
    f"{WORKSPACE}.mark_all_read": Case(nothing, members()),
    f"{WORKSPACE}.leave": Case(nothing, Row("last_owner", "ok", "ok", "not_found", "not_found", "dropped")),
    f"{WORKSPACE}.delete": Case(
        lambda _: {"form": {"name": "Team"}},
        Row("ok", "not_allowed", "not_allowed", "not_found", "not_found", "dropped"),
    ),
    f"{MORE}.load": Case(nothing, everybody()),
    f"{MORE}.restore": Case(lambda team: {"workspace_id": str(team.workspace)}, everybody("not_found")),
    f"{WORKSPACE}.rename": Case(lambda _: {"form": {"name": "Renamed"}}, administrators()),
    f"{CHANNEL}.open": Case(lambda team: {"channel_id": str(team.general), "since_rev": 0}, members()),
    f"{CHANNEL}.load_older": Case(lambda team: {"channel_id": str(team.general), "before_seq": 9}, members()),
    f"{CHANNEL}.load_newer": Case(lambda team: {"channel_id": str(team.general), "after_seq": 0}, members()),
    # Takes what is said and answers nothing, see test_a_cursor_is_moved_for_those_who_may_read.
    f"{CHANNEL}.read_to": Case(lambda team: {"channel_id": str(team.general), "seq": 1, "read_rev": 0}, everybody()),
    # As that: see test_who_writes_is_said_by_those_who_may.
    f"{CHANNEL}.typing": Case(lambda team: {"channel_id": str(team.general)}, everybody()),
    f"{CHANNEL}.mark_unread": Case(lambda team: {"channel_id": str(team.general), "seq": 1}, members()),
    f"{CHANNEL}.create": Case(lambda _: {"form": {"name": "new"}}, members()),
    f"{CHANNEL}.change": Case(lambda _: {"form": {"name": "renamed", "topic": ""}}, administrators()),
    # Of the team's first channel, which stays open to all.
    f"{CHANNEL}.archive": Case(
        nothing, Row("first_channel", "first_channel", "not_allowed", "not_found", "not_found", "dropped")
    ),
    f"{CHANNEL}.hide": Case(
        nothing, Row("first_channel", "first_channel", "not_allowed", "not_found", "not_found", "dropped")
    ),
    f"{CHANNEL}.unarchive": Case(lambda team: {"channel_id": str(team.general)}, administrators()),
    f"{CHANNEL}.go_out": Case(lambda team: {"channel_id": str(team.general)}, members()),
    f"{CHANNEL}.join": Case(lambda team: {"channel_id": str(team.general)}, members()),
    f"{CHANNEL}.leave": Case(nothing, members()),
    f"{DIRECT}.search": Case(lambda _: {"search": ""}, members()),
    f"{DIRECT}.open_with": Case(lambda team: {"user_id": str(team.bystander.user_id)}, members()),
    f"{DIRECT}.open_group": Case(
        lambda team: {"user_ids": [str(team.bystander.user_id), str(team.admin.user_id)]}, members()
    ),
    # The admin's with the member, which the matrix opens first: nobody else has anything to close.
    f"{DIRECT}.close": Case(
        lambda _: {"channel_id": "direct"}, Row("not_found", "ok", "ok", "not_found", "not_found", "dropped")
    ),
    f"{PEOPLE}.search": Case(nothing, members()),
    f"{PEOPLE}.add": Case(lambda team: {"user_ids": [str(team.bystander.user_id)]}, members()),
    f"{PEOPLE}.take_out": Case(lambda team: {"user_id": str(team.owner.user_id)}, administrators()),
    f"{PEOPLE}.change_role": Case(
        lambda team: {"user_id": str(team.bystander.user_id), "role": "admin"}, administrators()
    ),
    f"{PEOPLE}.remove_member": Case(lambda team: {"user_id": str(team.bystander.user_id)}, administrators()),
    f"{INVITATION}.load": Case(nothing, administrators()),
    f"{INVITATION}.create": Case(lambda _: {"form": {"role": "member", "days": "7"}, "opening": "1"}, administrators()),
    f"{INVITATION}.withdraw": Case(lambda _: {"invitation_id": "of the team"}, administrators()),
    f"{PREFERENCES}.choose": Case(lambda _: {"name": "theme", "value": "dark"}, everybody()),
    f"{PROFILE}.change": Case(
        lambda _: {
            "form": {
                "name": "X",
                "handle": f"x{uuid4().hex[:8]}",
                "title": "",
                "pronouns": "",
                "time_zone": "",
                "hue": "1",
            }
        },
        everybody(),
    ),
    f"{INSTALLATION}.load": Case(nothing, everybody()),
    f"{INSTALLATION}.set_open": Case(lambda _: {"is_open": False}, installation_owner()),
    f"{INSTALLATION}.set_creation": Case(lambda _: {"is_open": False}, installation_owner()),
}


def registered() -> set[str]:
    """Every event handler that a client can name, without Reflex's `setvar`, which each state has."""
    return {name for name in RegistrationContext.get().event_handlers if not name.endswith(".setvar")}


def test_every_handler_has_its_row() -> None:
    assert registered() == set(MATRIX) | set(FRAMEWORK)


async def come(server: Server, tabs: Tabs, team: Team, role: Role) -> Tab:
    """A tab that tried to come into the team's workspace and #general; the ex-member did so while they could."""
    actor = actor_of(team, role)
    if actor is None:
        return await tabs.open()
    if role is Role.EX_MEMBER:
        await add_member(server.backend, user_id=actor.user_id, workspace_id=team.workspace, role=WorkspaceRole.MEMBER)
    tab = await tabs.open((await server.sign_in(actor)).token)
    await tab.send(f"{WORKSPACE}.enter", {"workspace_id": str(team.workspace)})
    await tab.send(f"{CHANNEL}.open", {"channel_id": str(team.general), "since_rev": 0})
    await tab.settle()
    if role is Role.EX_MEMBER:
        assert [op["k"] for op in tab.ops if op["k"] in ("sidebar", "page")] == ["sidebar", "page"]
        await team.leave_workspace(actor)
    tab.deltas.clear()
    return tab


async def invitation_of(server: Server, team: Team) -> str:
    """The id of a link into the team."""
    await create_invitation(server.backend, actor=team.owner, workspace_id=team.workspace)
    (found,) = await list_invitations(server.backend, actor=team.owner, workspace_id=team.workspace)
    return str(found["id"])


async def answer(tab: Tab, event: str, payload: dict[str, Any], role: Role) -> str:
    """`ok`, the code of the refusal, or `dropped` for what nobody took."""
    if role is Role.ANONYMOUS:
        await tab.send(event, payload)
        await tab.hydrate()
        return "dropped" if len(tab.deltas) == 1 and not tab.ops and not tab.frontend_events else "answered"
    await tab.send(event, payload)
    await tab.settle()
    assert not tab.frontend_events, "Reflex tells of an error that nobody caught"
    assert not tab.is_closed
    if any(op["k"] == "done" for op in tab.ops):
        return "ok"
    for op in tab.ops:
        if op["k"] == "refusal":
            return str(op["code"])
        if op["k"] == "gone" or (op["k"] == "absent" and not op["ch"].startswith("nowhere")):
            return "not_found"
    return "ok"


async def direct_of(team: Team) -> str:
    """The id of the conversation between the admin and the member."""
    found = await open_direct(
        team.backend, actor=team.admin, workspace_id=team.workspace, user_ids=[str(team.member.user_id)]
    )
    return str(found["id"])


@pytest.mark.parametrize("event", sorted(MATRIX))
async def test_everybody_is_answered_as_the_matrix_says(server: Server, tabs: Tabs, event: str) -> None:
    case, answers = MATRIX[event], {}
    for role in Role:
        team = await make_team(server.backend)
        await own_installation(server.backend, team.owner)
        await team.say(team.admin, team.general)
        tab = await come(server, tabs, team, role)
        payload = case.payload(team)
        if payload.get("invitation_id") == "of the team":
            payload["invitation_id"] = await invitation_of(server, team)
        if payload.get("channel_id") == "direct":
            payload["channel_id"] = await direct_of(team)
        answers[role] = await answer(tab, event, payload, role)
    assert answers == case.answers.as_dict()


@pytest.mark.parametrize("event", sorted(name for name, answer in FRAMEWORK.items() if answer == "dropped"))
async def test_a_tab_without_a_session_may_only_bring_its_page_up(tabs: Tabs, event: str) -> None:
    tab = await tabs.open()
    assert await answer(
        tab, event, {"value": True, "vars": {}, "info": "x", "component_stack": "x"}, Role.ANONYMOUS
    ) == ("dropped")


def test_the_events_of_a_tab_without_a_session_are_the_ones_listed() -> None:
    assert {name for name, answer in FRAMEWORK.items() if answer == "allowed"} == ANONYMOUS_EVENTS


async def test_a_tab_cannot_write_its_own_state(server: Server, tabs: Tabs, team: Team) -> None:
    """A var is no right, but what a tab is in is what the server says."""
    tab = await come(server, tabs, team, Role.OUTSIDER)
    for state, var, value in (
        (CHANNEL, "channel_id", str(team.secret)),
        (WORKSPACE, "workspace_id", str(team.workspace)),
        (PEOPLE, "found", [{"name": "x"}]),
    ):
        await tab.send(f"{state}.setvar", {"var_name": var, "value": value})
        await tab.send(f"{state}.set_{var}", {"value": value})
        await tab.send(f"{state}._actor")
        await tab.send(
            f"{ROOT}.reflex___state____update_vars_internal_state.update_vars_internal",
            {"vars": {f"{state}.{var}": value}},
        )
    await tab.settle()
    assert tab.frontend_events == []
    assert [set(delta) for delta in tab.deltas] == [{LiveState.get_full_name()}] * 2
