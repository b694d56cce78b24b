"""Read cursors of a whole worker, written together: 500 readers of a busy channel are one statement twice a second."""

import asyncio
import logging
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from rxapp.actor import Actor
from rxapp.errors import ConfabError
from rxapp.observability.metrics import a_round
from rxapp.services.backend import Backend
from rxapp.services.cursors import read_op
from rxapp.services.ids import number, object_id

FLUSH_SECONDS = 0.5
# A database that is away is UNAVAILABLE; anything else it says comes as it is.
NOT_WRITTEN = (ConfabError, SQLAlchemyError)

# Three arrays, however many cursors: a statement with a row of parameters for each is slow to make.
# The seats are locked in the order in which everybody locks several: by person and channel.
MOVE_ALL = text("""
    with moved as (
        select * from unnest(
            cast(:user_ids as uuid[]), cast(:channel_ids as uuid[]),
            cast(:seqs as bigint[]), cast(:read_revs as bigint[])
        ) as one (user_id, channel_id, seq, read_rev)
    ), locked as materialized (
        select held.user_id, held.channel_id
        from public.channel_members as held join moved using (user_id, channel_id)
        order by held.user_id, held.channel_id
        for no key update of held
    )
    update public.channel_members as seat
    set read_seq = least(moved.seq, channel.last_seq)
    from locked
    join moved using (user_id, channel_id)
    join public.channels as channel on channel.id = moved.channel_id
    where seat.user_id = locked.user_id and seat.channel_id = locked.channel_id
        and seat.read_rev = moved.read_rev
        and seat.read_seq < least(moved.seq, channel.last_seq)
    returning seat.user_id, seat.channel_id, channel.workspace_id, seat.read_seq, seat.read_rev
""")

log = logging.getLogger(__name__)


class Move(NamedTuple):
    """How far somebody has read; in the order in which one counts more than another."""

    read_rev: int
    seq: int


class CursorBatch:
    """What was read since the last write. A cursor that is lost with the process is told again by its tab."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._moves: dict[tuple[UUID, UUID], Move] = {}

    def note(self, *, actor: Actor, channel_id: object, seq: object, read_rev: object = 0) -> None:
        """Remember that a person has read up to a message number. Raises NOT_FOUND, INVALID_REQUEST when malformed.

        `read_rev` is the one of the cursor that the tab knew: was it set back since, nothing moves.

        Who has no seat in the channel moves nothing: the seat is what is written to, and its absence tells nobody.
        """
        key = (actor.user_id, object_id(channel_id))
        self._keep(key, Move(number(read_rev, field="read_rev"), number(seq, field="seq")))

    async def flush(self) -> None:
        """Write what was noted, and tell each person's tabs how far they are. Cursors never go back."""
        moves, self._moves = self._moves, {}
        if not moves:
            return
        user_ids, channel_ids = zip(*moves, strict=True)
        rows = {
            "user_ids": list(user_ids),
            "channel_ids": list(channel_ids),
            "seqs": [move.seq for move in moves.values()],
            "read_revs": [move.read_rev for move in moves.values()],
        }
        try:
            async with self._backend.database.transaction() as session:
                written = (await session.execute(MOVE_ALL, rows)).all()
        except NOT_WRITTEN:
            for key, move in moves.items():
                self._keep(key, move)
            raise
        for user_id, channel_id, workspace_id, seq, read_rev in written:
            await self._backend.hub.to_user(user_id, read_op(workspace_id, channel_id, seq=seq, read_rev=read_rev))

    def _keep(self, key: tuple[UUID, UUID], move: Move) -> None:
        self._moves[key] = max(move, self._moves.get(key, move))

    async def keep_flushing(self) -> None:
        """Until cancelled. What could not be written is written with what comes next."""
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            try:
                with a_round("Writing read cursors"):
                    await self.flush()
            except Exception:
                log.exception("Read cursors could not be written; trying again in %.1f s", FLUSH_SECONDS)
