"""Channels: public ones, which a workspace shares, and private ones, which only their people know of."""

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from db.models import Channel, ChannelMember, new_id
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.allowances import CREATE, MANAGE, READ
from rxapp.services.backend import Backend
from rxapp.services.channel_changes import change_channel
from rxapp.services.channel_people import refuse_full, seat
from rxapp.services.text import check_name, check_purpose, check_search, check_topic
from rxapp.services.views import View, channel_view
from rxapp.services.workspaces import access_workspace

BROWSE_PAGE_CHANNELS = 100


async def create_channel(
    backend: Backend, *, actor: Actor, workspace_id: object, name: object, private: object = False
) -> View:
    """A new channel with the actor in it. NAME_TAKEN, also by a private channel the actor cannot see.

    TOO_MANY_CHANNELS for who is in 2,000.
    """
    await backend.limits.take(CREATE, actor.user_id)
    checked = check_channel_name(name)
    try:
        async with backend.database.transaction() as session:
            place = (await access_workspace(session, actor=actor, workspace_id=workspace_id)).workspace.id
            await refuse_full(session, place, [actor.user_id])
            channel = Channel(
                id=new_id(),
                workspace_id=place,
                kind="private" if private is True else "public",
                name=checked,
                created_by=actor.user_id,
            )
            session.add(channel)
            await session.flush()
            await session.refresh(channel)
    except IntegrityError as error:
        raise await _taken(backend, workspace_id=place, name=checked) from error
    await seat(backend, user_id=actor.user_id, channel_id=channel.id)
    return channel_view(channel)


async def rename_channel(
    backend: Backend, *, actor: Actor, channel_id: object, name: object, topic: object, purpose: object = None
) -> None:
    """Change name and topic, and the purpose where one is given.

    NOT_ALLOWED unless the actor made the channel or administers the workspace. Raises NAME_TAKEN, CHANNEL_ARCHIVED.
    """
    await backend.limits.take(MANAGE, actor.user_id)
    checked, checked_topic = check_channel_name(name), check_topic(topic)
    checked_purpose = None if purpose is None else check_purpose(purpose)
    try:
        async with change_channel(backend, actor=actor, channel_id=channel_id) as (_, access):
            place = access.channel.workspace_id
            access.channel.name, access.channel.topic = checked, checked_topic
            if checked_purpose is not None:
                access.channel.purpose = checked_purpose
    except IntegrityError as error:
        raise await _taken(backend, workspace_id=place, name=checked) from error


async def list_channels(
    backend: Backend,
    *,
    actor: Actor,
    workspace_id: object,
    search: object = "",
    after: object = "",
    archived: bool = False,
) -> View:
    """A page of the channels of a workspace that the actor may read: at most 100 `channels` by name, after a name.

    `after` is the name behind which the next page begins, empty at the end. The archived ones stand among them only
    when they are wanted. Each view has `joined` and `people` (how many are in it) besides. INVALID_TEXT for a search
    that is no text.
    """
    await backend.limits.take(READ, actor.user_id)
    async with backend.database.session() as session:
        access = await access_workspace(session, actor=actor, workspace_id=workspace_id)
        joined = (
            select(ChannelMember.user_id)
            .where(ChannelMember.channel_id == Channel.id, ChannelMember.user_id == actor.user_id)
            .exists()
        )
        people = select(func.count()).where(ChannelMember.channel_id == Channel.id).scalar_subquery()
        query = (
            select(Channel, joined, people)
            .where(
                Channel.workspace_id == access.workspace.id,
                Channel.kind != "direct",
                (Channel.kind == "public") | joined,
                func.lower(Channel.name) > check_search(after).lower(),
            )
            .order_by(func.lower(Channel.name))
            .limit(BROWSE_PAGE_CHANNELS)
        )
        if not archived:
            query = query.where(Channel.archived_at.is_(None))
        if wanted := check_search(search):
            query = query.where(Channel.name.icontains(wanted, autoescape=True))
        found = (await session.execute(query)).all()
    channels = [{**channel_view(channel), "joined": is_in, "people": count} for channel, is_in, count in found]
    return {"channels": channels, "after": channels[-1]["name"] if len(channels) == BROWSE_PAGE_CHANNELS else ""}


async def _taken(backend: Backend, *, workspace_id: object, name: str) -> ConfabError:
    """NAME_TAKEN; with `ws` and `channel`, where it is, when everybody may go there. Of a private one nothing more."""
    async with backend.database.session() as session:
        taken = await session.scalar(
            select(Channel.id).where(
                Channel.workspace_id == workspace_id, func.lower(Channel.name) == name.lower(), Channel.kind == "public"
            )
        )
    where = {"ws": str(workspace_id), "channel": str(taken)} if taken else {}
    return ConfabError(ErrorCode.NAME_TAKEN, name=name, **where)


def check_channel_name(name: object) -> str:
    """A channel's name as it is stored: no `#` in front, spaces become dashes, in small letters."""
    checked = check_name(name, field="channel").lstrip("#").strip()
    return check_name("-".join(checked.split()).lower(), field="channel")
