"""Sessions: one signed-in device each, kept by a cookie whose hash alone is stored."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, any_, bindparam, func, insert, select, update

from db.engine import Database
from db.models import Session, User, new_id
from db.reading import Query
from rxapp.actor import Actor
from rxapp.auth.tokens import hash_token, new_token

COOKIE_NAME = "confab_session"
AGENT_MAX_CHARACTERS = 300
# last_seen_at is for people who look at their devices: a write an hour is enough
SEEN_EVERY_SECONDS = 3600
# a session that vouches for somebody
_LIVING = (Session.revoked_at.is_(None), Session.expires_at > func.now(), User.deactivated_at.is_(None))


class _Found(NamedTuple):
    id: UUID
    user_id: UUID
    is_stale: bool


def _living(condition: ColumnElement[bool]) -> Query[_Found]:
    horizon = func.now() - timedelta(seconds=SEEN_EVERY_SECONDS)
    found = select(Session.id, Session.user_id, Session.last_seen_at < horizon)
    return Query(found.join(User, User.id == Session.user_id).where(condition, *_LIVING), _Found._make)


# An array, however many are asked for.
LIVING = Query(
    select(Session.id)
    .join(User, User.id == Session.user_id)
    .where(Session.id == any_(bindparam("ids", type_=ARRAY(Uuid))), *_LIVING),
    itemgetter(0),
)
BY_TOKEN = _living(Session.token_hash == bindparam("token_hash"))
BY_ID = _living(Session.id == bindparam("session_id"))


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A new session: the secret goes into the cookie and nowhere else."""

    id: UUID
    token: str


async def open_session(
    database: Database, *, user_id: UUID, lifetime_days: int, address: str, agent: str
) -> OpenedSession:
    """Sign a person in on one device."""
    opened = OpenedSession(id=new_id(), token=new_token())
    async with database.transaction() as session:
        await session.execute(
            insert(Session).values(
                id=opened.id,
                user_id=user_id,
                token_hash=hash_token(opened.token),
                expires_at=func.now() + timedelta(days=lifetime_days),
                address=address,
                agent=agent[:AGENT_MAX_CHARACTERS].replace("\x00", ""),
            )
        )
    return opened


async def actor_of_cookie(database: Database, token: str | None) -> Actor | None:
    """The person behind a session cookie; None when it is absent, wrong, expired or revoked."""
    if not token:
        return None
    return await _actor(database, BY_TOKEN, token_hash=hash_token(token))


async def actor_of_session(database: Database, session_id: UUID | None) -> Actor | None:
    """The person behind an internal session id, which only the socket guard hands out."""
    return await _actor(database, BY_ID, session_id=session_id)


async def living_sessions(database: Database, session_ids: Collection[UUID]) -> set[UUID]:
    """Which of the sessions are neither expired nor revoked, nor of a deactivated person."""
    async with database.reader() as reader:
        return set(await reader.all(LIVING, ids=list(session_ids)))


async def _actor(database: Database, query: Query[_Found], **asked: object) -> Actor | None:
    async with database.reader() as reader:
        found = await reader.first(query, **asked)
    if found is None:
        return None
    if found.is_stale:
        async with database.transaction() as session:
            await session.execute(update(Session).where(Session.id == found.id).values(last_seen_at=func.now()))
    return Actor(user_id=found.user_id, session_id=found.id)
