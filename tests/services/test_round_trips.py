"""How often the database is asked on the paths that every tab takes. One more, and a test fails: think before you raise
a number, each is paid five hundred times when everybody comes back.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text

from db.engine import Database
from db.models import new_id
from rxapp.auth.sessions import OpenedSession, actor_of_cookie, actor_of_session, living_sessions, open_session
from rxapp.live.ops import channel_room, user_room, workspace_room
from rxapp.services.backend import Backend, make_backend
from rxapp.services.cursor_batch import CursorBatch
from rxapp.services.direct import open_direct
from rxapp.services.heads import read_heads
from rxapp.services.history import open_channel, read_around, read_newer, read_older
from rxapp.services.messages import send_message
from rxapp.services.rights import lost_rooms
from rxapp.services.sidebar import enter_workspace
from tests.recording_wire import RecordingWire, connect
from tests.round_trips import RoundTrips, counted_round_trips
from tests.services.test_history import fill
from tests.team import Team, make_team

MESSAGES = 200


@dataclass(frozen=True, slots=True)
class Scene:
    """A team with something to read, and a tab of a member's."""

    team: Team
    session: OpenedSession
    tab: str
    direct: UUID
    cursors: CursorBatch

    @property
    def backend(self) -> Backend:
        return self.team.backend


@pytest.fixture
def trips(database: Database) -> Generator[RoundTrips]:
    with counted_round_trips(database) as counted:
        yield counted


@pytest_asyncio.fixture
async def scene(database: Database, trips: RoundTrips) -> AsyncGenerator[Scene]:
    backend = make_backend(database, RecordingWire())
    team = await make_team(backend)
    await fill(team, MESSAGES)
    view = await open_direct(
        backend, actor=team.member, workspace_id=team.workspace, user_ids=[str(team.owner.user_id)]
    )
    session = await open_session(
        database, user_id=team.member.user_id, lifetime_days=1, address="192.0.2.1", agent="a test"
    )
    direct = UUID(view["id"])
    await team.say(team.owner, direct, "hello")
    made = Scene(team, session, connect(backend.hub, team.member, "tab"), direct, CursorBatch(backend))
    trips.taken()
    yield made
    await backend.hub.close()


async def find_by_cookie(scene: Scene) -> None:
    assert await actor_of_cookie(scene.backend.database, scene.session.token)


async def find_by_session(scene: Scene) -> None:
    assert await actor_of_session(scene.backend.database, scene.session.id)


async def enter(scene: Scene, since: int = 0) -> None:
    await enter_workspace(
        scene.backend,
        actor=scene.team.member,
        socket_id=scene.tab,
        workspace_id=scene.team.workspace,
        since_rev=since,
    )


async def enter_again(scene: Scene) -> None:
    await enter(scene, since=1)


def opening(**asked: Any) -> Callable[[Scene], Awaitable[None]]:
    async def run(scene: Scene) -> None:
        await open_channel(
            scene.backend, actor=scene.team.member, socket_id=scene.tab, channel_id=scene.team.general, **asked
        )

    return run


async def open_conversation(scene: Scene) -> None:
    await open_channel(scene.backend, actor=scene.team.member, socket_id=scene.tab, channel_id=scene.direct)


async def older(scene: Scene) -> None:
    await read_older(scene.backend, actor=scene.team.member, channel_id=scene.team.general, before_seq=100)


async def newer(scene: Scene) -> None:
    await read_newer(scene.backend, actor=scene.team.member, channel_id=scene.team.general, after_seq=100)


async def around(scene: Scene) -> None:
    await read_around(scene.backend, actor=scene.team.member, channel_id=scene.team.general, to={"seq": 100})


async def send(scene: Scene) -> None:
    await send_message(
        scene.backend, actor=scene.team.member, channel_id=scene.team.general, client_key=new_id(), source="hello"
    )


async def move_cursors(scene: Scene) -> None:
    for actor in (scene.team.member, scene.team.owner, scene.team.admin):
        scene.cursors.note(actor=actor, channel_id=scene.team.general, seq=100)
    await scene.cursors.flush()


async def heads(scene: Scene) -> None:
    team = scene.team
    rooms = [channel_room(team.general), workspace_room(team.workspace), user_room(team.member.user_id)]
    await read_heads(scene.backend, rooms)


async def round_of_rights(scene: Scene) -> None:
    await living_sessions(scene.backend.database, [scene.session.id])
    await lost_rooms(scene.backend, {scene.team.member.user_id: [channel_room(scene.team.general)]})


PATHS: dict[str, tuple[Callable[[Scene], Awaitable[None]], int]] = {
    "a request or a socket, by its cookie": (find_by_cookie, 1),
    "a socket that connects": (find_by_session, 1),
    # The right; then workspace and oneself, workspaces, channels with drafts, badges and people of conversations.
    "come into a workspace": (enter, 6),
    "come into it again": (enter_again, 7),
    # The right; then the channel and one's place, what was not read, messages, authors.
    "open a channel with much unread": (opening(), 5),
    "open a conversation": (open_conversation, 5),
    "open it again with nothing new": (opening(since_rev=MESSAGES), 2),
    "catch up": (opening(since_rev=MESSAGES - 10), 4),
    "open a channel around a number": (opening(to={"seq": 100}), 6),
    "a page around a number": (around, 5),
    "an older page": (older, 3),
    "a newer page": (newer, 3),
    # BEGIN, what is held and looked up; what is written, and COMMIT.
    "send": (send, 2),
    # BEGIN, the statement, COMMIT: for however many.
    "a batch of cursors": (move_cursors, 3),
    "a round of heads": (heads, 4),
    "a round of rights": (round_of_rights, 3),
}


@pytest.mark.parametrize(("path", "most"), PATHS.values(), ids=PATHS)
async def test_the_database_is_asked_no_more_often(
    scene: Scene, trips: RoundTrips, path: Callable[[Scene], Awaitable[None]], most: int
) -> None:
    await path(scene)
    taken = trips.taken()
    assert len(taken) <= most, "\n".join(taken)


async def test_a_ping_and_a_transaction_are_counted_too(database: Database, trips: RoundTrips) -> None:
    async with database.transaction() as session:
        await session.connection()
    trips.taken()
    async with database.engine.connect() as connection:
        await connection.exec_driver_sql("select 1")
    assert len(trips.taken()) == 3  # BEGIN, the statement, ROLLBACK
    async with database.session() as session:
        await session.execute(text("select 1"))
    assert len(trips.taken()) == 1
