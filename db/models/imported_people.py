"""Authors of another system, and who stands for them here."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import PRIVATE, Base, CreatedAt


class ImportedPerson(Base):
    """The person of kind 'imported' who stands for a nick in one workspace."""

    __tablename__ = "imported_people"
    __table_args__ = (
        Index("imported_people_user_idx", "user_id"),
        {"schema": PRIVATE},
    )

    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("public.workspaces.id", ondelete="CASCADE"), primary_key=True)
    source: Mapped[str] = mapped_column(Text, primary_key=True)
    nick: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("public.users.id", ondelete="CASCADE"))
    created_at: Mapped[CreatedAt]
