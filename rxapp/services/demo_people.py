"""People of a demo workspace: members like others, who cannot sign in unless they are given a password."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select, text, update

from db.models import Account, Channel, ChannelMember, Installation, Member, User, Workspace, new_id
from rxapp.actor import Actor
from rxapp.auth.passwords import hash_password
from rxapp.auth.people import free_handle
from rxapp.services.backend import Backend
from rxapp.services.workspaces import Role

DEMO_DOMAIN = "fernhill.example.org"
"""Of their addresses: a domain that nobody can have, so that no mail goes anywhere."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who somebody is; `hue` in degrees."""

    name: str
    title: str
    pronouns: str
    time_zone: str
    hue: int


async def installation_owner(backend: Backend) -> Actor | None:
    """Who owns the installation; None while nobody does."""
    async with backend.database.session() as session:
        owner_id = await session.scalar(select(Installation.owner_id))
    return Actor(owner_id) if owner_id else None


async def has_workspace(backend: Backend, *, name: str) -> bool:
    """Whether a workspace is called so already."""
    query = select(Workspace.id).where(func.lower(Workspace.name) == name.lower(), Workspace.deleted_at.is_(None))
    async with backend.database.session() as session:
        return await session.scalar(query.limit(1)) is not None


async def move_in(
    backend: Backend, *, workspace_id: UUID, newcomers: Sequence[Newcomer], joined_at: datetime, password: str | None
) -> dict[UUID, str]:
    """Make them members of a workspace; their ids, in order, with the addresses they sign in with."""
    password_hash = await hash_password(password) if password else None
    made: dict[UUID, str] = {}
    async with backend.database.transaction() as session:
        for newcomer in newcomers:
            user_id = new_id()
            handle = await free_handle(session, newcomer.name)
            session.add(
                User(
                    id=user_id, handle=handle, display_name=newcomer.name, title=newcomer.title,
                    pronouns=newcomer.pronouns, time_zone=newcomer.time_zone, hue=newcomer.hue, created_at=joined_at,
                )
            )  # fmt: skip
            await session.flush()
            made[user_id] = f"{handle}@{DEMO_DOMAIN}"
            session.add(Account(user_id=user_id, email=made[user_id], password_hash=password_hash))
            session.add(Member(workspace_id=workspace_id, user_id=user_id, role=Role.MEMBER, joined_at=joined_at))
    return made


async def sit_down(backend: Backend, *, channel_id: UUID, user_ids: Sequence[UUID]) -> None:
    """Put members into a channel that nobody looks at yet."""
    async with backend.database.transaction() as session:
        seated = set(await session.scalars(select(ChannelMember.user_id).where(ChannelMember.channel_id == channel_id)))
        rows = [{"channel_id": channel_id, "user_id": user_id} for user_id in user_ids if user_id not in seated]
        if rows:
            await session.execute(insert(ChannelMember), rows)


async def describe_channels(backend: Backend, *, texts: Mapping[UUID, tuple[str, str]], made_at: datetime) -> None:
    """Give channels that nobody looks at yet their topic and purpose, and the age of what is said in them."""
    async with backend.database.transaction() as session:
        for channel_id, (topic, purpose) in texts.items():
            await session.execute(
                update(Channel)
                .where(Channel.id == channel_id)
                .values(topic=topic, purpose=purpose, created_at=made_at, meta_rev=Channel.meta_rev + 1)
            )


async def read_all_but(backend: Backend, *, workspace_id: UUID, unread: Mapping[tuple[UUID, UUID], int]) -> None:
    """Everybody has read everything, but for these (channel, person): so many of the newest are unread."""
    async with backend.database.transaction() as session:
        channels = select(Channel.id).where(Channel.workspace_id == workspace_id)
        await session.execute(
            update(ChannelMember)
            .where(ChannelMember.channel_id == Channel.id, Channel.id.in_(channels))
            .values(read_seq=Channel.last_seq)
        )
        for (channel_id, user_id), count in unread.items():
            await session.execute(
                update(ChannelMember)
                .where(
                    ChannelMember.channel_id == channel_id,
                    ChannelMember.user_id == user_id,
                    ChannelMember.channel_id == Channel.id,
                )
                .values(read_seq=func.greatest(0, Channel.last_seq - count))
            )


async def take_stock(backend: Backend) -> None:
    """Let the database look at what it holds now: it plans by that, and would find out by itself in a minute."""
    async with backend.database.transaction() as session:
        await session.execute(text("analyze public.chat, public.channel_members, public.members, public.users"))
