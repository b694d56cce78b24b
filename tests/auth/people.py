"""Registering people in a few words."""

from uuid import UUID

from sqlalchemy import text

from db.engine import Database
from db.models import new_id
from rxapp.auth.identity import LocalIdentity
from rxapp.auth.registration import Admission, register
from rxapp.auth.tokens import hash_token, new_token

PASSWORD = "correct horse battery staple"
ADDRESS = "192.0.2.1"
NEW_WORKSPACE = text("insert into public.workspaces (id, name) values (:id, 'Team')")
NEW_INVITATION = text(
    "insert into private.invitations (id, workspace_id, token_hash, expires_at) "
    "values (:id, :workspace, :hash, now() + interval '1 day')"
)


async def come(
    database: Database,
    name: str = "Ada",
    *,
    email: str = "",
    invitation: str = "",
    setup: str = "",
    password: str = PASSWORD,
) -> UUID:
    """Register somebody, at example.org unless told otherwise; gives back their id."""
    return await register(
        database,
        LocalIdentity(database),
        name=name,
        email=email or f"{name}@example.org",
        password=password,
        admission=Admission(invitation=invitation, setup=setup),
    )


async def make_invitation(database: Database) -> str:
    """The token of a link into a new workspace."""
    workspace, token = new_id(), new_token()
    async with database.transaction() as session:
        await session.execute(NEW_WORKSPACE, {"id": workspace})
        await session.execute(NEW_INVITATION, {"id": new_id(), "workspace": workspace, "hash": hash_token(token)})
    return token


async def change(database: Database, statement: str, **values: object) -> None:
    """Run one statement."""
    async with database.transaction() as session:
        await session.execute(text(statement), values)


async def read(database: Database, query: str, **values: object) -> object:
    """The first value of one query."""
    async with database.session() as session:
        return await session.scalar(text(query), values)
