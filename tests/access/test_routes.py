"""Who may do what over REST: every route that the app has, for everybody who may try.

A route without a row in the table fails the test, so that a new one cannot be forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from db.models import new_id
from rxapp.api.app import make_api
from rxapp.services.direct import open_direct
from rxapp.services.invitations import create_invitation
from rxapp.services.messages import delete_message
from tests.access.server import Server
from tests.team import Team, make_team


@dataclass(frozen=True)
class Ground:
    """What the requests are about: `member` wrote the message, and talks with `admin` in `direct`."""

    team: Team
    message: str
    deleted: str
    invitation: str
    direct: str


@dataclass(frozen=True)
class Rule:
    """A route, a request to it, and the status that each standing is answered."""

    method: str
    route: str
    path: Callable[[Ground], str]
    body: dict[str, Any] | Callable[[Ground], dict[str, Any]] | None = None
    answers: dict[str, int] = field(default_factory=dict)

    def expected(self, standing: str) -> int:
        return self.answers.get(standing, self.answers["others"])


STANDINGS = ("owner", "admin", "member", "bystander", "ex_member", "outsider", "anonymous")
STRANGERS = {"ex_member": 404, "outsider": 404, "anonymous": 401}
AUTHOR_ONLY = {"member": 200, "others": 403, **STRANGERS}
MESSAGES = "/api/channels/{channel_id}/messages"
NEW_MESSAGE = {"source": "hello"}

RULES = [
    Rule("GET", "/api/installation", lambda _: "/api/installation", answers={"others": 200}),
    Rule("GET", "/api/session", lambda _: "/api/session", answers={"others": 200, "anonymous": 401}),
    Rule("GET", "/api/emoji", lambda _: "/api/emoji", answers={"others": 200, "anonymous": 401}),
    Rule(
        "POST",
        "/api/session",
        lambda _: "/api/session",
        {"email": "nobody@example.org", "password": "not the right one"},
        {"others": 401},
    ),
    Rule("DELETE", "/api/session", lambda _: "/api/session", answers={"others": 204, "anonymous": 401}),
    Rule(
        "POST",
        "/api/accounts",
        lambda _: "/api/accounts",
        {"name": "Zoe", "email": "zoe@example.org", "password": "quite a long pass phrase"},
        {"others": 403},
    ),
    # Whoever holds an invitation's link may know where it leads.
    Rule(
        "GET",
        "/api/invitations/{token}",
        lambda ground: f"/api/invitations/{ground.invitation}",
        answers={"others": 200},
    ),
    Rule(
        "POST",
        "/api/invitations/{token}/acceptance",
        lambda ground: f"/api/invitations/{ground.invitation}/acceptance",
        answers={"others": 200, "anonymous": 401},
    ),
    Rule(
        "GET",
        "/api/workspaces/{workspace_id}/places",
        lambda ground: f"/api/workspaces/{ground.team.workspace}/places?search=general",
        answers={"others": 200, **STRANGERS},
    ),
    Rule(
        "GET",
        "/api/channels/{channel_id}/people",
        lambda ground: f"/api/channels/{ground.team.general}/people",
        answers={"others": 200, **STRANGERS},
    ),
    Rule(
        "GET",
        "/api/channels/{channel_id}/people",
        lambda ground: f"/api/channels/{ground.team.secret}/people",
        answers={"admin": 200, "member": 200, "others": 404, **STRANGERS},
    ),
    Rule(
        "GET",
        "/api/workspaces/{workspace_id}/members",
        lambda ground: f"/api/workspaces/{ground.team.workspace}/members",
        answers={"others": 200, **STRANGERS},
    ),
    Rule(
        "GET",
        "/api/workspaces/{workspace_id}/people/{user_id}",
        lambda ground: f"/api/workspaces/{ground.team.workspace}/people/{ground.team.bystander.user_id}",
        answers={"others": 200, **STRANGERS},
    ),
    Rule(
        "GET",
        "/api/workspaces/{workspace_id}/people/{user_id}",
        lambda ground: f"/api/workspaces/{ground.team.workspace}/people/{ground.team.outsider.user_id}",
        answers={"others": 404, **STRANGERS},
    ),
    Rule(
        "GET",
        MESSAGES,
        lambda ground: f"/api/channels/{ground.team.general}/messages",
        answers={"others": 200, **STRANGERS},
    ),
    Rule(
        "GET",
        MESSAGES,
        lambda ground: f"/api/channels/{ground.team.secret}/messages",
        answers={"admin": 200, "member": 200, "others": 404, **STRANGERS},
    ),
    Rule(
        "POST",
        MESSAGES,
        lambda ground: f"/api/channels/{ground.team.general}/messages",
        NEW_MESSAGE,
        {"others": 201, "bystander": 403, **STRANGERS},
    ),
    Rule(
        "POST",
        MESSAGES,
        lambda ground: f"/api/channels/{ground.team.secret}/messages",
        NEW_MESSAGE,
        {"admin": 201, "member": 201, "others": 404, **STRANGERS},
    ),
    # A direct conversation is between its people: not even the owner reads it.
    Rule(
        "GET",
        MESSAGES,
        lambda ground: f"/api/channels/{ground.direct}/messages",
        answers={"admin": 200, "member": 200, "others": 404, **STRANGERS},
    ),
    Rule(
        "POST",
        MESSAGES,
        lambda ground: f"/api/channels/{ground.direct}/messages",
        NEW_MESSAGE,
        {"admin": 201, "member": 201, "others": 404, **STRANGERS},
    ),
    Rule(
        "GET",
        "/api/workspaces/{workspace_id}/channels",
        lambda ground: f"/api/workspaces/{ground.team.workspace}/channels?search=gen",
        answers={"others": 200, **STRANGERS},
    ),
    Rule(
        "POST",
        "/api/workspaces/{workspace_id}/direct",
        lambda ground: f"/api/workspaces/{ground.team.workspace}/direct",
        {"user_ids": []},
        {"others": 200, **STRANGERS},
    ),
    Rule(
        "PUT",
        "/api/channels/{channel_id}/draft",
        lambda ground: f"/api/channels/{ground.team.general}/draft",
        {"source": "half a", "rev": 0},
        {"others": 200, "bystander": 403, **STRANGERS},
    ),
    Rule(
        "PUT",
        "/api/channels/{channel_id}/draft",
        lambda ground: f"/api/channels/{ground.team.secret}/draft",
        {"source": "half a", "rev": 0},
        {"admin": 200, "member": 200, "others": 404, **STRANGERS},
    ),
    Rule(
        "GET",
        "/api/messages/{message_id}/source",
        lambda ground: f"/api/messages/{ground.message}/source",
        answers={"others": 200, **STRANGERS},
    ),
    Rule(
        "GET",
        "/api/workspaces/{workspace_id}/names",
        lambda ground: f"/api/workspaces/{ground.team.workspace}/names?channels={ground.team.secret}",
        answers={"others": 200, **STRANGERS},
    ),
    Rule(
        "GET",
        "/api/messages/{message_id}/versions",
        lambda ground: f"/api/messages/{ground.message}/versions",
        answers={"others": 200, **STRANGERS},
    ),
    Rule(
        "PATCH",
        "/api/messages/{message_id}",
        lambda ground: f"/api/messages/{ground.message}",
        {"source": "changed"},
        AUTHOR_ONLY,
    ),
    Rule(
        "DELETE",
        "/api/messages/{message_id}",
        lambda ground: f"/api/messages/{ground.message}",
        answers={"others": 200, "bystander": 403, **STRANGERS},
    ),
    Rule(
        "POST",
        "/api/messages/{message_id}/forwards",
        lambda ground: f"/api/messages/{ground.message}/forwards",
        lambda ground: {"channel_id": str(ground.team.general)},
        {"others": 201, "bystander": 403, **STRANGERS},
    ),
    Rule(
        "POST",
        "/api/messages/{message_id}/forwards",
        lambda ground: f"/api/messages/{ground.message}/forwards",
        lambda ground: {"channel_id": str(ground.team.secret)},
        {"admin": 201, "member": 201, "others": 404, **STRANGERS},
    ),
    # The admin deleted it.
    Rule(
        "POST",
        "/api/messages/{message_id}/restoration",
        lambda ground: f"/api/messages/{ground.deleted}/restoration",
        answers={"admin": 200, "others": 403, **STRANGERS},
    ),
]


def test_every_route_has_a_row() -> None:
    paths = make_api().openapi()["paths"]
    routes = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert routes == {(rule.method, rule.route) for rule in RULES}


@pytest.mark.usefixtures("team")  # somebody owns the installation: nobody else may make the first account
@pytest.mark.parametrize("standing", STANDINGS)
async def test_each_route_answers_each_standing_as_the_table_says(server: Server, standing: str) -> None:
    wrong = []
    for rule in RULES:
        ground = await make_ground(server)
        token = "" if standing == "anonymous" else (await server.sign_in(getattr(ground.team, standing))).token
        fields = rule.body(ground) if callable(rule.body) else rule.body
        body = {**fields, "client_key": str(new_id())} if fields else None
        async with server.client(token) as client:
            answer = await client.request(rule.method, rule.path(ground), json=body)
        if answer.status_code != rule.expected(standing):
            wrong.append(f"{rule.method} {rule.path(ground)}: {answer.status_code}, not {rule.expected(standing)}")
    assert not wrong, "\n".join(wrong)


async def make_ground(server: Server) -> Ground:
    """A team of its own for each request, so that none finds what another left."""
    team = await make_team(server.backend)
    message = await team.say(team.member, team.general)
    link = await create_invitation(server.backend, actor=team.owner, workspace_id=team.workspace)
    deleted = await team.say(team.member, team.general)
    await delete_message(server.backend, actor=team.admin, message_id=deleted["id"])
    direct = await open_direct(
        server.backend, actor=team.admin, workspace_id=team.workspace, user_ids=[str(team.member.user_id)]
    )
    return Ground(team, message["id"], deleted["id"], link.rpartition("/")[2], direct["id"])
