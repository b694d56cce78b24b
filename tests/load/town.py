"""The people of a run, their workspace and what was said in it before: written straight into the database."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import psycopg

from db.models import new_id
from rxapp.auth.tokens import hash_token, new_token
from rxapp.markup import RENDER_VERSION, render
from tests.load.plan import Plan
from tests.load.talk import sentence

TEXTS = 100
HUES = 360


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in; `token` is what their cookie holds."""

    id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Town:
    """A workspace; everybody is in every channel, and the first one is the busy one."""

    workspace: UUID
    channels: list[UUID]
    people: list[Person]


def found_town(url: str, plan: Plan) -> Town:
    """Write a new town into the database at `url`."""
    town = Town(
        workspace=new_id(),
        channels=[new_id() for _ in range(plan.channels)],
        people=[Person(new_id(), new_token()) for _ in range(plan.tabs)],
    )
    with psycopg.connect(url) as connection:
        with connection.transaction(), connection.cursor() as cursor:
            _write_people(cursor, town)
            _write_channels(cursor, town, plan)
            _write_history(cursor, town, plan)
        connection.execute("analyze")
    return town


def head_revs(url: str, town: Town) -> dict[str, int]:
    """How far each channel is, by its id."""
    with psycopg.connect(url) as connection:
        rows = connection.execute("select id, rev from public.channels where id = any(%s)", [town.channels])
        return {str(id_): rev for id_, rev in rows}


def _write_people(cursor: psycopg.Cursor, town: Town) -> None:
    run = town.workspace.hex[-8:]
    with cursor.copy("copy public.users (id, handle, display_name, hue) from stdin") as copy:
        for number, person in enumerate(town.people):
            copy.write_row((person.id, f"load-{run}-{number}", f"Person {number}", number % HUES))
    expiry = datetime.now(UTC) + timedelta(days=1)
    with cursor.copy("copy private.sessions (id, user_id, token_hash, expires_at) from stdin") as copy:
        for person in town.people:
            copy.write_row((new_id(), person.id, hash_token(person.token), expiry))
    cursor.execute("insert into public.workspaces (id, name) values (%s, %s)", [town.workspace, f"Town {run}"])
    with cursor.copy("copy public.members (workspace_id, user_id, role) from stdin") as copy:
        for number, person in enumerate(town.people):
            copy.write_row((town.workspace, person.id, "member" if number else "owner"))


def _write_channels(cursor: psycopg.Cursor, town: Town, plan: Plan) -> None:
    lengths = [plan.history, *(plan.quiet_history for _ in town.channels[1:])]
    columns = "(id, workspace_id, kind, name, last_seq, last_post_seq, rev)"
    with cursor.copy(f"copy public.channels {columns} from stdin") as copy:
        for number, (channel, length) in enumerate(zip(town.channels, lengths, strict=True)):
            copy.write_row((channel, town.workspace, "public", f"channel-{number}", length, length, length))
    with cursor.copy("copy public.channel_members (channel_id, user_id, read_seq) from stdin") as copy:
        for channel, length in zip(town.channels, lengths, strict=True):
            for person in town.people:
                copy.write_row((channel, person.id, length))


def _write_history(cursor: psycopg.Cursor, town: Town, plan: Plan) -> None:
    chance = random.Random(plan.seed)
    texts = [(source, render(source).html) for source in (sentence(chance) for _ in range(TEXTS))]
    columns = "(id, channel_id, author_id, seq, rev, client_key, source, html, render_version, created_at)"
    now = datetime.now(UTC)
    with cursor.copy(f"copy public.chat {columns} from stdin") as copy:
        for channel in town.channels:
            length = plan.history if channel == town.channels[0] else plan.quiet_history
            for seq in range(1, length + 1):
                source, html = chance.choice(texts)
                author, said_at = chance.choice(town.people).id, now - timedelta(minutes=length - seq + 1)
                copy.write_row((new_id(), channel, author, seq, seq, uuid4(), source, html, RENDER_VERSION, said_at))
