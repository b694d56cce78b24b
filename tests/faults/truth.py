"""What the database holds in the end."""

from dataclasses import dataclass, field

import psycopg

from tests.faults.town import Town


@dataclass(frozen=True, slots=True)
class Row:
    """One message."""

    id: str
    channel: str
    author: str
    seq: int
    rev: int
    key: str
    source: str
    html: str
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class Place:
    """One channel."""

    kind: str
    last_seq: int
    last_post_seq: int
    rev: int


@dataclass(slots=True)
class Truth:
    """All of it. `seats` are cursors by person and channel, `revs` those of people's sidebars by person."""

    rows: list[Row] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    seats: dict[tuple[str, str], int] = field(default_factory=dict)

    def rows_of(self, channel: str) -> list[Row]:
        """A channel's messages by number, deleted ones too."""
        return sorted((row for row in self.rows if row.channel == channel), key=lambda row: row.seq)

    def channels_of(self, person: str) -> set[str]:
        """Where somebody is."""
        return {channel for who, channel in self.seats if who == person}


def read_truth(url: str, town: Town) -> Truth:
    """Read it in one snapshot."""
    truth = Truth()
    with psycopg.connect(url) as connection, connection.transaction():
        connection.execute("set transaction isolation level repeatable read")
        for id_, *rest in connection.execute(
            "select id, kind, last_seq, last_post_seq, rev from public.channels where workspace_id = %s",
            [town.workspace],
        ):
            truth.places[str(id_)] = Place(*rest)
        for id_, channel, author, seq, rev, key, source, html, is_deleted in connection.execute(
            "select id, channel_id, author_id, seq, rev, client_key, source, html, deleted_at is not null "
            "from public.chat where channel_id = any(%s)",
            [list(truth.places)],
        ):
            truth.rows.append(Row(str(id_), str(channel), str(author), seq, rev, str(key), source, html, is_deleted))
        for person, channel, read in connection.execute(
            "select user_id, channel_id, read_seq from public.channel_members where channel_id = any(%s)",
            [list(truth.places)],
        ):
            truth.seats[str(person), str(channel)] = read
    return truth
