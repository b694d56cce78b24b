"""Messages and the reactions to them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, Integer, SmallInteger, Text, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PRIVATE, Base, CreatedAt, Id, Moment, Words


class Message(Base):
    """One message. Deleted, it keeps its place and nothing of its content."""

    __tablename__ = "chat"
    __table_args__ = (
        Index("chat_client_key", "author_id", "client_key", unique=True),
        Index("chat_seq_key", "channel_id", "seq", unique=True),
        Index("chat_rev_idx", "channel_id", "rev"),
        Index("chat_created_idx", "channel_id", "created_at"),
        Index("chat_render_version_idx", "render_version", postgresql_where=text("deleted_at is null")),
        Index("chat_root_idx", "root_id", "seq", postgresql_where=text("root_id is not null")),
        Index("chat_deleted_by_idx", "deleted_by", postgresql_where=text("deleted_by is not null")),
        {"schema": "public"},
    )

    id: Mapped[Id]
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("public.channels.id", ondelete="CASCADE"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("public.users.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    rev: Mapped[int] = mapped_column(BigInteger)
    root_id: Mapped[UUID | None] = mapped_column(ForeignKey("public.chat.id", ondelete="CASCADE"))
    client_key: Mapped[UUID] = mapped_column(Uuid)
    source: Mapped[Words]
    html: Mapped[Words]
    render_version: Mapped[int] = mapped_column(SmallInteger)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    edited_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    deleted_by: Mapped[UUID | None] = mapped_column(ForeignKey("public.users.id", ondelete="SET NULL"))


class MessageVersion(Base):
    """What a message said before an edit; version 1 is what was sent."""

    __tablename__ = "message_versions"
    __table_args__ = ({"schema": PRIVATE},)

    message_id: Mapped[UUID] = mapped_column(ForeignKey("public.chat.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    source: Mapped[Words]
    html: Mapped[Words]
    written_at: Mapped[Moment]


class DeletedContent(Base):
    """A deleted message's content while it can still be brought back."""

    __tablename__ = "deleted_contents"
    __table_args__ = (
        Index("deleted_contents_deleted_at_idx", "deleted_at"),
        {"schema": PRIVATE},
    )

    message_id: Mapped[UUID] = mapped_column(ForeignKey("public.chat.id", ondelete="CASCADE"), primary_key=True)
    source: Mapped[Words]
    html: Mapped[Words]
    render_version: Mapped[int] = mapped_column(SmallInteger)
    deleted_at: Mapped[CreatedAt]


class Draft(Base):
    """What somebody has written in a channel and not sent."""

    __tablename__ = "drafts"
    __table_args__ = (
        Index("drafts_channel_idx", "channel_id"),
        {"schema": PRIVATE},
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("public.users.id", ondelete="CASCADE"), primary_key=True)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("public.channels.id", ondelete="CASCADE"), primary_key=True)
    source: Mapped[Words]
    rev: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))
    updated_at: Mapped[CreatedAt]


class Reaction(Base):
    """One person's emoji on one message."""

    __tablename__ = "emojis"
    __table_args__ = (
        Index("emojis_user_idx", "user_id"),
        {"schema": "public"},
    )

    message_id: Mapped[UUID] = mapped_column(ForeignKey("public.chat.id", ondelete="CASCADE"), primary_key=True)
    emoji: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("public.users.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[CreatedAt]
