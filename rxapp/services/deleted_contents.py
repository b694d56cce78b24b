"""What a deleted message said, for the few seconds in which it can be brought back; then it is gone for good."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import DeletedContent, Message, MessageVersion
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.rounds import keep_doing
from rxapp.services.backend import Backend

# Twice as long as the page offers it: the request may be slow.
RESTORE_LIMIT_SECONDS = 10
PURGE_EVERY_SECONDS = 10.0


async def put_away_content(session: AsyncSession, message: Message) -> None:
    """Take the content out of a message that is being deleted. Its earlier versions stay until the purge."""
    session.add(
        DeletedContent(
            message_id=message.id,
            source=message.source,
            html=message.html,
            render_version=message.render_version,
            deleted_at=message.deleted_at,
        )
    )
    message.source, message.html = "", ""
    await session.flush()


async def bring_back_content(session: AsyncSession, message: Message) -> None:
    """Give a deleted message its content again. RESTORE_TOO_LATE when the time for it is over."""
    content = await session.scalar(
        select(DeletedContent)
        .where(DeletedContent.message_id == message.id, DeletedContent.deleted_at > _limit())
        .with_for_update()
    )
    if content is None:
        raise ConfabError(ErrorCode.RESTORE_TOO_LATE, seconds=RESTORE_LIMIT_SECONDS)
    message.source, message.html, message.render_version = content.source, content.html, content.render_version
    message.deleted_at = message.deleted_by = None
    await session.delete(content)
    await session.flush()


async def purge_deleted_contents(backend: Backend) -> int:
    """Destroy what can be brought back no longer, with all its versions. Gives the number of messages."""
    async with backend.database.transaction() as session:
        gone = (
            await session.scalars(
                delete(DeletedContent).where(DeletedContent.deleted_at <= _limit()).returning(DeletedContent.message_id)
            )
        ).all()
        if gone:
            await session.execute(delete(MessageVersion).where(MessageVersion.message_id.in_(gone)))
    return len(gone)


async def keep_purging(backend: Backend) -> None:
    """Until cancelled; the first time at once, for what an earlier run of the server left."""
    await keep_doing(
        lambda: purge_deleted_contents(backend), what="Purging deleted contents", every_seconds=PURGE_EVERY_SECONDS
    )


def _limit() -> ColumnElement[object]:
    return func.clock_timestamp() - timedelta(seconds=RESTORE_LIMIT_SECONDS)
