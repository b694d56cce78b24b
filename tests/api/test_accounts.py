"""Registering, logging in and out over HTTP."""

from http.cookies import Morsel, SimpleCookie

import httpx
import pytest
from sqlalchemy import text

from rxapp.auth.sessions import COOKIE_NAME
from rxapp.errors import ErrorCode
from rxapp.services.backend import Backend
from rxapp.services.invitations import create_invitation
from rxapp.services.workspaces import list_workspaces
from tests.api.answers import code_of, refusal_of
from tests.api.conftest import Visitor, session_of
from tests.team import Team, own_installation

PASSWORD = "correct horse battery staple"
ADA = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD, "workspace": "Team"}
LOG_IN = {"email": "ada@example.org", "password": PASSWORD}


def cookie_of(answer: httpx.Response) -> Morsel[str]:
    """The session cookie that an answer sets."""
    (header,) = answer.headers.get_list("set-cookie")
    return SimpleCookie(header)[COOKIE_NAME]


async def test_the_first_account_gets_a_session_and_a_workspace(visitor: Visitor) -> None:
    browser = visitor()
    assert (await browser.get("/api/installation")).json() == {"entrance": "first"}
    answer = await browser.post("/api/accounts", json=ADA)
    assert (answer.status_code, answer.content) == (204, b"")
    me = (await browser.get("/api/session")).json()
    assert {name: me[name] for name in ("name", "email")} == {"name": "Ada", "email": "ada@example.org"}
    assert (await browser.get("/api/installation")).json() == {"entrance": "invitation"}


async def test_the_first_account_needs_a_name_for_its_workspace_and_without_one_nothing_is_made(
    visitor: Visitor,
) -> None:
    answer = await visitor().post("/api/accounts", json={**ADA, "workspace": " "})
    assert refusal_of(answer) == (ErrorCode.EMPTY, {"field": "workspace", "limit": 80, "actual": 0})
    assert (await visitor().get("/api/installation")).json() == {"entrance": "first"}


async def test_a_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Visitor) -> None:
    await visitor().post("/api/accounts", json=ADA)
    for url, secure in (("http://confab.test", ""), ("https://confab.test", True)):
        cookie = cookie_of(await visitor(url=url).post("/api/session", json=LOG_IN))
        assert cookie["httponly"] is True
        assert cookie["samesite"] == "lax"
        assert cookie["secure"] == secure
        assert cookie["path"] == "/"
        assert cookie["domain"] == ""
        assert cookie["max-age"] == str(30 * 24 * 60 * 60)
        assert len(cookie.value) >= 43


async def test_each_log_in_is_a_session_of_its_own(visitor: Visitor) -> None:
    await visitor().post("/api/accounts", json=ADA)
    devices = [visitor(), visitor()]
    tokens = {cookie_of(await device.post("/api/session", json=LOG_IN)).value for device in devices}
    assert len(tokens) == 2
    assert (await devices[0].delete("/api/session")).status_code == 204
    assert code_of(await devices[0].get("/api/session")) is ErrorCode.NOT_SIGNED_IN
    assert (await devices[1].get("/api/session")).status_code == 200


async def test_logging_out_takes_the_cookie_and_ends_the_session_for_who_kept_a_copy(visitor: Visitor) -> None:
    browser = visitor()
    await browser.post("/api/accounts", json=ADA)
    copy = visitor(cookie=browser.cookies[COOKIE_NAME])
    assert (await copy.get("/api/session")).status_code == 200
    answer = await browser.delete("/api/session")
    assert (cookie_of(answer).value, cookie_of(answer)["max-age"]) == ("", "0")
    assert code_of(await copy.get("/api/session")) is ErrorCode.NOT_SIGNED_IN
    assert code_of(await copy.delete("/api/session")) is ErrorCode.NOT_SIGNED_IN


@pytest.mark.parametrize("body", [{**LOG_IN, "password": "wrong"}, {**LOG_IN, "email": "nobody@example.org"}])
async def test_unknown_and_wrong_have_one_answer(visitor: Visitor, body: dict[str, str]) -> None:
    await visitor().post("/api/accounts", json=ADA)
    answer = await visitor().post("/api/session", json=body)
    assert refusal_of(answer) == (ErrorCode.WRONG_CREDENTIALS, {})
    assert "set-cookie" not in answer.headers


async def test_after_many_wrong_passwords_one_has_to_wait(visitor: Visitor, backend: Backend) -> None:
    await visitor().post("/api/accounts", json=ADA)
    async with backend.database.transaction() as session:
        await session.execute(
            text(
                "insert into private.attempts (key) select sha256('account:ada@example.org') from generate_series(1,10)"
            )
        )
    answer = await visitor().post("/api/session", json=LOG_IN)
    assert refusal_of(answer) == (ErrorCode.TOO_MANY_ATTEMPTS, {"minutes": 15})
    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"password": "password"}, ErrorCode.WEAK_PASSWORD),
        ({"password": "x" * 300}, ErrorCode.PASSWORD_TOO_LONG),
        ({"email": "ada"}, ErrorCode.EMAIL_INVALID),
        ({"name": ""}, ErrorCode.EMPTY),
        ({"name": "x" * 81}, ErrorCode.TOO_LONG),
        ({"workspace": "\x00"}, ErrorCode.INVALID_TEXT),
        ({"invitation": 7}, ErrorCode.INVALID_REQUEST),
    ],
)
async def test_what_is_wrong_with_a_registration_is_said_and_nothing_is_made(
    visitor: Visitor, change: dict[str, object], code: ErrorCode
) -> None:
    assert code_of(await visitor().post("/api/accounts", json={**ADA, **change})) is code
    assert (await visitor().post("/api/accounts", json=ADA)).status_code == 204


async def test_without_an_invitation_nobody_registers_after_the_first(visitor: Visitor, team: Team) -> None:
    await own_installation(team.backend, team.owner)
    bob = {**ADA, "name": "Bob"}
    assert code_of(await visitor().post("/api/accounts", json=bob)) is ErrorCode.REGISTRATION_CLOSED
    answer = await visitor().post("/api/accounts", json={**bob, "invitation": "made up"})
    assert code_of(answer) is ErrorCode.INVITATION_INVALID


async def test_who_has_an_invitation_registers_and_is_in_its_workspace(visitor: Visitor, team: Team) -> None:
    await own_installation(team.backend, team.owner)
    path = await create_invitation(team.backend, actor=team.admin, workspace_id=team.workspace)
    token, browser = path.removeprefix("/join/"), visitor()
    assert (await browser.get(f"/api/invitations/{token}")).json() == {"workspace": "Team", "invited_by": "Abe"}
    assert (await browser.post("/api/accounts", json={**ADA, "invitation": token})).status_code == 204
    again = await visitor().post("/api/accounts", json={**ADA, "invitation": token})
    assert code_of(again) is ErrorCode.EMAIL_TAKEN
    answer = await browser.get(f"/api/channels/{team.general}/messages")
    assert answer.status_code == 200


async def test_who_has_an_account_comes_in_by_a_link(visitor: Visitor, team: Team) -> None:
    path = await create_invitation(team.backend, actor=team.admin, workspace_id=team.workspace)
    token = path.removeprefix("/join/")
    answer = await visitor().post(f"/api/invitations/{token}/acceptance")
    assert code_of(answer) is ErrorCode.NOT_SIGNED_IN
    browser = visitor(cookie=await session_of(team.backend, team.outsider))
    answer = await browser.post(f"/api/invitations/{token}/acceptance")
    assert (answer.status_code, answer.json()) == (200, {"workspace_id": str(team.workspace)})
    assert len(await list_workspaces(team.backend, actor=team.outsider)) == 2
    for way in (browser.get("/api/invitations/made-up"), browser.post("/api/invitations/made-up/acceptance")):
        assert code_of(await way) is ErrorCode.INVITATION_INVALID
