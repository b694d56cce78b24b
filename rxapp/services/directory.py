"""The directory of a workspace: its members by name, page after page."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, tuple_

from db.models import Member, User
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.allowances import READ
from rxapp.services.backend import Backend
from rxapp.services.text import check_name, check_search
from rxapp.services.views import View, user_view
from rxapp.services.workspaces import access_workspace

DIRECTORY_PAGE = 50
CURSOR_MAX_CHARACTERS = 1000
PEOPLE_ORDER = (func.lower(User.display_name), User.id)


async def read_directory(
    backend: Backend, *, actor: Actor, workspace_id: object, search: object = "", after: object = ""
) -> View:
    """50 `members` by name whose name, handle or title holds the text, each with `title` and `role` besides.

    `after` is the cursor of the next page, empty behind the last: a place among the names, so that people who come and
    go meanwhile move nobody else. NOT_FOUND for strangers, INVALID_TEXT, TOO_LONG, INVALID_REQUEST.
    """
    await backend.limits.take(READ, actor.user_id)
    wanted = check_search(search)
    async with backend.database.session() as session:
        access = await access_workspace(session, actor=actor, workspace_id=workspace_id)
        query = (
            select(User, Member.role)
            .join(Member, Member.user_id == User.id)
            .where(Member.workspace_id == access.workspace.id, *matching(wanted))
            .order_by(*PEOPLE_ORDER)
            .limit(DIRECTORY_PAGE + 1)
        )
        found = (await session.execute(query.where(*behind(after)))).all()
    page = found[:DIRECTORY_PAGE]
    return {
        "members": [{**user_view(user), "title": user.title, "role": role} for user, role in page],
        "after": place_of_person(page[-1][0]) if len(found) > len(page) else "",
    }


def matching(wanted: str) -> list[ColumnElement[bool]]:
    """What narrows people to those whose name, handle or title holds a text, in whatever case; `@` stands for a handle.

    The text comes from `check_search`.
    """
    if not wanted:
        return []
    if handle := wanted.removeprefix("@"):
        columns = [User.handle] if handle != wanted else [User.display_name, User.handle, User.title]
        return [or_(*(column.icontains(handle, autoescape=True) for column in columns))]
    return []


def place_of_person(last: User) -> str:
    """The cursor behind somebody in a list by name."""
    return urlsafe_b64encode(f"{last.id.hex}{last.display_name}".encode()).decode()


def behind(cursor: object) -> list[ColumnElement[bool]]:
    """What narrows people by name to those behind a cursor; all of them without one. Raises INVALID_REQUEST."""
    place = _place(cursor)
    if place is None:
        return []
    name, user_id = place
    return [tuple_(*PEOPLE_ORDER) > tuple_(func.lower(name), user_id)]


def _place(cursor: object) -> tuple[str, UUID] | None:
    """The last name and id of the page before."""
    if not cursor:
        return None
    try:
        text = urlsafe_b64decode(str(cursor)[:CURSOR_MAX_CHARACTERS]).decode()
        return check_name(text[32:], field="after"), UUID(text[:32])
    except (NoBase64, ValueError, ConfabError) as error:
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="after") from error
