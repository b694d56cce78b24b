"""What is said while the database is away, and that it passes."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from db.engine import Database
from rxapp.errors import ErrorCode
from rxapp.services.backend import Backend, make_backend, start_backend
from tests.api.answers import refusal_of
from tests.api.conftest import Visitor


@pytest_asyncio.fixture
async def away(tmp_path: Path, backend: Backend) -> AsyncGenerator[Backend]:
    """The app runs on a database that nobody answers for."""
    database = Database.at(f"postgresql://confab@/confab?host={tmp_path}")
    made = make_backend(database)
    start_backend(made)
    yield backend
    await database.close()


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/session", None),
        ("DELETE", "/api/session", None),
        ("POST", "/api/session", {"email": "ada@example.org", "password": "x"}),
        ("GET", "/api/installation", None),
        ("GET", "/api/invitations/x", None),
        ("POST", "/api/channels/x/messages", {"client_key": "x", "source": "x"}),
    ],
)
async def test_the_api_says_so_and_is_back_when_the_database_is(
    visitor: Visitor, away: Backend, method: str, path: str, body: object
) -> None:
    browser = visitor(cookie="a-session")
    answer = await browser.request(method, path, json=body)
    assert refusal_of(answer) == (ErrorCode.UNAVAILABLE, {})
    assert answer.status_code == 503
    start_backend(away)
    assert (await browser.request(method, path, json=body)).status_code < 500


@pytest.mark.parametrize("path", ["/", "/login", "/w/1/c/2"])
async def test_a_page_says_so_in_words(visitor: Visitor, away: Backend, path: str) -> None:
    del away
    answer = await visitor(cookie="a-session").get(path)
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/plain")
    assert "Try again" in answer.text
