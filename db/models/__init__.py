"""The mapped tables, one noun a file."""

from db.models.base import Base, new_id
from db.models.channels import Channel, ChannelMember, SharedChannel
from db.models.chat import Message, Reaction
from db.models.imported_people import ImportedPerson
from db.models.users import Account, Attempt, Installation, Session, User
from db.models.workspaces import Invitation, Member, Workspace

__all__ = [
    "Account",
    "Attempt",
    "Base",
    "Channel",
    "ChannelMember",
    "ImportedPerson",
    "Installation",
    "Invitation",
    "Member",
    "Message",
    "Reaction",
    "Session",
    "SharedChannel",
    "User",
    "Workspace",
    "new_id",
]
