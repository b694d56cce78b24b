"""Messages that are on their way into a channel, and how they are written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.errors import UniqueViolation
from sqlalchemy import text

from db.reading import Query
from db.writing import Writer
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.services.badges import Badge, ask_badge, badge_of
from rxapp.services.mentions import Written
from rxapp.services.names import MEMBERS
from rxapp.services.rows import ChannelRow, MessageRow, PersonRow

# One after the other, as their numbers are: so are their times. Who writes has read what stands above, also what they
# marked unread; channel and seats are held already.
_WRITE = Query(
    text("""
        with advanced as (
            update public.channels set last_seq = :last_seq, last_post_seq = :last_seq, rev = :last_rev
            where id = :channel_id
        ), moved as (
            update public.channel_members as seat set read_seq = moved.seq
            from unnest(cast(:reader_ids as uuid[]), cast(:read_seqs as bigint[])) as moved (user_id, seq)
            where seat.user_id = moved.user_id and seat.channel_id = :channel_id
        )
        insert into public.chat (id, channel_id, author_id, seq, rev, client_key, source, html, render_version)
        select id, :channel_id, author_id, seq, rev, client_key, source, html, render_version
        from unnest(
            cast(:ids as uuid[]), cast(:author_ids as uuid[]), cast(:seqs as bigint[]), cast(:revs as bigint[]),
            cast(:client_keys as uuid[]), cast(:sources as text[]), cast(:htmls as text[]),
            cast(:render_versions as smallint[])
        ) as one (id, author_id, seq, rev, client_key, source, html, render_version)
        order by seq
        returning seq, created_at
    """),
    tuple,
)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message on its way: checked and rendered."""

    actor: Actor
    client_key: UUID
    written: Written


@dataclass(frozen=True, slots=True)
class Numbered:
    """A message with its place in the channel."""

    item: Outgoing
    id: UUID
    seq: int
    rev: int

    @property
    def author_id(self) -> UUID:
        """Who sends it."""
        return self.item.actor.user_id

    def stored(self, channel: ChannelRow, at: datetime) -> MessageRow:
        """Its row, as it is written."""
        return MessageRow(
            id=str(self.id),
            channel_id=channel.id,
            seq=self.seq,
            rev=self.rev,
            author_id=str(self.author_id),
            client_key=str(self.item.client_key),
            html=self.item.written.rendered.html,
            created_at=at,
            edited_at=None,
            deleted_at=None,
        )


class Stored(NamedTuple):
    """What was written: the messages, the channel and its badge as they are then, and who of the people mentioned is a
    member."""

    channel: ChannelRow
    messages: list[MessageRow]
    badge: Badge
    members: dict[UUID, PersonRow]


async def write_messages(
    writer: Writer, channel: ChannelRow, new: Sequence[Numbered], mentioned: Collection[UUID]
) -> Stored:
    """Store and commit. INVALID_REQUEST for a key just used elsewhere."""
    last = new[-1]
    channel = channel._replace(last_seq=last.seq, last_post_seq=last.seq, rev=last.rev)
    asks = [(MEMBERS, {"workspace_id": channel.workspace_id, "ids": list(mentioned)})] if mentioned else []
    try:
        times, *answers = await writer.together(
            (_WRITE, _values(channel, new)), *asks, *ask_badge(channel), commit=True
        )
    except UniqueViolation as error:
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="client_key") from error
    at = dict(times)
    members = {UUID(person.id): person for person in answers[0]} if asks else {}
    messages = [one.stored(channel, at[one.seq]) for one in new]
    return Stored(channel, messages, badge_of(channel, *answers[len(asks) :]), members)


def _values(channel: ChannelRow, new: Sequence[Numbered]) -> dict[str, Any]:
    read = {one.author_id: one.seq for one in new}
    return {
        "channel_id": channel.id,
        "last_seq": channel.last_seq,
        "last_rev": channel.rev,
        "reader_ids": list(read),
        "read_seqs": list(read.values()),
        "ids": [one.id for one in new],
        "author_ids": [one.author_id for one in new],
        "seqs": [one.seq for one in new],
        "revs": [one.rev for one in new],
        "client_keys": [one.item.client_key for one in new],
        "sources": [one.item.written.source for one in new],
        "htmls": [one.item.written.rendered.html for one in new],
        "render_versions": [one.item.written.rendered.version for one in new],
    }
