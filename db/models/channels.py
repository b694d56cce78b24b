"""Channels, who is in them, and how far each person has read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, CreatedAt, Id, Words


class Channel(Base):
    """A place to talk, and the counters that order what is said in it."""

    __tablename__ = "channels"
    __table_args__ = (
        Index("channels_name_key", "workspace_id", func.lower(text("name")), unique=True),
        Index("channels_direct_key", "workspace_id", "direct_key", unique=True),
        Index("channels_created_by_idx", "created_by"),
        Index(
            "channels_first_idx",
            "workspace_id",
            "created_at",
            "id",
            postgresql_where=text("kind = 'public' and archived_at is null"),
        ),
        {"schema": "public"},
    )

    id: Mapped[Id]
    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("public.workspaces.id", ondelete="CASCADE"))
    kind: Mapped[Words]
    name: Mapped[str | None] = mapped_column(Text)
    topic: Mapped[str] = mapped_column(Text, server_default=text("''"))
    purpose: Mapped[str] = mapped_column(Text, server_default=text("''"))
    direct_key: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("public.users.id", ondelete="SET NULL"))
    last_seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    last_post_seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    rev: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    meta_rev: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))
    created_at: Mapped[CreatedAt]
    archived_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ChannelMember(Base):
    """One person's place in one channel, with the read cursor.

    The database refuses a person who is not in the channel's workspace, and takes the row away when they leave it
    (except from a direct conversation).
    """

    __tablename__ = "channel_members"
    __table_args__ = (
        Index("channel_members_user_idx", "user_id"),
        {"schema": "public"},
    )

    channel_id: Mapped[UUID] = mapped_column(ForeignKey("public.channels.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("public.users.id", ondelete="CASCADE"), primary_key=True)
    read_seq: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    read_rev: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    closed_seq: Mapped[int] = mapped_column(BigInteger, server_default=text("-1"))
    joined_at: Mapped[CreatedAt]


class SharedChannel(Base):
    """A channel that another workspace takes part in."""

    __tablename__ = "shared_channels"
    __table_args__ = (
        Index("shared_channels_workspace_idx", "workspace_id"),
        Index("shared_channels_shared_by_idx", "shared_by"),
        {"schema": "public"},
    )

    channel_id: Mapped[UUID] = mapped_column(ForeignKey("public.channels.id", ondelete="CASCADE"), primary_key=True)
    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("public.workspaces.id", ondelete="CASCADE"), primary_key=True)
    shared_by: Mapped[UUID | None] = mapped_column(ForeignKey("public.users.id", ondelete="SET NULL"))
    created_at: Mapped[CreatedAt]
