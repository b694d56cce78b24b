"""A database with a great deal of talk in it, written by the database itself."""

import json
import random
import time
from pathlib import Path
from uuid import UUID

import psycopg
from psycopg import sql

from db.embedded import ensure_running
from db.migrate import migrate
from rxapp.markup import RENDER_VERSION, render
from rxapp.operator_error import OperatorError
from tests.load.fanout import say
from tests.load.plan import Plan
from tests.load.talk import WORDS
from tests.load.town import Person, Town, found_town

CHANNELS = 50
PEOPLE = 50
TEXTS = 500
MOST_WORDS = 40
BATCH_MESSAGES = 500_000
YEARS = 2
UUIDV7_VERSION = 180000
_NOTE = "town.json"

# Every second message is said in the first channel, the others by turns in all others: what stands side by side in a
# channel lies apart on the disk, as it does in life.
_INSERT = """
insert into public.chat (id, channel_id, author_id, seq, rev, client_key, source, html, render_version, created_at)
select
  {id}, channels.id, people.id, said.seq, said.seq, gen_random_uuid(), texts.source, texts.html, %(version)s, said.at
from (
  select i, case when i %% 2 = 0 then 0 else 1 + (i / 2) %% %(others)s end as channel,
    case when i %% 2 = 0 then i / 2 + 1 else i / 2 / %(others)s + 1 end as seq,
    now() - make_interval(years => %(years)s) * (1 - i::float8 / %(total)s) as at
  from generate_series(%(first)s::bigint, %(last)s::bigint) as i
) as said
join unnest(%(channels)s::uuid[]) with ordinality as channels (id, number) on channels.number = said.channel + 1
join unnest(%(people)s::uuid[]) with ordinality as people (id, number)
  on people.number = said.i * 7919 %% %(everybody)s + 1
join bulk_texts as texts on texts.number = said.i * 104729 %% %(texts)s
"""


def fill(folder: Path, messages: int) -> tuple[Town, float]:
    """Have so many messages in the database of a folder; gives the town, and the seconds that it took.

    What a run before has left there is taken as it is.
    """
    note = folder / _NOTE
    with ensure_running(folder / "data") as database:
        if note.exists():
            return _found_again(note, database.url, messages), 0.0
        began = time.perf_counter()
        migrate(database.url)
        town = found_town(database.url, Plan(tabs=PEOPLE, channels=CHANNELS, history=0, quiet_history=0))
        with psycopg.connect(database.url, autocommit=True) as connection:
            _write(connection, town, messages)
        seconds = round(time.perf_counter() - began, 1)
    people = [[str(person.id), person.token] for person in town.people]
    channels = [str(channel) for channel in town.channels]
    said = {"messages": messages, "workspace": str(town.workspace), "channels": channels, "people": people}
    note.write_text(json.dumps(said))
    return town, seconds


def _found_again(note: Path, url: str, messages: int) -> Town:
    said = json.loads(note.read_text())
    if said["messages"] != messages:
        raise OperatorError(
            f"expected {messages} messages in {note.parent}, found {said['messages']}: take another folder"
        )
    with psycopg.connect(url) as connection:
        connection.execute("update private.sessions set expires_at = now() + interval '1 day'")
    people = [Person(UUID(id_), token) for id_, token in said["people"]]
    return Town(UUID(said["workspace"]), [UUID(channel) for channel in said["channels"]], people)


def _write(connection: psycopg.Connection, town: Town, messages: int) -> None:
    """Without the indexes, which are made anew at the end, and without asking of each row whether its author exists."""
    connection.execute("set session_replication_role = replica")
    connection.execute("set synchronous_commit = off")
    connection.execute("set maintenance_work_mem = '512MB'")
    _write_texts(connection)
    indexes = connection.execute(
        "select indexrelid::regclass::text, pg_get_indexdef(indexrelid) from pg_index "
        "where indrelid = 'public.chat'::regclass and not indisprimary"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(sql.SQL("drop index {}").format(sql.SQL(name)))
    id_ = "uuidv7(said.at - now())" if connection.info.server_version >= UUIDV7_VERSION else "gen_random_uuid()"
    for first in range(0, messages, BATCH_MESSAGES):
        say(f"{first} of {messages} messages")
        connection.execute(
            _INSERT.format(id=id_).encode(),
            {
                "first": first, "last": min(first + BATCH_MESSAGES, messages) - 1, "total": messages, "years": YEARS,
                "channels": town.channels, "others": len(town.channels) - 1, "texts": TEXTS, "version": RENDER_VERSION,
                "people": [person.id for person in town.people], "everybody": len(town.people),
            },
        )  # fmt: skip
    say("indexes")
    for _, definition in indexes:
        connection.execute(sql.SQL(definition))
    connection.execute(
        "update public.channels c set last_seq = said.seq, last_post_seq = said.seq, rev = said.seq "
        "from (select channel_id, max(seq) as seq from public.chat group by channel_id) said "
        "where said.channel_id = c.id"
    )
    connection.execute(
        "update public.channel_members m set read_seq = c.last_seq from public.channels c where c.id = m.channel_id"
    )
    connection.execute("vacuum (analyze) public.chat")
    connection.execute("checkpoint")


def _write_texts(connection: psycopg.Connection) -> None:
    chance = random.Random(1)
    connection.execute("create temporary table bulk_texts (number bigint primary key, source text, html text)")
    with connection.cursor() as cursor, cursor.copy("copy bulk_texts from stdin") as copy:
        for number in range(TEXTS):
            source = " ".join(chance.choices(WORDS, k=chance.randint(1, MOST_WORDS)))
            copy.write_row((number, source, render(source).html))
    connection.execute("analyze bulk_texts")
