"""What a message said before: kept at each edit, shown to everybody who may read the message."""

import asyncio
from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Message, MessageVersion
from rxapp.actor import Actor
from rxapp.live.allowances import READ
from rxapp.services.backend import Backend
from rxapp.services.mentions import readable_source
from rxapp.services.message_access import access_message
from rxapp.services.names import Reader
from rxapp.services.views import View, milliseconds
from rxapp.services.word_difference import word_difference

# Earlier texts of one message. The first stays; of those after it the oldest make room.
VERSIONS_MAX = 50
FIRST_VERSION = 1


async def keep_version(session: AsyncSession, message: Message) -> None:
    """Keep the text of a message that is about to be edited, in the transaction of the edit."""
    newest, count = (
        await session.execute(
            select(func.coalesce(func.max(MessageVersion.version), 0), func.count()).where(
                MessageVersion.message_id == message.id
            )
        )
    ).one()
    session.add(
        MessageVersion(
            message_id=message.id,
            version=newest + 1,
            source=message.source,
            html=message.html,
            written_at=message.edited_at or message.created_at,
        )
    )
    if count >= VERSIONS_MAX:
        oldest = (
            select(MessageVersion.version)
            .where(MessageVersion.message_id == message.id, MessageVersion.version > FIRST_VERSION)
            .order_by(MessageVersion.version)
            .limit(count - VERSIONS_MAX + 1)
        )
        await session.execute(
            delete(MessageVersion)
            .where(MessageVersion.message_id == message.id, MessageVersion.version.in_(oldest))
            .execution_options(synchronize_session=False)
        )
    await session.flush()


async def list_versions(backend: Backend, *, actor: Actor, message_id: object) -> Sequence[View]:
    """All texts of a message, the newest first: its number `version`, when it was written (`at`), and `pieces`.

    A piece has its text `t` and what happened to it, `k`: `same`, `gone` or `added` since the version before that is
    still known. Version 1 is what was sent. NOT_FOUND, DELETED.
    """
    await backend.limits.take(READ, actor.user_id)
    async with backend.database.session() as session:
        message, access = await access_message(session, actor=actor, message_id=message_id)
        kept = (
            await session.scalars(
                select(MessageVersion).where(MessageVersion.message_id == message.id).order_by(MessageVersion.version)
            )
        ).all()
    texts = [(version.version, version.written_at, version.source) for version in kept]
    newest = texts[-1][0] + 1 if texts else FIRST_VERSION
    texts.append((newest, message.edited_at or message.created_at, message.source))
    reader = Reader(actor, access.channel.workspace_id)
    sources = [await readable_source(backend, reader, source) for _, _, source in texts]
    changes = await asyncio.to_thread(_changes, sources)
    views = [
        {"version": version, "at": milliseconds(at), "pieces": pieces}
        for (version, at, _), pieces in zip(texts, changes, strict=True)
    ]
    return views[::-1]


def _changes(sources: list[str]) -> list[list[View]]:
    """For each text its difference from the one before; all of the first is the same."""
    before = [sources[0], *sources]
    return [
        [{"k": piece.change.value, "t": piece.text} for piece in word_difference(old, new)]
        for old, new in zip(before, sources, strict=False)
    ]
