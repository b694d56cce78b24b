"""Where the history of another system's channel goes on: in the same channel, whatever it is called now."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from db.models import Channel, ImportedChannel
from rxapp.services.backend import Backend
from rxapp.services.channels import check_channel_name
from rxapp.services.imports import ImportTarget, channel_named, import_channel


async def imported_channel(
    backend: Backend, *, target: ImportTarget, system: str, name: str, is_chosen: bool
) -> tuple[UUID, str]:
    """The channel for what is imported under a name, and what it is called now; made as a public one if there is none.

    It is the one that held it before, renamed or made private since; but where somebody chose the name, the one that
    has it today. Raises EMPTY, TOO_LONG, INVALID_TEXT for the name.
    """
    checked = check_channel_name(name)
    of_it = {"workspace_id": target.workspace_id, "source": system, "name": checked}
    query = select(ImportedChannel.channel_id).filter_by(**of_it)
    async with backend.database.session() as session:
        before = await session.scalar(query)
        today = await channel_named(session, target=target, name=checked)
    channel_id = (today or before) if is_chosen else (before or today)
    if channel_id is None:
        channel_id = await import_channel(backend, target=target, name=checked)
    async with backend.database.transaction() as session:
        await session.execute(
            insert(ImportedChannel)
            .values(**of_it, channel_id=channel_id)
            .on_conflict_do_update(constraint="imported_channels_pkey", set_={"channel_id": channel_id})
        )
        called = await session.scalar(select(Channel.name).where(Channel.id == channel_id))
    return channel_id, called or checked
