"""Whatever is sent to a route: a refusal in our shape, or it is taken as the text it is; never a failure."""

import json

import httpx
import pytest

from db.models import new_id
from tests.api.answers import refusal_of
from tests.api.conftest import Visitor, session_of
from tests.hostile import TEXTS, VALUES
from tests.team import Team

JSON_VALUES = [value for value in VALUES if not isinstance(value, bytes)]
FIELDS = [
    ("POST", "/api/accounts", {"name": "Ada", "email": "ada@example.org", "password": "x"}),
    (
        "POST",
        "/api/accounts",
        {"name": "A", "email": "a@example.org", "password": "x", "setup": "x", "invitation": "x"},
    ),
    ("POST", "/api/session", {"email": "ada@example.org", "password": "x"}),
    ("POST", "/api/channels/{general}/messages", {"client_key": "{key}", "source": "hello"}),
    ("PATCH", "/api/messages/{message}", {"source": "hello"}),
    ("PUT", "/api/channels/{general}/draft", {"source": "hello", "rev": "0"}),
    (
        "POST",
        "/api/messages/{message}/forwards",
        {"channel_id": "{general}", "client_key": "{key}", "comment": "hello"},
    ),
    ("POST", "/api/workspaces/{workspace}/direct", {"user_ids": ""}),
]
NAMES = ["register", "with a link", "log in", "send", "edit", "draft", "forward", "conversation"]


def quoted(text: str) -> str:
    """The text as one step of a path."""
    return "".join(f"%{byte:02x}" for byte in text[:2000].encode("utf-8", "replace"))


@pytest.mark.parametrize(("method", "path", "body"), FIELDS, ids=NAMES)
async def test_every_field_takes_or_refuses_everything(
    visitor: Visitor, team: Team, method: str, path: str, body: dict[str, str]
) -> None:
    message = await team.say(team.member, team.general)
    places = {"general": team.general, "message": message["id"], "workspace": team.workspace}
    path = path.format(**places)
    for field in body:
        for value in (*TEXTS.values(), *JSON_VALUES):
            browser = visitor(cookie=await session_of(team.backend, team.member))
            sent = {**{name: text.format(key=new_id(), **places) for name, text in body.items()}, field: value}
            answer = await browser.request(
                method, path, content=json.dumps(sent), headers={"content-type": "application/json"}
            )
            expect_an_answer(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/api/channels/{0}/messages",
        "/api/messages/{0}/source",
        "/api/invitations/{0}",
        "/api/channels/{general}/messages?before={0}",
        "/api/channels/{0}/draft",
        "/api/messages/{0}/versions",
        "/api/workspaces/{workspace}/members?search={0}",
        "/api/workspaces/{workspace}/members?after={0}",
        "/api/workspaces/{0}/members",
        "/api/workspaces/{workspace}/people/{0}",
        "/api/workspaces/{workspace}/names?users={0}&channels={0}",
        "/api/workspaces/{workspace}/places?search={0}",
        "/api/workspaces/{workspace}/channels?search={0}&after={0}",
        "/api/{0}",
    ],
)
async def test_every_path_takes_or_refuses_everything(visitor: Visitor, team: Team, path: str) -> None:
    browser = visitor(cookie=await session_of(team.backend, team.member))
    for value in TEXTS.values():
        expect_an_answer(await browser.get(path.format(quoted(value), general=team.general, workspace=team.workspace)))


async def test_a_cookie_of_any_text_is_nobodys(visitor: Visitor) -> None:
    for value in TEXTS.values():
        cookie = value[:3000].encode("ascii", "ignore").decode().replace("\n", "")
        answer = await visitor().get("/api/session", headers={"cookie": f"confab_session={cookie}"})
        assert answer.status_code == 401


def expect_an_answer(answer: httpx.Response) -> None:
    """A success, or a refusal in our shape."""
    assert answer.status_code < 500
    if answer.status_code >= 400:
        refusal_of(answer)
