"""What a channel holds, as the database has it."""

from sqlalchemy import select

from db.models import Channel, Message, User
from rxapp.services.backend import Backend


async def rows_of(backend: Backend, channel: str) -> list[tuple[str, str]]:
    """Who said what, by `seq`."""
    query = (
        select(User.display_name, Message.source)
        .join(Message, Message.author_id == User.id)
        .join(Channel, Channel.id == Message.channel_id)
        .where(Channel.name == channel)
        .order_by(Message.seq)
    )
    async with backend.database.session() as session:
        return [(name, source) for name, source in await session.execute(query)]
