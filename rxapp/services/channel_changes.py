"""Changing a channel itself, its name for example, and telling those who may know of it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.ops import Op, channel_room
from rxapp.services.backend import Backend
from rxapp.services.channel_access import (
    ChannelAccess,
    access_channel,
    people_of,
    refuse_archived,
    refuse_direct,
    refuse_unless_manager,
)
from rxapp.services.ids import object_id
from rxapp.services.views import channel_view
from rxapp.services.workspaces import bump_members, bump_workspace, first_channel_id, hold_workspace


@asynccontextmanager
async def change_channel(
    backend: Backend, *, actor: Actor, channel_id: object, also_archived: bool = False, also_from_outside: bool = False
) -> AsyncGenerator[tuple[AsyncSession, ChannelAccess]]:
    """Hold a channel that the actor may change; what is changed in the block is stored, and said to its readers.

    A block that changes nothing says nothing.

    Nobody changes a direct conversation: DIRECT_FIXED. NOT_ALLOWED unless the actor made the channel or administers the
    workspace. NOT_JOINED for who is not in it and CHANNEL_ARCHIVED, unless that is no matter.
    """
    key = object_id(channel_id)
    async with backend.database.session() as session:
        workspace_id = (await access_channel(session, actor=actor, channel_id=key)).channel.workspace_id
    # The channel's turn too: nothing is said in it before those are out who may read it no longer.
    async with backend.hub.ordered(workspace_id), backend.hub.ordered(key):
        async with backend.database.transaction() as session:
            # Two channels that swap their names would wait for each other.
            await hold_workspace(session, workspace_id)
            access = await access_channel(session, actor=actor, channel_id=key, lock=True)
            channel = access.channel
            refuse_direct(channel)
            if not access.joined and not also_from_outside:
                raise ConfabError(ErrorCode.NOT_JOINED)
            refuse_unless_manager(access, actor)
            if not also_archived:
                refuse_archived(channel)
            # Not what the session still has to write: a query in the block writes that, too.
            before = channel_view(channel)
            was_public = channel.kind == "public"
            yield session, access
            if channel_view(channel) == before:
                return
            channel.meta_rev += 1
            await session.flush()
            view = channel_view(channel)
            public = channel.kind == "public"
            rev = await bump_workspace(session, workspace_id) if was_public else 0
            people = {} if public else await bump_members(session, workspace_id, await people_of(session, channel.id))
        if was_public and not public:
            await backend.hub.evict_others(channel_room(key), but=people)
            hidden: Op = {"k": "hidden", "ws": view["ws"], "rev": rev, "ch": view["id"], "c_rev": view["rev"]}
            await backend.hub.to_workspace(workspace_id, hidden)
        if public:
            await backend.hub.to_workspace(workspace_id, {"k": "channel", "ws": view["ws"], "rev": rev, "c": view})
        for user_id, me_rev in people.items():
            await backend.hub.to_user(user_id, {"k": "channel", "ws": view["ws"], "me_rev": me_rev, "c": view})


async def refuse_first(session: AsyncSession, channel: Channel) -> None:
    """FIRST_CHANNEL for the one that newcomers are put into: it stays open to all."""
    if channel.id == await first_channel_id(session, channel.workspace_id):
        raise ConfabError(ErrorCode.FIRST_CHANNEL)
