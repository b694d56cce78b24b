"""Workspaces, who is in them, and how people are let in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, Integer, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import BYTEA
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PRIVATE, Base, CreatedAt, Id, Moment, Words


class Workspace(Base):
    """A team's place: its channels and its people."""

    __tablename__ = "workspaces"
    __table_args__ = (
        Index("workspaces_created_by_idx", "created_by"),
        Index("workspaces_deleted_by_idx", "deleted_by", postgresql_where=text("deleted_by is not null")),
        {"schema": "public"},
    )

    id: Mapped[Id]
    name: Mapped[Words]
    icon: Mapped[str] = mapped_column(Text, server_default=text("''"))
    hue: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("public.users.id", ondelete="SET NULL"))
    rev: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))
    created_at: Mapped[CreatedAt]
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    deleted_by: Mapped[UUID | None] = mapped_column(ForeignKey("public.users.id", ondelete="SET NULL"))


class Member(Base):
    """One person's place in one workspace."""

    __tablename__ = "members"
    __table_args__ = (
        Index("members_user_idx", "user_id"),
        Index("members_profile_idx", "workspace_id", "profile_rev"),
        {"schema": "public"},
    )

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("public.workspaces.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("public.users.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[Words]
    rev: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))
    profile_rev: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    joined_at: Mapped[CreatedAt]


class Invitation(Base):
    """A link that lets people into a workspace. Only a hash of its token is stored."""

    __tablename__ = "invitations"
    __table_args__ = (
        Index("invitations_workspace_idx", "workspace_id"),
        Index("invitations_created_by_idx", "created_by"),
        {"schema": PRIVATE},
    )

    id: Mapped[Id]
    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("public.workspaces.id", ondelete="CASCADE"))
    token_hash: Mapped[bytes] = mapped_column(BYTEA, unique=True)
    role: Mapped[str] = mapped_column(Text, server_default=text("'member'"))
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("public.users.id", ondelete="SET NULL"))
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Moment]
    uses: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
