"""Messages of another system, stored in batches in the order given. The operator imports; there is no actor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, column, func, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Channel, Member, Message, Workspace, new_id
from rxapp.actor import Actor
from rxapp.errors import not_found
from rxapp.markup import Rendered, render_all_off_loop
from rxapp.services.backend import Backend
from rxapp.services.channels import check_channel_name, create_channel
from rxapp.services.ids import object_id
from rxapp.services.text import check_message
from rxapp.services.workspaces import Role, bump_workspace


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """A workspace that can be imported into, and its first owner, who makes what is missing there."""

    workspace_id: UUID
    name: str
    owner: Actor


@dataclass(frozen=True, slots=True)
class ImportedPost:
    """One message of another system. `key` is the same whenever it is read again; `source` is Markdown."""

    author_id: UUID
    key: UUID
    sent_at: datetime
    source: str


async def list_import_targets(backend: Backend) -> Sequence[ImportTarget]:
    """Every workspace, the oldest first."""
    query = (
        select(Workspace.id, Workspace.name, Member.user_id)
        .join(Member, Member.workspace_id == Workspace.id)
        .where(Workspace.deleted_at.is_(None), Member.role == Role.OWNER)
        .order_by(Workspace.id, Member.joined_at, Member.user_id)
        .ext(distinct_on(Workspace.id))
    )
    async with backend.database.session() as session:
        return [ImportTarget(id_, name, Actor(owner)) for id_, name, owner in await session.execute(query)]


async def import_channel(backend: Backend, *, target: ImportTarget, name: str) -> UUID:
    """The channel of that name, of whatever kind; made as a public one when there is none.

    Raises EMPTY, TOO_LONG, INVALID_TEXT for the name.
    """
    checked = check_channel_name(name)
    async with backend.database.session() as session:
        found = await channel_named(session, target=target, name=checked)
    if found is not None:
        return found
    made = await create_channel(backend, actor=target.owner, workspace_id=target.workspace_id, name=checked)
    return object_id(made["id"])


async def channel_named(session: AsyncSession, *, target: ImportTarget, name: str) -> UUID | None:
    """The channel that has the name now, of whatever kind."""
    found: UUID | None = await session.scalar(
        select(Channel.id).where(
            Channel.workspace_id == target.workspace_id, func.lower(Channel.name) == func.lower(name)
        )
    )
    return found


async def store_posts(backend: Backend, *, channel_id: UUID, posts: Sequence[ImportedPost]) -> int:
    """Store what is not there yet, all or nothing, and return how many that were.

    They come after what the channel holds, whatever their times: its order is the order of storing. Tabs that look
    at the channel are told to catch up. Raises NOT_FOUND, and for a source EMPTY, TOO_LONG, INVALID_TEXT.
    """
    async with backend.database.session() as session:
        fresh = await _not_there(session, posts)
    sources = {key: check_message(post.source) for key, post in fresh.items()}
    # people say the same again and again: thanks, +1
    different = list(dict.fromkeys(sources.values()))
    rendered = dict(zip(different, await render_all_off_loop(different), strict=True))
    async with backend.hub.ordered(channel_id):
        async with backend.database.transaction() as session:
            channel = await session.get(Channel, channel_id, with_for_update={"key_share": True})
            if channel is None:
                raise not_found()
            # again, now that no other import can be at the same messages
            fresh = await _not_there(session, list(fresh.values()))
            if not fresh:
                return 0
            rows = [
                _row(channel, number, post, sources[key], rendered[sources[key]])
                for number, (key, post) in enumerate(fresh.items(), start=1)
            ]
            await session.execute(insert(Message), rows)
            channel.rev += len(rows)
            channel.last_seq += len(rows)
            channel.last_post_seq = channel.last_seq
        await backend.hub.to_channel(channel_id, {"k": "head", "ch": str(channel_id), "rev": channel.rev})
        backend.hub.tick(channel_id, channel.last_post_seq, rev=channel.rev)
    return len(rows)


async def announce_import(backend: Backend, *, workspace_id: UUID) -> None:
    """Let the sidebars of all members be read again, those of a server in another process too."""
    async with backend.hub.ordered(workspace_id):
        async with backend.database.transaction() as session:
            rev = await bump_workspace(session, workspace_id)
        await backend.hub.to_workspace(workspace_id, {"k": "ws_head", "ws": str(workspace_id), "rev": rev})


_PostKey = tuple[UUID, UUID]


async def _not_there(session: AsyncSession, posts: Sequence[ImportedPost]) -> dict[_PostKey, ImportedPost]:
    """The posts that are not stored, in their order, each once."""
    wanted: dict[_PostKey, ImportedPost] = {}
    for post in posts:
        wanted.setdefault((post.author_id, post.key), post)
    given = (
        func.unnest(
            bindparam("authors", [author for author, _ in wanted], type_=ARRAY(Uuid)),
            bindparam("keys", [key for _, key in wanted], type_=ARRAY(Uuid)),
        )
        .table_valued(column("author_id", Uuid), column("client_key", Uuid))
        .render_derived()
    )
    query = select(Message.author_id, Message.client_key).join(
        given, (given.c.author_id == Message.author_id) & (given.c.client_key == Message.client_key)
    )
    stored = {(author, key) for author, key in await session.execute(query)}
    return {key: post for key, post in wanted.items() if key not in stored}


def _row(channel: Channel, number: int, post: ImportedPost, source: str, rendered: Rendered) -> Mapping[str, object]:
    return {
        "id": new_id(),
        "channel_id": channel.id,
        "author_id": post.author_id,
        "seq": channel.last_seq + number,
        "rev": channel.rev + number,
        "client_key": post.key,
        "source": source,
        "html": rendered.html,
        "render_version": rendered.version,
        "created_at": post.sent_at,
    }
