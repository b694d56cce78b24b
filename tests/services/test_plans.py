"""How Postgres finds what is asked often: never by looking through a table that grows."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest_asyncio
from sqlalchemy import event, text

from db.engine import Database
from db.models import new_id
from rxapp.auth.sessions import OpenedSession, actor_of_cookie, actor_of_session, living_sessions, open_session
from rxapp.live.ops import channel_room, user_room, workspace_room
from rxapp.services.backend import Backend
from rxapp.services.cursor_batch import CursorBatch
from rxapp.services.direct import open_direct
from rxapp.services.drafts import save_draft
from rxapp.services.heads import read_heads
from rxapp.services.history import open_channel, read_around, read_newer, read_older
from rxapp.services.messages import delete_message, edit_message, read_source, send_message
from rxapp.services.names import read_names
from rxapp.services.rights import lost_rooms
from rxapp.services.sidebar import enter_workspace, home_path
from tests.recording_wire import connect
from tests.services.test_history import fill
from tests.team import Team

GROWING = ("chat", "channels", "channel_members", "members", "users", "sessions", "accounts", "drafts", "preferences")
PEOPLE, CHANNELS, MESSAGES, ELSEWHERE = 3_000, 1_000, 20_000, 40_000

# People with a session, preferences and a seat in #general each; channels with some people; messages in all of them
# by everybody; and another workspace that is larger.
GROW = """
    insert into public.users (id, handle, display_name)
        select gen_random_uuid(), 'person' || n, 'Person ' || n from generate_series(1, :people) n;
    insert into public.members (workspace_id, user_id, role)
        select :workspace, id, 'member' from public.users where handle like 'person%';
    insert into private.preferences (user_id) select id from public.users where handle like 'person%';
    insert into private.accounts (user_id, email)
        select id, handle || '@example.org' from public.users where handle like 'person%';
    insert into private.sessions (id, user_id, token_hash, expires_at)
        select gen_random_uuid(), id, sha256(id::text::bytea), now() + interval '1 day' from public.users;
    insert into public.channels (id, workspace_id, kind, name)
        select gen_random_uuid(), :workspace, 'public', 'room' || n from generate_series(1, :channels) n;
    insert into public.channel_members (channel_id, user_id)
        select :general, id from public.users where handle like 'person%';
    insert into public.channel_members (channel_id, user_id)
        select c.id, u.id from public.channels c
        cross join lateral (select id from public.users where handle like 'person%' order by c.id, id limit 20) u
        where c.name like 'room%';
    insert into public.channel_members (channel_id, user_id)
        select id, :member from public.channels where name like 'room%5';
    insert into private.drafts (user_id, channel_id, source)
        select user_id, channel_id, 'later' from public.channel_members where channel_id = :general;
    insert into public.chat (id, channel_id, author_id, seq, rev, client_key, source, html, render_version)
        select gen_random_uuid(), c.id, :owner, n, n, gen_random_uuid(), n::text, n::text, 1
        from public.channels c, generate_series(1, :elsewhere / :channels) n where c.name like 'room%';
    update public.chat set author_id = person.id, created_at = now() - make_interval(mins => 20000 - seq::int)
        from (select id, row_number() over () as n from public.users where handle like 'person%') person
        where person.n = 1 + chat.seq % :people;
    insert into public.channels (id, workspace_id, kind, name)
        select gen_random_uuid(), :another, 'public', 'place' || n from generate_series(1, 60 * :channels) n;
    analyze
"""


@dataclass(frozen=True, slots=True)
class Town:
    """A team in a workspace that has grown."""

    team: Team
    session: OpenedSession
    conversation: UUID
    middle: UUID

    @property
    def backend(self) -> Backend:
        return self.team.backend

    @property
    def member(self) -> dict[str, Any]:
        return {"actor": self.team.member}


@pytest_asyncio.fixture
async def town(team: Team) -> Town:
    backend = team.backend
    await fill(team, MESSAGES)
    values = {
        "people": PEOPLE, "channels": CHANNELS, "elsewhere": ELSEWHERE, "workspace": team.workspace,
        "general": team.general, "another": team.elsewhere,
        "member": team.member.user_id, "owner": team.owner.user_id,
    }  # fmt: skip
    async with backend.database.transaction() as session:
        for statement in GROW.split(";"):
            await session.execute(
                text(statement), {name: values[name] for name in re.findall(r"(?<!:):(\w+)", statement)}
            )
        query = text("select id from public.chat where channel_id = :channel and seq = :seq")
        middle = await session.scalar(query, {"channel": team.general, "seq": MESSAGES // 2})
    opened = await open_session(
        backend.database, user_id=team.member.user_id, lifetime_days=1, address="192.0.2.1", agent="a test"
    )
    people = [str(team.owner.user_id)]
    view = await open_direct(backend, actor=team.member, workspace_id=team.workspace, user_ids=people)
    conversation = UUID(view["id"])
    await team.say(team.owner, conversation)
    connect(backend.hub, team.member, "tab")
    return Town(team, opened, conversation, middle)


async def sign_in(town: Town) -> None:
    assert await actor_of_cookie(town.backend.database, town.session.token)
    assert await actor_of_session(town.backend.database, town.session.id)
    assert await living_sessions(town.backend.database, [town.session.id])
    assert await home_path(town.backend, **town.member)


async def enter(town: Town) -> None:
    for since in (0, 1):
        await enter_workspace(
            town.backend, **town.member, socket_id="tab", workspace_id=town.team.workspace, since_rev=since
        )


async def open_all(town: Town) -> None:
    week = int((datetime.now(UTC) - timedelta(days=7)).timestamp() * 1000)
    for since in (0, MESSAGES - 100):
        await open_channel(town.backend, **town.member, socket_id="tab", channel_id=town.team.general, since_rev=since)
    await open_channel(town.backend, **town.member, socket_id="tab", channel_id=town.conversation)
    for to in ({"m": town.middle}, {"m": new_id()}, {"seq": MESSAGES // 2}, {"at": week}, {"at": 0}):
        await read_around(town.backend, **town.member, channel_id=town.team.general, to=to)


async def page(town: Town) -> None:
    await read_older(town.backend, **town.member, channel_id=town.team.general, before_seq=MESSAGES // 2)
    await read_newer(town.backend, **town.member, channel_id=town.team.general, after_seq=MESSAGES // 2)


async def write(town: Town) -> None:
    view = await send_message(
        town.backend, **town.member, channel_id=town.team.general, client_key=new_id(), source="hello"
    )
    await edit_message(town.backend, **town.member, message_id=view["id"], source="hello again")
    await read_source(town.backend, **town.member, message_id=view["id"])
    await delete_message(town.backend, **town.member, message_id=view["id"])
    await save_draft(town.backend, **town.member, channel_id=town.team.general, source="later", rev=0)


async def read_on(town: Town) -> None:
    cursors = CursorBatch(town.backend)
    cursors.note(**town.member, channel_id=town.team.general, seq=MESSAGES // 2)
    await cursors.flush()


async def go_round(town: Town) -> None:
    rooms = [channel_room(town.team.general), workspace_room(town.team.workspace), user_room(town.team.member.user_id)]
    await read_heads(town.backend, rooms)
    await lost_rooms(town.backend, {town.team.member.user_id: rooms})


async def name(town: Town) -> None:
    await read_names(
        town.backend,
        **town.member,
        workspace_id=town.team.workspace,
        users=[str(town.team.owner.user_id)],
        channels=[str(town.team.general)],
    )


HOT: dict[str, Callable[[Town], Awaitable[None]]] = {
    "who asks": sign_in,
    "coming into a workspace": enter,
    "opening a channel": open_all,
    "pages": page,
    "writing": write,
    "cursors": read_on,
    "rounds": go_round,
    "names": name,
}
_ASKS = re.compile(r"\s*(select|with|update|insert|delete)\b", re.IGNORECASE)


class Asked:
    """What a database was asked, by sessions and by readers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.all: dict[str, Any] = {}

    def _heard(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        self.all.setdefault(statement, parameters)

    def _noted(self, statement: str, parameters: Any, _seconds: float) -> None:
        self.all.setdefault(statement, parameters)

    async def by(self, work: Awaitable[None]) -> dict[str, Any]:
        """Each statement once, with what it was asked with the first time."""
        engine = self._database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", self._heard)
        self._database.noted.append(self._noted)
        await work
        self._database.noted.remove(self._noted)
        event.remove(engine, "before_cursor_execute", self._heard)
        return {statement: parameters for statement, parameters in self.all.items() if _ASKS.match(statement)}


async def scans(town: Town, hot: Callable[[Town], Awaitable[None]]) -> list[str]:
    """The statements that look through a table that grows, each with its plan."""
    asked = await Asked(town.backend.database).by(hot(town))
    found = list[str]()
    async with town.backend.database.session() as session:
        connection = await session.connection()
        for statement, parameters in asked.items():
            one = parameters[0] if isinstance(parameters, list) else parameters
            plan = "\n".join((await connection.exec_driver_sql(f"explain {statement}", one)).scalars())
            if re.search(rf"Seq Scan on ({'|'.join(GROWING)})\b", plan):
                found.append(f"{statement}\n{plan}")
    return found if asked else ["nothing was asked"]


async def careless(town: Town) -> None:
    async with town.backend.database.session() as session:
        await session.execute(text("select count(*) from public.chat where source = 'x'"))


async def test_nothing_looks_through_a_table_that_grows(town: Town) -> None:
    assert {name: await scans(town, hot) for name, hot in HOT.items()} == {name: [] for name in HOT}
    assert len(await scans(town, careless)) == 1
