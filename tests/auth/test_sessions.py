"""Sessions: one signed-in device each, known by a hash."""

from uuid import UUID

import pytest

from db.engine import Database
from db.models import new_id
from rxapp.auth.sessions import AGENT_MAX_CHARACTERS, OpenedSession, actor_of_cookie, actor_of_session, open_session
from tests.auth.people import ADDRESS, change, come, read

ENDINGS = {
    "expired": "update private.sessions set expires_at = now()",
    "revoked": "update private.sessions set revoked_at = now()",
    "of a deactivated person": "update public.users set deactivated_at = now()",
}


async def sign_in(database: Database, user_id: UUID, agent: str = "a browser") -> OpenedSession:
    return await open_session(database, user_id=user_id, lifetime_days=30, address=ADDRESS, agent=agent)


@pytest.mark.parametrize("token", [None, "", "made up", "\x00", "\ud800", "' or 1=1 --", "x" * 1_000_000])
async def test_a_made_up_cookie_is_nobody(database: Database, token: str | None) -> None:
    await sign_in(database, await come(database))
    assert await actor_of_cookie(database, token) is None


async def test_a_made_up_session_id_is_nobody(database: Database) -> None:
    await sign_in(database, await come(database))
    assert await actor_of_session(database, new_id()) is None


async def test_the_id_of_a_session_is_no_cookie_and_neither_is_its_hash(database: Database) -> None:
    opened = await sign_in(database, await come(database))
    stored = await read(database, "select encode(token_hash, 'hex') from private.sessions")
    for token in (str(opened.id), str(stored)):
        assert await actor_of_cookie(database, token) is None


async def test_the_cookie_and_the_id_are_the_person_on_that_device(database: Database) -> None:
    user_id = await come(database)
    first, second = await sign_in(database, user_id), await sign_in(database, user_id)
    for opened in (first, second):
        for actor in (await actor_of_cookie(database, opened.token), await actor_of_session(database, opened.id)):
            assert actor is not None
            assert (actor.user_id, actor.session_id) == (user_id, opened.id)


async def test_the_token_is_stored_as_a_hash_only(database: Database) -> None:
    opened = await sign_in(database, await come(database))
    assert opened.token not in str(await read(database, "select sessions::text from private.sessions"))


@pytest.mark.parametrize("ending", list(ENDINGS))
async def test_a_session_that_ended_is_nobody(database: Database, ending: str) -> None:
    opened = await sign_in(database, await come(database))
    await change(database, ENDINGS[ending])
    assert await actor_of_cookie(database, opened.token) is None
    assert await actor_of_session(database, opened.id) is None


async def test_a_session_lasts_its_days(database: Database) -> None:
    await sign_in(database, await come(database))
    assert await read(database, "select expires_at - created_at = interval '30 days' from private.sessions")


async def test_when_a_device_was_last_seen_is_written_once_an_hour(database: Database) -> None:
    opened = await sign_in(database, await come(database))
    seen = "select last_seen_at from private.sessions"
    before = await read(database, seen)
    await actor_of_cookie(database, opened.token)
    assert await read(database, seen) == before
    await change(database, "update private.sessions set last_seen_at = now() - interval '61 minutes'")
    await actor_of_cookie(database, opened.token)
    assert await read(database, "select last_seen_at > now() - interval '1 minute' from private.sessions")


async def test_what_a_browser_says_of_itself_is_kept_short_and_plain(database: Database) -> None:
    await sign_in(database, await come(database), agent="<script>\x00" + "x" * 1_000_000)
    agent = str(await read(database, "select agent from private.sessions"))
    assert agent.startswith("<script>x")
    assert len(agent) < AGENT_MAX_CHARACTERS
