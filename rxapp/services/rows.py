"""What is read often, as plain rows: the columns that `rxapp/services/views.py` needs of each thing, ids as text."""

from datetime import datetime
from typing import NamedTuple


class PersonRow(NamedTuple):
    """Of `User`."""

    id: str
    rev: int
    display_name: str
    handle: str
    hue: int
    kind: str


class WorkspaceRow(NamedTuple):
    """Of `Workspace`."""

    id: str
    rev: int
    name: str
    icon: str
    hue: int


class ChannelRow(NamedTuple):
    """Of `Channel`."""

    id: str
    workspace_id: str
    kind: str
    name: str | None
    topic: str
    purpose: str
    direct_key: str | None
    created_by: str | None
    created_at: datetime
    archived_at: datetime | None
    last_seq: int
    last_post_seq: int
    rev: int
    meta_rev: int


class SeatRow(NamedTuple):
    """Of `ChannelMember`: one person's place in a channel."""

    read_seq: int
    read_rev: int
    closed_seq: int


class MessageRow(NamedTuple):
    """Of `Message`."""

    id: str
    channel_id: str
    seq: int
    rev: int
    author_id: str
    client_key: str
    html: str
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
