"""The people of a run and where they talk, made by the services before the server starts."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import update

from db.engine import Database
from db.models import Installation, Session, User, new_id
from rxapp.actor import Actor
from rxapp.auth.tokens import hash_token, new_token
from rxapp.services.backend import make_backend
from rxapp.services.channel_people import add_people, join_channel
from rxapp.services.channels import create_channel
from rxapp.services.direct import open_direct
from rxapp.services.members import add_member
from rxapp.services.workspaces import Role, create_workspace, first_channel_id
from tests.recording_wire import RecordingWire


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in; `token` is what their cookie holds."""

    id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Town:
    """A workspace. Everybody is in `general` and `lobby`, which are public, and in the private `secret`.

    `talks` are the direct conversations of each person with the next one.
    """

    workspace: UUID
    people: list[Person]
    general: str
    lobby: str
    secret: str
    talks: list[str]

    @property
    def channels(self) -> list[str]:
        """All of them."""
        return [self.general, self.lobby, self.secret, *self.talks]

    def places_of(self, person: int) -> list[str]:
        """Where somebody may write, as long as they are not taken out."""
        return [self.general, self.lobby, self.secret, *self.talks_of(person)]

    def talks_of(self, person: int) -> list[str]:
        """Somebody's direct conversations."""
        return sorted({self.talks[person], self.talks[person - 1]})


async def found_town(url: str, count: int) -> Town:
    """Make a town in a migrated, empty database."""
    database = Database.at(url, pool_size=2)
    try:
        people = [Person(new_id(), new_token()) for _ in range(count)]
        await _write_people(database, people)
        return await _found(database, people)
    finally:
        await database.close()


async def _found(database: Database, people: list[Person]) -> Town:
    backend = make_backend(database, RecordingWire())
    actors = [Actor(person.id) for person in people]
    ada = actors[0]
    workspace = UUID((await create_workspace(backend, actor=ada, name="Team"))["id"])
    for actor in actors[1:]:
        await add_member(backend, user_id=actor.user_id, workspace_id=workspace, role=Role.MEMBER)
    async with database.session() as session:
        general = await first_channel_id(session, workspace)
    lobby = await create_channel(backend, actor=ada, workspace_id=workspace, name="lobby", private=False)
    secret = await create_channel(backend, actor=ada, workspace_id=workspace, name="secret", private=True)
    for actor in actors[1:]:
        await join_channel(backend, actor=actor, channel_id=lobby["id"])
    others = [str(person.id) for person in people[1:]]
    await add_people(backend, actor=ada, channel_id=secret["id"], user_ids=others)
    talks = [
        (await open_direct(backend, actor=actor, workspace_id=workspace, user_ids=[str(neighbour.user_id)]))["id"]
        for actor, neighbour in zip(actors, [*actors[1:], ada], strict=True)
    ]
    return Town(workspace, people, str(general), lobby["id"], secret["id"], talks)


async def _write_people(database: Database, people: list[Person]) -> None:
    expires = datetime.now(UTC) + timedelta(days=1)
    async with database.transaction() as session:
        session.add_all(
            User(id=person.id, handle=f"person-{number}", display_name=f"Person {number}")
            for number, person in enumerate(people)
        )
        await session.flush()
        await session.execute(update(Installation).values(owner_id=people[0].id))
        session.add_all(
            Session(id=new_id(), user_id=person.id, token_hash=hash_token(person.token), expires_at=expires)
            for person in people
        )
