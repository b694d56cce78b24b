"""The mapped tables, one noun a file."""

from db.models.base import Base, new_id
from db.models.channels import Channel, ChannelMember, SharedChannel
from db.models.chat import DeletedContent, Draft, Message, MessageVersion, Reaction
from db.models.imported_channels import ImportedChannel
from db.models.imported_people import ImportedPerson
from db.models.users import Account, Attempt, Installation, Preferences, Session, User
from db.models.workspaces import Invitation, Member, Workspace

__all__ = [
    "Account",
    "Attempt",
    "Base",
    "Channel",
    "ChannelMember",
    "DeletedContent",
    "Draft",
    "ImportedChannel",
    "ImportedPerson",
    "Installation",
    "Invitation",
    "Member",
    "Message",
    "MessageVersion",
    "Preferences",
    "Reaction",
    "Session",
    "SharedChannel",
    "User",
    "Workspace",
    "new_id",
]
