"""How fast a long history is read: `python -m tests.speed.long_history --messages 10000000`.

Fills a Postgres of its own, half of it one channel and the rest a hundred, and measures what the services need: wall
time, and the processor time of Python alone. A folder given by `--data` keeps what was filled for the next time.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import psycopg
from sqlalchemy import text

from db.embedded import ensure_running
from db.engine import Database
from db.migrate import migrate
from db.models import new_id
from rxapp.actor import Actor
from rxapp.live.ops import channel_room, user_room, workspace_room
from rxapp.services.backend import Backend, make_backend
from rxapp.services.heads import read_heads
from rxapp.services.history import open_channel, read_around, read_newer, read_older
from rxapp.services.sidebar import enter_workspace
from tests.speed.measuring import HEADINGS, measure, say

CHANNELS, PEOPLE = 100, 1000
SECONDS_APART = 5
# Nothing of it has to survive, and nobody else is there.
QUICK = ("fsync = off", "full_page_writes = off", "max_wal_size = '8GB'", "maintenance_work_mem = '1GB'")
# As long as people write on average, and different enough to be no constant.
TEXT = "repeat('So we said that it would be ready on Monday, ', (1 + n %% 3)::int) || n"
FILL = f"""
    insert into public.chat (id, channel_id, author_id, seq, rev, client_key, source, html, render_version, created_at)
    select uuidv7(), %(channel)s, (%(people)s::uuid[])[(1 + n * 7919 %% %(count)s)::int], n, n,
        gen_random_uuid(), {TEXT},
        '<p>' || {TEXT} || '</p>', 1, now() - make_interval(secs => {SECONDS_APART} * (%(length)s - n)::float8)
    from generate_series(1, %(length)s::bigint) n
"""


def fill(url: str, messages: int) -> None:
    """Write people, channels and messages; the indexes are made afterwards, which is much quicker."""
    people = [new_id() for _ in range(PEOPLE)]
    workspace = new_id()
    lengths = [messages // 2, *([messages // 2 // CHANNELS] * CHANNELS)]
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in QUICK:
            connection.execute(f"alter system set {setting}".encode())
        connection.execute("select pg_reload_conf()")
        connection.execute("set session_replication_role = replica")  # no checks of what is known to be right
        connection.execute("insert into public.workspaces (id, name) values (%s, 'Long')", [workspace])
        with connection.cursor() as cursor:
            cursor.executemany(
                "insert into public.users (id, handle, display_name) values (%s, %s, %s)",
                [(person, f"person-{number}", f"Person {number}") for number, person in enumerate(people)],
            )
        connection.execute(
            "insert into public.members (workspace_id, user_id, role) select %s, id, 'member' from public.users",
            [workspace],
        )
        indexes = connection.execute(
            "select indexname, indexdef from pg_indexes where schemaname = 'public' and tablename = 'chat'"
            " and indexname <> 'chat_pkey'"
        ).fetchall()
        for name, _ in indexes:
            connection.execute(f"drop index public.{name}".encode())
        for number, length in enumerate(lengths):
            channel = new_id()
            connection.execute(
                "insert into public.channels (id, workspace_id, kind, name, last_seq, last_post_seq, rev)"
                " values (%s, %s, 'public', %s, %s, %s, %s)",
                [channel, workspace, f"channel-{number}", length, length, length],
            )
            connection.execute(FILL, {"channel": channel, "people": people, "count": PEOPLE, "length": length})
        connection.execute(
            "insert into public.channel_members (channel_id, user_id, read_seq)"
            " select c.id, u.id, greatest(c.last_seq - 20, 0) from public.channels c cross join public.users u"
        )
        for _, definition in indexes:
            connection.execute(definition.encode())
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")


async def report(url: str) -> None:
    """Measure, and print the table."""
    backend = make_backend(Database.at(url))
    async with backend.database.session() as session:
        query = text("select id, workspace_id, last_seq from public.channels order by last_seq desc, id")
        channels: list[tuple[UUID, UUID, int]] = [tuple(row) for row in await session.execute(query)]
        people = list(await session.scalars(text("select id from public.users limit 500")))
        size = await session.scalar(text("select pg_size_pretty(pg_total_relation_size('public.chat'))"))
    say(f"{sum(length for *_, length in channels):,} messages, {size} with their indexes")
    say(HEADINGS)
    for name, step in _steps(backend, channels, people).items():
        say(await measure(name, step))
    await backend.hub.close()
    await backend.database.close()


def _steps(
    backend: Backend, channels: list[tuple[UUID, UUID, int]], people: list[UUID]
) -> dict[str, Callable[[], Awaitable[object]]]:
    chance = random.Random(1)
    (largest, workspace, length), others = channels[0], [channel for channel, *_ in channels[1:]]
    actor = Actor(people[0])
    backend.hub.connect("tab", actor)

    async def open_one(channel: UUID, since: int = 0, to: object = None) -> None:
        await open_channel(backend, actor=actor, socket_id="tab", channel_id=channel, since_rev=since, to=to)

    def anywhere() -> int:
        return chance.randrange(100, length)

    async def message_anywhere() -> str:
        op = await read_older(backend, actor=actor, channel_id=largest, before_seq=anywhere())
        return str(op["ms"][0]["id"])

    known = list[str]()

    async def permalink() -> None:
        if len(known) < 100:
            known.append(await message_anywhere())
        await read_around(backend, actor=actor, channel_id=largest, to={"m": chance.choice(known)})

    async def date() -> None:
        moment = datetime.now(UTC) - timedelta(seconds=SECONDS_APART * anywhere())
        await read_around(backend, actor=actor, channel_id=largest, to={"at": int(moment.timestamp() * 1000)})

    rooms = [workspace_room(workspace), *(channel_room(channel) for channel, *_ in channels)]
    rooms += [user_room(person) for person in people]
    return {
        "open the largest channel": lambda: open_one(largest),
        "open any other channel": lambda: open_one(chance.choice(others)),
        "open it again, nothing new": lambda: open_one(largest, since=length),
        "open it again, 100 new": lambda: open_one(largest, since=length - 100),
        "a page in the middle, before": lambda: read_older(
            backend, actor=actor, channel_id=largest, before_seq=anywhere()
        ),
        "a page in the middle, after": lambda: read_newer(
            backend, actor=actor, channel_id=largest, after_seq=anywhere()
        ),
        "around a message": permalink,
        "around a moment": date,
        "come into the workspace, 101 channels": lambda: enter_workspace(
            backend, actor=actor, socket_id="tab", workspace_id=workspace
        ),
        f"heads of {len(rooms)} rooms": lambda: read_heads(backend, rooms),
    }


def main() -> None:
    """Fill where nothing is yet, and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=10_000_000, help="(default: %(default)s, about 7 GB)")
    parser.add_argument("--data", type=Path, help="a folder to keep what was filled in")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="confab-long-") as folder:
        data = options.data or Path(folder)
        data.mkdir(parents=True, exist_ok=True)
        Path(folder).chmod(0o711)
        with ensure_running(data) as embedded:
            migrate(embedded.url)
            with psycopg.connect(embedded.url) as connection:
                is_empty = connection.execute("select not exists (select from public.chat)").fetchone() == (True,)
            if is_empty:
                began = time.perf_counter()
                fill(embedded.url, options.messages)
                sys.stderr.write(f"filled in {time.perf_counter() - began:.0f} s\n")
            asyncio.run(report(embedded.url))


if __name__ == "__main__":
    main()
