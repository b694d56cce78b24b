"""People who stand for the authors of another system. They are seen, but are in no workspace and cannot sign in."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import ImportedPerson, User, new_id
from rxapp.auth.people import free_handle, hue_of
from rxapp.services.backend import Backend
from rxapp.services.workspaces import hold_workspace

HANDLE_TRIES = 5


@dataclass(frozen=True, slots=True)
class ImportedAuthors:
    """Who stands for each nick, and which nicks were not known before."""

    ids: dict[str, UUID]
    created: frozenset[str]


async def imported_authors(
    backend: Backend, *, workspace_id: UUID, system: str, nicks: Collection[str]
) -> ImportedAuthors:
    """Find who stands for each nick of a system in a workspace, and make those who are missing.

    A nick never becomes somebody who has an account here, whatever they are called.
    """
    if not nicks:
        return ImportedAuthors({}, frozenset())
    for tries_left in reversed(range(HANDLE_TRIES)):
        try:
            async with backend.database.transaction() as session:
                return await _find_or_make(session, workspace_id, system, nicks)
        except IntegrityError:
            # somebody registered just now and has the handle
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")


async def _find_or_make(
    session: AsyncSession, workspace_id: UUID, system: str, nicks: Collection[str]
) -> ImportedAuthors:
    query = select(ImportedPerson.nick, ImportedPerson.user_id).where(
        ImportedPerson.workspace_id == workspace_id, ImportedPerson.source == system, ImportedPerson.nick.in_(nicks)
    )
    # Two imports at once would make the same nick twice. This lock stops no writer but them.
    await hold_workspace(session, workspace_id)
    known = {row.nick: row.user_id for row in await session.execute(query)}
    made: dict[str, UUID] = {}
    for nick in dict.fromkeys(nicks):
        if nick not in known:
            user_id = new_id()
            handle = await free_handle(session, nick)
            session.add(User(id=user_id, handle=handle, display_name=nick, hue=hue_of(user_id), kind="imported"))
            made[nick] = user_id
    await session.flush()
    session.add_all(
        ImportedPerson(workspace_id=workspace_id, source=system, nick=nick, user_id=user_id)
        for nick, user_id in made.items()
    )
    return ImportedAuthors(known | made, frozenset(made))
