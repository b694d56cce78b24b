"""A workspace with people in it, on a real database, whose sockets are recorded."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import update

from db.engine import Database
from db.models import Installation, User, new_id
from rxapp.actor import Actor
from rxapp.services.backend import Backend, make_backend
from rxapp.services.channels import create_channel
from rxapp.services.direct import open_direct
from rxapp.services.members import add_member
from rxapp.services.messages import send_message
from rxapp.services.views import View
from rxapp.services.workspaces import Role, create_workspace, first_channel_id
from tests.live.recording_wire import RecordingWire


@dataclass(frozen=True, slots=True)
class World:
    """Ada owns the workspace, Bob and Cyd are members; `general` is public, `secret` is Ada's and private."""

    backend: Backend
    wire: RecordingWire
    workspace: UUID
    general: UUID
    secret: UUID
    ada: Actor
    bob: Actor
    cyd: Actor

    async def talk(self, actor: Actor, *others: Actor) -> UUID:
        """Open a direct conversation."""
        ids = [str(other.user_id) for other in others]
        view = await open_direct(self.backend, actor=actor, workspace_id=self.workspace, user_ids=ids)
        return UUID(view["id"])

    async def say(self, actor: Actor, channel_id: UUID, source: str) -> View:
        """Send a message."""
        return await send_message(self.backend, actor=actor, channel_id=channel_id, client_key=uuid4(), source=source)


async def make_people(database: Database) -> list[Actor]:
    """Three people more; the first owns the installation from now on."""
    people = {name: new_id() for name in ("ada", "bob", "cyd")}
    async with database.transaction() as session:
        session.add_all(
            User(id=id_, handle=f"{name}.{id_.hex[-12:]}", display_name=name.title()) for name, id_ in people.items()
        )
        await session.flush()
        await session.execute(update(Installation).values(owner_id=people["ada"]))
    return [Actor(user_id) for user_id in people.values()]


async def make_world(database: Database, people: list[Actor]) -> World:
    """A new workspace for the people, with a backend of its own."""
    ada, bob, cyd = people
    wire = RecordingWire()
    backend = make_backend(database, wire)
    workspace = UUID((await create_workspace(backend, actor=ada, name="Team"))["id"])
    for actor in (bob, cyd):
        await add_member(backend, user_id=actor.user_id, workspace_id=workspace, role=Role.MEMBER)
    async with database.session() as session:
        general = await first_channel_id(session, workspace)
    if general is None:
        raise AssertionError("expected a workspace to have a first channel")
    secret = await create_channel(backend, actor=ada, workspace_id=workspace, name="secret", private=True)
    return World(backend, wire, workspace, general, UUID(secret["id"]), ada, bob, cyd)
