"""Read cursors of a whole worker, written together: 500 readers of a busy channel are one statement twice a second."""

import asyncio
import logging
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from rxapp.actor import Actor
from rxapp.errors import ConfabError
from rxapp.services.backend import Backend
from rxapp.services.ids import number, object_id

FLUSH_SECONDS = 0.5
# A database that is away is UNAVAILABLE; anything else it says comes as it is.
NOT_WRITTEN = (ConfabError, SQLAlchemyError)

# Three arrays, however many cursors: a statement with a row of parameters for each is slow to make.
MOVE_ALL = text("""
    update public.channel_members as seat
    set read_seq = least(moved.seq, channel.last_seq)
    from unnest(cast(:user_ids as uuid[]), cast(:channel_ids as uuid[]), cast(:seqs as bigint[]))
        as moved (user_id, channel_id, seq)
    join public.channels as channel on channel.id = moved.channel_id
    where seat.user_id = moved.user_id and seat.channel_id = moved.channel_id
        and seat.read_seq < least(moved.seq, channel.last_seq)
    returning seat.user_id, seat.channel_id, channel.workspace_id, seat.read_seq
""")

log = logging.getLogger(__name__)


class CursorBatch:
    """What was read since the last write. A cursor that is lost with the process is told again by its tab."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._moves: dict[tuple[UUID, UUID], int] = {}

    def note(self, *, actor: Actor, channel_id: object, seq: object) -> None:
        """Remember that a person has read up to a message number. Raises NOT_FOUND, INVALID_REQUEST when malformed.

        Who has no seat in the channel moves nothing: the seat is what is written to, and its absence tells nobody.
        """
        key = (actor.user_id, object_id(channel_id))
        self._moves[key] = max(number(seq, field="seq"), self._moves.get(key, 0))

    async def flush(self) -> None:
        """Write what was noted, and tell each person's tabs how far they are. Cursors never go back."""
        moves, self._moves = self._moves, {}
        if not moves:
            return
        user_ids, channel_ids = zip(*moves, strict=True)
        rows = {"user_ids": list(user_ids), "channel_ids": list(channel_ids), "seqs": list(moves.values())}
        try:
            async with self._backend.database.transaction() as session:
                written = (await session.execute(MOVE_ALL, rows)).all()
        except NOT_WRITTEN:
            for key, seq in moves.items():
                self._moves[key] = max(seq, self._moves.get(key, 0))
            raise
        for user_id, channel_id, workspace_id, seq in written:
            await self._backend.hub.to_user(
                user_id, {"k": "read", "ws": str(workspace_id), "ch": str(channel_id), "seq": seq}
            )

    async def keep_flushing(self) -> None:
        """Until cancelled. What could not be written is written with what comes next."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                await self.flush()
            except NOT_WRITTEN:
                log.exception("Read cursors could not be written; trying again in %.1f s", FLUSH_SECONDS)
