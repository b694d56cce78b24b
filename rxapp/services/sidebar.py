"""What a tab is told when it comes into a workspace: the workspace, oneself, and one's channels."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, select, true

from db.models import Channel, ChannelMember, Draft, Installation, Member, Preferences, User, Workspace
from db.reading import Query, Reader, columns_of, id_text
from rxapp.actor import Actor
from rxapp.errors import not_found
from rxapp.live.allowances import OPEN
from rxapp.live.ops import Op, user_room, workspace_room
from rxapp.services.backend import Backend
from rxapp.services.badges import read_badges
from rxapp.services.history import ENTER_TRIES
from rxapp.services.ids import number, object_id, shared_id
from rxapp.services.preferences import preferences_view
from rxapp.services.rows import ChannelRow, PersonRow, SeatRow, WorkspaceRow
from rxapp.services.views import View, draft_view, people_between, read_people, sidebar_entry, user_view, workspace_view
from rxapp.services.workspaces import (
    access_workspace_to_read,
    first_channel,
    first_channel_id,
    list_workspaces,
    may_create,
    new_member_rev,
    read_workspaces,
)

# Of people whose profile changed. Who was away while a whole company was renamed must not be sent a megabyte at once.
CHANGED_AT_ONCE = 500


class _Head(NamedTuple):
    """What a sidebar says of the workspace and of oneself."""

    workspace: WorkspaceRow
    me: PersonRow
    rev: int
    role: str
    owner_id: UUID | None
    creation: str
    chosen: dict[str, Any] | None
    chosen_at: datetime | None
    first: str | None
    now: int


_WORKSPACE, _PERSON, _CHANNEL, _SEAT = (
    columns_of(model, row)
    for model, row in ((Workspace, WorkspaceRow), (User, PersonRow), (Channel, ChannelRow), (ChannelMember, SeatRow))
)
_TO_SEAT, _TO_DRAFT = len(_CHANNEL), len(_CHANNEL) + len(_SEAT)
_FIRST = first_channel(Workspace.id).correlate(Workspace).with_only_columns(id_text(Channel.id)).scalar_subquery()


def _head(found: Any) -> _Head:
    split, rest = len(_WORKSPACE), len(_WORKSPACE) + len(_PERSON)
    return _Head(WorkspaceRow._make(found[:split]), PersonRow._make(found[split:rest]), *found[rest:])


# In one statement: a role older than its rev would stay.
HEAD = Query(
    select(
        *_WORKSPACE,
        *_PERSON,
        Member.rev,
        Member.role,
        Installation.owner_id,
        Installation.workspace_creation,
        Preferences.chosen,
        Preferences.updated_at,
        _FIRST,
        new_member_rev(),
    )
    .select_from(Workspace)
    .join(Member, Member.workspace_id == Workspace.id)
    .join(User, User.id == Member.user_id)
    .join(Installation, true())
    .outerjoin(Preferences, Preferences.user_id == User.id)
    .where(
        Workspace.id == bindparam("workspace_id"),
        Workspace.deleted_at.is_(None),
        Member.user_id == bindparam("user_id"),
    ),
    _head,
)
# With what one has written there and not sent: the emptied drafts too.
SEATS = Query(
    select(*_CHANNEL, *_SEAT, Draft.source, Draft.rev)
    .join(ChannelMember, ChannelMember.channel_id == Channel.id)
    .outerjoin(Draft, and_(Draft.channel_id == Channel.id, Draft.user_id == ChannelMember.user_id))
    .where(Channel.workspace_id == bindparam("workspace_id"), ChannelMember.user_id == bindparam("user_id"))
    .order_by(Channel.name),
    lambda found: (ChannelRow._make(found[:_TO_SEAT]), SeatRow._make(found[_TO_SEAT:_TO_DRAFT]), found[_TO_DRAFT:]),
)
CHANGED_PEOPLE = Query(
    select(*_PERSON, Member.profile_rev)
    .join(Member, Member.user_id == User.id)
    .where(Member.workspace_id == bindparam("workspace_id"), Member.profile_rev > bindparam("since"))
    .order_by(Member.profile_rev)
    .limit(bindparam("limit")),
    lambda found: (found[-1], user_view(PersonRow._make(found[:-1]))),
)


async def enter_workspace(
    backend: Backend, *, actor: Actor, socket_id: str, workspace_id: object, since_rev: object = 0
) -> None:
    """Let a tab into a workspace, beside those it is in already: enter its rooms, then read and push the sidebar.

    A tab is in all workspaces of its person, whichever it shows. With the sidebar come the people who changed after
    `since_rev`, the workspace's `rev` that the tab knows; 0 for a tab that knows nobody yet. NOT_FOUND for who is no
    member.
    """
    await backend.limits.take(OPEN, actor.user_id)
    key, since = object_id(workspace_id), number(since_rev, field="rev")
    room = workspace_room(key)
    for _ in range(ENTER_TRIES):
        admission = backend.hub.admission(actor.user_id)
        async with backend.database.reader() as reader:
            await access_workspace_to_read(reader, actor=actor, workspace_id=key)
        own = await backend.hub.enter(socket_id, user_room(actor.user_id), admission=admission)
        if own and await backend.hub.enter(socket_id, room, admission=admission):
            break
    else:
        raise not_found()
    # Read after entering, so that nothing is missed between the two, and in the order of the person's comings and
    # goings: who just left a channel must not follow it again.
    async with backend.hub.ordered(actor.user_id):
        op = await read_sidebar(backend, actor=actor, workspace_id=key, since_rev=since)
        channels = [shared_id(entry["c"]["id"]) for entry in op["channels"]]
        backend.hub.follow_here(actor.user_id, channels, op["me_rev"])
        await backend.hub.push(socket_id, op)


async def wait_for_workspaces(backend: Backend, *, actor: Actor, socket_id: str) -> None:
    """Let the tab of somebody who is in no workspace hear when they come into one."""
    await backend.limits.take(OPEN, actor.user_id)
    admission = backend.hub.admission(actor.user_id)
    if not await list_workspaces(backend, actor=actor):
        await backend.hub.enter(socket_id, user_room(actor.user_id), admission=admission)


async def tell_gone(backend: Backend, *, socket_id: str, workspace_id: object) -> None:
    """Tell a tab that its person has no place in a workspace: it may have missed that it was taken away."""
    async with backend.database.session() as session:
        rev = await session.scalar(select(new_member_rev()))
    # As the tab wrote it, but for lone surrogates, which would end the socket's writer.
    place = str(workspace_id).encode("utf-8", "replace").decode()
    await backend.hub.push(socket_id, {"k": "gone", "ws": place, "rev": rev})


async def read_sidebar(backend: Backend, *, actor: Actor, workspace_id: object, since_rev: int = 0) -> Op:
    """The op of a whole sidebar, with the people who changed after `since_rev`.

    The revs are read first: what comes after them is as new as they say, or newer. Of more than 500 people the first
    come, with the `rev` of the last of them: with the next head the tab sees that there is more, and asks again.
    """
    key = object_id(workspace_id)
    async with backend.database.reader() as reader:
        head = await reader.first(HEAD, user_id=actor.user_id, workspace_id=key)
        if head is None:
            raise not_found()
        workspaces = await read_workspaces(reader, actor=actor)
        # Archived ones too: who is in a private one reads on in it. Which are shown, the browser decides.
        seats = await reader.all(SEATS, user_id=actor.user_id, workspace_id=key)
        channels = [channel for channel, *_ in seats]
        badges = await read_badges(reader, channels)
        rev, people = await _changed_people(reader, key, since_rev, head.workspace.rev) if since_rev else (None, [])
        people += await read_people(reader, people_between(channels))
    return {
        "k": "sidebar",
        "ws": head.workspace.id,
        "rev": head.workspace.rev if rev is None else rev,
        "me_rev": head.rev,
        "w": workspace_view(head.workspace),
        "me": user_view(head.me),
        "role": head.role,
        "installs": head.owner_id == actor.user_id,
        "p": preferences_view(head.chosen, head.chosen_at),
        "build": backend.version,
        "creates": may_create(actor, head.owner_id, head.creation),
        "workspaces": workspaces,
        "workspaces_rev": head.now,
        "first": head.first or "",
        "channels": [sidebar_entry(channel, seat, badges.get(channel.id, {})) for channel, seat, _ in seats],
        "us": people,
        "drafts": [draft_view(key, channel.id, *draft) for channel, _, draft in seats if draft[1] is not None],
    }


async def _changed_people(reader: Reader, workspace_id: UUID, since: int, rev: int) -> tuple[int, list[View]]:
    """Up to which `rev` these are all that changed after `since`, and the people as they are now."""
    found = await reader.all(CHANGED_PEOPLE, workspace_id=workspace_id, since=since, limit=CHANGED_AT_ONCE + 1)
    page = found[:CHANGED_AT_ONCE]
    return rev if len(found) == len(page) else page[-1][0], [view for _, view in page]


async def home_path(backend: Backend, *, actor: Actor) -> str | None:
    """Where a person lands: the first channel of the first workspace they are in. None when they are in none."""
    workspaces = await list_workspaces(backend, actor=actor)
    if not workspaces:
        return None
    workspace_id = workspaces[0]["id"]
    async with backend.database.session() as session:
        joined = await session.scalar(
            select(Channel.id)
            .join(ChannelMember, ChannelMember.channel_id == Channel.id)
            .where(
                Channel.workspace_id == object_id(workspace_id),
                ChannelMember.user_id == actor.user_id,
                Channel.kind != "direct",
                Channel.archived_at.is_(None),
            )
            .order_by(Channel.created_at, Channel.id)
            .limit(1)
        )
        channel_id = joined or await first_channel_id(session, object_id(workspace_id))
    return f"/w/{workspace_id}/c/{channel_id}" if channel_id else f"/w/{workspace_id}"
