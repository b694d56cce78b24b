"""Messages are rendered anew, a few at a time, while the server serves: those of an older Confab, and those that had to
be shown as typed because there was no time for them."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from db.models import Channel, Installation, Message
from rxapp.errors import ConfabError
from rxapp.markup import RENDER_VERSION, render_all_off_loop, render_off_loop
from rxapp.services.backend import Backend

BATCH_MESSAGES = 100
PAUSE_SECONDS = 0.2
"""After each batch, so that people's own messages are never behind many old ones."""

LOOK_EVERY_SECONDS = 30.0
"""When nothing is left: an older server may serve beside this one, and a text may be shown as typed at any time."""

RETRY_SECONDS = 10.0
"""After a database that was away."""

# A database that is away is UNAVAILABLE; anything else it says comes as it is.
_NOT_DONE = (ConfabError, SQLAlchemyError)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Old:
    """A message as it was read, before it is rendered."""

    id: UUID
    channel_id: UUID
    source: str


async def keep_rerendering(backend: Backend) -> None:
    """Until cancelled: go on from where the last server stopped, and look again and again for more."""
    while True:
        try:
            pause_seconds = PAUSE_SECONDS if await rerender_batch(backend) else LOOK_EVERY_SECONDS
        except _NOT_DONE:
            _log.exception("Old messages could not be rendered anew; trying again in %.0f s", RETRY_SECONDS)
            pause_seconds = RETRY_SECONDS
        await asyncio.sleep(pause_seconds)


async def rerender_batch(backend: Backend, *, limit: int = BATCH_MESSAGES) -> bool:
    """Render the next old messages, by their ids, then those that came later; False when there are none.

    May run in several processes at once, and be ended at any moment: what was done is seen by the version of each row,
    and the place noted in the installation only saves looking for it. A message whose HTML changes takes the channel's
    next `rev`, and a head leads the tabs to it.
    """
    async with backend.database.session() as session:
        version, reached = (
            await session.execute(select(Installation.rendered_version, Installation.rendered_to))
        ).one()
        if version > RENDER_VERSION:
            return False  # a newer server is at it
        query = (
            select(Message.id, Message.channel_id, Message.source)
            .where(Message.render_version < RENDER_VERSION, Message.deleted_at.is_(None))
            .limit(limit)
        )
        next_ = query.order_by(Message.id)
        if version == RENDER_VERSION and reached is not None:
            next_ = next_.where(Message.id > reached)
        newest = await session.scalar(select(Message.id).order_by(Message.id.desc()).limit(1))
        old = [_Old(*row) for row in await session.execute(next_)]
        # Before where it has come to there are few, which is no walk through all of them.
        late = [] if old else [_Old(*row) for row in await session.execute(query.order_by(Message.render_version))]
    if old and not await _rerender(backend, old):
        return True  # what is left is looked for again
    # Without any, everything that was there when they were looked for is of this version.
    if (done_to := old[-1].id if old else newest) is not None:
        await _note(backend, done_to)
    if late:
        await _rerender(backend, late)
    return bool(old or late)


async def _rerender(backend: Backend, old: Sequence[_Old]) -> bool:
    """Store the messages rendered; False when some were changed meanwhile, by a server that is older still."""
    rendered = await render_all_off_loop([message.source for message in old])
    html_of: dict[UUID, dict[UUID, tuple[str, str]]] = defaultdict(dict)
    for message, one in zip(old, rendered, strict=True):
        # A machine that is busy just now must not turn a good message into one that is shown as typed.
        best = await render_off_loop(message.source, is_patient=True) if one.fallback else one
        html_of[message.channel_id][message.id] = (message.source, best.html)
    stored = [await _store(backend, channel_id, htmls) for channel_id, htmls in html_of.items()]
    return all(stored)


async def _store(backend: Backend, channel_id: UUID, html_of: dict[UUID, tuple[str, str]]) -> bool:
    async with backend.hub.ordered(channel_id):
        async with backend.database.transaction() as session:
            channel = await session.get(Channel, channel_id, with_for_update={"key_share": True})
            if channel is None:
                return True
            before, is_whole = channel.rev, True
            messages = await session.scalars(
                select(Message)
                .where(Message.id.in_(html_of), Message.render_version < RENDER_VERSION, Message.deleted_at.is_(None))
                .order_by(Message.id)
            )
            for message in messages:
                source, html = html_of[message.id]
                if message.source != source:
                    is_whole = False
                    continue
                if message.html != html:
                    channel.rev += 1
                    message.rev, message.html = channel.rev, html
                message.render_version = RENDER_VERSION
            rev = channel.rev
        if rev != before:
            await backend.hub.to_channel(channel_id, {"k": "head", "ch": str(channel_id), "rev": rev})
    return is_whole


async def _note(backend: Backend, reached: UUID) -> None:
    """Remember how far it went, unless another process is further, or at a newer version."""
    is_further = or_(
        Installation.rendered_version < RENDER_VERSION,
        Installation.rendered_to.is_(None),
        Installation.rendered_to < reached,
    )
    async with backend.database.transaction() as session:
        await session.execute(
            update(Installation)
            .where(Installation.rendered_version <= RENDER_VERSION, is_further)
            .values(rendered_version=RENDER_VERSION, rendered_to=reached)
        )
