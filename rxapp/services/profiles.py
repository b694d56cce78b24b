"""Profiles: what people say of themselves, and who sees it."""

import re
from contextlib import AsyncExitStack
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Member, User
from rxapp.actor import Actor
from rxapp.auth.people import HANDLE_MAX_CHARACTERS
from rxapp.errors import ConfabError, ErrorCode, not_found
from rxapp.live.allowances import MANAGE, READ
from rxapp.services.backend import Backend
from rxapp.services.hues import check_hue
from rxapp.services.ids import object_id
from rxapp.services.names import Reader, visible_people
from rxapp.services.text import check_name, check_pronouns, check_title
from rxapp.services.views import View, milliseconds, user_view
from rxapp.services.workspaces import access_workspace, bump_workspace

_HANDLE = re.compile(rf"[a-z0-9][a-z0-9._-]{{0,{HANDLE_MAX_CHARACTERS - 1}}}")


async def read_profile(backend: Backend, *, actor: Actor, workspace_id: object, user_id: object) -> View:
    """A member of the workspace, or the author of a message that the actor may read there.

    `user_view` with `title`, `pronouns`, `tz` (an IANA zone or empty), `role` and `since` (milliseconds); `role` is
    empty and `since` null for who is no member: somebody who left, an author of another system. NOT_FOUND for others.
    """
    await backend.limits.take(READ, actor.user_id)
    key, target = object_id(workspace_id), object_id(user_id)
    async with backend.database.session() as session:
        access = await access_workspace(session, actor=actor, workspace_id=key)
        found = await visible_people(session, Reader(actor, access.workspace.id), {target})
        if not found:
            raise not_found()
        user, member = found[0], await session.get(Member, (access.workspace.id, target))
    return {
        **user_view(user),
        "title": user.title,
        "pronouns": user.pronouns,
        "tz": user.time_zone,
        "role": member.role if member else "",
        "since": milliseconds(member.joined_at) if member else None,
    }


async def change_profile(
    backend: Backend,
    *,
    actor: Actor,
    name: object,
    handle: object,
    title: object,
    pronouns: object,
    time_zone: object,
    hue: object,
) -> View:
    """Change what one says of oneself; everybody in one's workspaces sees it at once.

    Raises EMPTY, TOO_LONG, INVALID_TEXT, HANDLE_INVALID, NAME_TAKEN for a handle that somebody has, INVALID_REQUEST for
    a time zone or a hue (degrees) that there is not.
    """
    await backend.limits.take(MANAGE, actor.user_id)
    checked = check_handle(handle)
    wanted = {
        "display_name": check_name(name, field="name"),
        "handle": checked,
        "title": check_title(title),
        "pronouns": check_pronouns(pronouns),
        "time_zone": check_time_zone(time_zone),
        "hue": check_hue(hue),
    }
    async with AsyncExitStack() as turns:
        # Sorted: two people who share workspaces never wait for each other.
        for workspace_id in await _workspaces_of(backend, actor):
            await turns.enter_async_context(backend.hub.ordered(workspace_id))
        async with backend.database.transaction() as session:
            user = await session.get_one(User, actor.user_id)
            if all(getattr(user, column) == value for column, value in wanted.items()):
                return user_view(user)
            # The person last: whoever sends waits for a handle that changes, and may hold what this waits for.
            revs = await _mark_changed(session, actor.user_id)
            await session.refresh(user, with_for_update={"key_share": True})
            for column, value in wanted.items():
                setattr(user, column, value)
            user.rev += 1
            try:
                await session.flush()
            except IntegrityError as error:
                raise ConfabError(ErrorCode.NAME_TAKEN, name=f"@{checked}") from error
            view = user_view(user)
        for workspace_id, rev in revs.items():
            await backend.hub.to_workspace(workspace_id, _person(workspace_id, rev, view))
    return view


async def show_again(backend: Backend, *, user_id: UUID, workspace_id: UUID) -> None:
    """Tell a workspace how somebody who came (back) is called now: it did not hear what they changed meanwhile."""
    async with backend.hub.ordered(workspace_id):
        async with backend.database.transaction() as session:
            user = (await session.scalars(select(User).where(User.id == user_id))).one()
            if user.rev == 1:
                return  # never changed: nobody knows them otherwise
            rev = (await _mark_changed(session, user_id, workspace_id)).get(workspace_id)
            await session.refresh(user)  # who changed it meanwhile held the workspace
            view = user_view(user)
        if rev is not None:
            await backend.hub.to_workspace(workspace_id, _person(workspace_id, rev, view))


def check_handle(value: object) -> str:
    """A handle as it is stored: in small letters, without the `@` in front. Raises HANDLE_INVALID."""
    handle = str(value).strip().removeprefix("@").lower() if isinstance(value, str) else ""
    if not _HANDLE.fullmatch(handle):
        raise ConfabError(ErrorCode.HANDLE_INVALID, limit=HANDLE_MAX_CHARACTERS)
    return handle


def check_time_zone(value: object) -> str:
    """An IANA zone, or nothing. Raises INVALID_REQUEST."""
    if value != "" and (not isinstance(value, str) or value not in available_timezones()):
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="time_zone")
    return str(value)


async def _workspaces_of(backend: Backend, actor: Actor) -> list[UUID]:
    async with backend.database.session() as session:
        return sorted(await session.scalars(select(Member.workspace_id).where(Member.user_id == actor.user_id)))


async def _mark_changed(session: AsyncSession, user_id: UUID, only: UUID | None = None) -> dict[UUID, int]:
    """The next `rev` of each workspace of a person, written down as that of their profile's last change."""
    mine = select(Member.workspace_id).where(Member.user_id == user_id)
    revs = {}
    for workspace_id in sorted(await session.scalars(mine.where(Member.workspace_id == only) if only else mine)):
        revs[workspace_id] = await bump_workspace(session, workspace_id)
        await session.execute(
            update(Member)
            .where(Member.workspace_id == workspace_id, Member.user_id == user_id)
            .values(profile_rev=revs[workspace_id])
        )
    return revs


def _person(workspace_id: UUID, rev: int, view: View) -> View:
    return {"k": "person", "ws": str(workspace_id), "rev": rev, "u": view}
