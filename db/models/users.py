"""People, and how they prove who they are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    SmallInteger,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import BYTEA, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PRIVATE, Base, CreatedAt, Id, Moment, Words


class User(Base):
    """A person, or the author of imported messages."""

    __tablename__ = "users"
    __table_args__ = (
        Index("users_handle_key", "handle", unique=True),
        {"schema": "public"},
    )

    id: Mapped[Id]
    handle: Mapped[Words]
    display_name: Mapped[Words]
    title: Mapped[str] = mapped_column(Text, server_default=text("''"))
    pronouns: Mapped[str] = mapped_column(Text, server_default=text("''"))
    time_zone: Mapped[str] = mapped_column(Text, server_default=text("''"))
    hue: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    kind: Mapped[str] = mapped_column(Text, server_default=text("'person'"))
    rev: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))
    created_at: Mapped[CreatedAt]
    deactivated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Preferences(Base):
    """What a person's own pages look like."""

    __tablename__ = "preferences"
    __table_args__ = ({"schema": PRIVATE},)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("public.users.id", ondelete="CASCADE"), primary_key=True)
    chosen: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    updated_at: Mapped[CreatedAt]


class Account(Base):
    """An email address and a password of one person."""

    __tablename__ = "accounts"
    __table_args__ = (
        Index("accounts_email_key", func.lower(text("email")), unique=True),
        {"schema": PRIVATE},
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("public.users.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[Words]
    password_hash: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[CreatedAt]
    password_changed_at: Mapped[CreatedAt]


class Session(Base):
    """One signed-in device. Only a hash of its cookie is stored."""

    __tablename__ = "sessions"
    __table_args__ = (
        Index("sessions_user_idx", "user_id"),
        {"schema": PRIVATE},
    )

    id: Mapped[Id]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("public.users.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(BYTEA, unique=True)
    created_at: Mapped[CreatedAt]
    last_seen_at: Mapped[CreatedAt]
    expires_at: Mapped[Moment]
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    address: Mapped[str] = mapped_column(Text, server_default=text("''"))
    agent: Mapped[str] = mapped_column(Text, server_default=text("''"))


class Attempt(Base):
    """One failed log-in, by a hashed account or address. The table has no key of its own."""

    __tablename__ = "attempts"
    __table_args__ = (
        Index("attempts_key_idx", "key", "attempted_at"),
        {"schema": PRIVATE},
    )
    __mapper_args__ = {"primary_key": ["key", "attempted_at"]}  # noqa: RUF012

    key: Mapped[bytes] = mapped_column(BYTEA)
    attempted_at: Mapped[CreatedAt]


class Installation(Base):
    """The one row about this installation."""

    __tablename__ = "installation"
    __table_args__ = (
        CheckConstraint("only_one"),
        {"schema": PRIVATE},
    )

    only_one: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("public.users.id", ondelete="SET NULL"))
    registration: Mapped[str] = mapped_column(Text, server_default=text("'invitation'"))
    workspace_creation: Mapped[str] = mapped_column(Text, server_default=text("'owner'"))
    rendered_version: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    rendered_to: Mapped[UUID | None] = mapped_column(Uuid)
    setup_token_hash: Mapped[bytes | None] = mapped_column(BYTEA)
    created_at: Mapped[CreatedAt]
