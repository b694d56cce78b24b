"""Channels of another system, and where their history goes here."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PRIVATE, Base, CreatedAt


class ImportedChannel(Base):
    """The channel that holds what was imported under a name, whatever it is called now."""

    __tablename__ = "imported_channels"
    __table_args__ = (
        Index("imported_channels_channel_idx", "channel_id"),
        {"schema": PRIVATE},
    )

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("public.workspaces.id", ondelete="CASCADE"), primary_key=True)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("public.channels.id", ondelete="CASCADE"))
    created_at: Mapped[CreatedAt]
