"""A team with a person of every standing, in the database."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, text

from db.models import Account, Channel, ChannelMember, Member, User, Workspace, new_id
from rxapp.actor import Actor
from rxapp.services.backend import Backend
from rxapp.services.messages import send_message
from rxapp.services.views import View


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace with a public and a private channel, the people around it, and another workspace.

    `member` made the private channel and is in it with `admin`; `bystander` is a member who is in no channel;
    `ex_member` was in everything and left; `outsider` owns the other workspace.
    """

    backend: Backend
    workspace: UUID
    general: UUID
    secret: UUID
    elsewhere: UUID
    elsewhere_general: UUID
    owner: Actor
    admin: Actor
    member: Actor
    bystander: Actor
    ex_member: Actor
    outsider: Actor

    async def say(self, actor: Actor, channel: UUID, source: str = "hello") -> View:
        """Send a message with a key of its own."""
        return await send_message(self.backend, actor=actor, channel_id=channel, client_key=new_id(), source=source)

    async def leave_workspace(self, actor: Actor) -> None:
        """Take the person's membership away, as the database does it."""
        async with self.backend.database.transaction() as session:
            await session.execute(
                delete(Member).where(Member.workspace_id == self.workspace, Member.user_id == actor.user_id)
            )


async def make_person(backend: Backend, name: str) -> Actor:
    """Somebody who is in no workspace."""
    user_id = new_id()
    handle = f"{name.lower()}.{user_id.hex[-8:]}"
    async with backend.database.transaction() as session:
        session.add(User(id=user_id, handle=handle, display_name=name))
        await session.flush()
        session.add(Account(user_id=user_id, email=f"{handle}@example.org"))
    return Actor(user_id)


async def make_team(backend: Backend) -> Team:
    """Write the team; nobody has said anything yet."""
    # Sorted: of channels made in one moment, the one with the smaller id is the first.
    workspace, general, secret, elsewhere, elsewhere_general = sorted(new_id() for _ in range(5))
    names = ("Olga", "Abe", "Mia", "Ben", "Eve", "Otto")
    owner, admin, member, bystander, ex_member, outsider = [await make_person(backend, name) for name in names]
    roles = {owner: "owner", admin: "admin", member: "member", bystander: "member", ex_member: "member"}
    async with backend.database.transaction() as session:
        session.add_all([Workspace(id=workspace, name="Team"), Workspace(id=elsewhere, name="Elsewhere")])
        await session.flush()
        session.add_all(Member(workspace_id=workspace, user_id=who.user_id, role=role) for who, role in roles.items())
        session.add(Member(workspace_id=elsewhere, user_id=outsider.user_id, role="owner"))
        session.add_all(
            [
                Channel(id=general, workspace_id=workspace, kind="public", name="general", created_by=owner.user_id),
                Channel(id=secret, workspace_id=workspace, kind="private", name="secret", created_by=member.user_id),
                Channel(id=elsewhere_general, workspace_id=elsewhere, kind="public", name="general"),
            ]
        )
        await session.flush()
        seats = {general: (owner, admin, member, ex_member), secret: (member, admin, ex_member)}
        for channel, people in seats.items():
            session.add_all(ChannelMember(channel_id=channel, user_id=who.user_id) for who in people)
        session.add(ChannelMember(channel_id=elsewhere_general, user_id=outsider.user_id))
    team = Team(
        backend, workspace, general, secret, elsewhere, elsewhere_general,
        owner, admin, member, bystander, ex_member, outsider,
    )  # fmt: skip
    await team.leave_workspace(ex_member)
    return team


async def own_installation(backend: Backend, owner: Actor) -> None:
    """Make somebody the installation's owner."""
    async with backend.database.transaction() as session:
        await session.execute(text("update private.installation set owner_id = :owner"), {"owner": owner.user_id})
