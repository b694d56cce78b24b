"""What a tab is told when it comes into a workspace: the workspace, oneself, and one's channels."""

from sqlalchemy import and_, select

from db.models import Channel, ChannelMember, Member, User
from rxapp.actor import Actor
from rxapp.errors import not_found
from rxapp.live.allowances import OPEN
from rxapp.live.ops import Op, user_room, workspace_room
from rxapp.services.backend import Backend
from rxapp.services.badges import read_badges
from rxapp.services.drafts import list_drafts
from rxapp.services.history import ENTER_TRIES
from rxapp.services.ids import number, object_id
from rxapp.services.installation import owns_installation
from rxapp.services.preferences import preferences_of
from rxapp.services.views import people_of_directs, sidebar_entry, user_view, workspace_view
from rxapp.services.workspaces import (
    access_workspace,
    first_channel_id,
    list_workspaces,
    may_create_workspaces,
    new_member_rev,
    workspaces_of,
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
        async with backend.database.session() as session:
            await access_workspace(session, actor=actor, workspace_id=key)
        own = await backend.hub.enter(socket_id, user_room(actor.user_id), admission=admission)
        if own and await backend.hub.enter(socket_id, room, admission=admission):
            break
    else:
        raise not_found()
    # Read after entering, so that nothing is missed between the two, and in the order of the person's comings and
    # goings: who just left a channel must not follow it again.
    async with backend.hub.ordered(actor.user_id):
        op = await read_sidebar(backend, actor=actor, workspace_id=key, since_rev=since)
        channels = [object_id(entry["c"]["id"]) for entry in op["channels"]]
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
    """The op of a whole sidebar, with the people who changed after `since_rev`."""
    async with backend.database.session() as session:
        access = await access_workspace(session, actor=actor, workspace_id=workspace_id)
        workspace = access.workspace
        # Rev and role in one statement: a role older than its rev would stay.
        me, member_rev, role = (
            await session.execute(
                select(User, Member.rev, Member.role)
                .join(Member, and_(Member.user_id == User.id, Member.workspace_id == workspace.id))
                .where(User.id == actor.user_id)
            )
        ).one()
        installs = await owns_installation(session, actor)
        preferences = await preferences_of(session, actor)
        creates = await may_create_workspaces(session, actor)
        workspaces = [workspace_view(row) for row in await workspaces_of(session, actor)]
        workspaces_rev = await session.scalar(select(new_member_rev()))
        changed = (
            select(User)
            .join(Member, Member.user_id == User.id)
            .where(Member.workspace_id == workspace.id, Member.profile_rev > since_rev)
        )
        people = [user_view(user) for user in await session.scalars(changed)] if since_rev else []
        # Archived ones too: who is in a private one reads on in it. Which are shown, the browser decides.
        rows = await session.execute(
            select(Channel, ChannelMember)
            .join(ChannelMember, ChannelMember.channel_id == Channel.id)
            .where(Channel.workspace_id == workspace.id, ChannelMember.user_id == actor.user_id)
            .order_by(Channel.name)
        )
        drafts = await list_drafts(session, actor=actor, workspace_id=workspace.id)
        seats = [(channel, seat) for channel, seat in rows]
        channels = [channel for channel, _ in seats]
        badges = await read_badges(session, channels)
        entries = [sidebar_entry(channel, seat, badges[channel.id]) for channel, seat in seats]
        people += await people_of_directs(session, channels)
        first = await first_channel_id(session, workspace.id)
    return {
        "k": "sidebar",
        "ws": str(workspace.id),
        "rev": workspace.rev,
        "me_rev": member_rev,
        "w": workspace_view(workspace),
        "me": user_view(me),
        "role": role,
        "installs": installs,
        "p": preferences,
        "build": backend.version,
        "creates": creates,
        "workspaces": workspaces,
        "workspaces_rev": workspaces_rev,
        "first": str(first or ""),
        "channels": entries,
        "us": people,
        "drafts": drafts,
    }


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
