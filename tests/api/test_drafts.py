"""Drafts over HTTP."""

import pytest

from rxapp.errors import ErrorCode
from tests.api.answers import refusal_of
from tests.api.conftest import Visitor, session_of
from tests.team import Team


async def test_a_draft_is_kept_and_a_late_copy_is_answered_with_the_newer_one(visitor: Visitor, team: Team) -> None:
    mia = visitor(cookie=await session_of(team.backend, team.member))
    path = f"/api/channels/{team.general}/draft"
    saved = await mia.put(path, json={"source": "half a", "rev": 0})
    assert (saved.status_code, saved.json()["source"], saved.json()["rev"]) == (200, "half a", 1)
    late = await mia.put(path, json={"source": "half", "rev": 0})
    assert (late.status_code, late.json()) == (200, saved.json())


@pytest.mark.parametrize("body", [{}, {"source": "x"}, {"source": 7, "rev": 0}, {"source": "x", "rev": "first"}, []])
async def test_what_is_no_copy_is_refused(visitor: Visitor, team: Team, body: object) -> None:
    mia = visitor(cookie=await session_of(team.backend, team.member))
    answer = await mia.put(f"/api/channels/{team.general}/draft", json=body)
    code, _ = refusal_of(answer)
    assert code is ErrorCode.INVALID_REQUEST
