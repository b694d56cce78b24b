"""Row-level security: what Supabase's API shows, and to whom. The app itself connects as the owner."""

from uuid import UUID

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from db.engine import Database
from tests.foundation.team import Team, make_team, read_as

TABLES = ("users", "workspaces", "members", "channels", "channel_members", "shared_channels", "chat", "emojis")
# In schemas of ours: every kind of table, views too, which would read past the policies of what they show.
UNGUARDED = """
select c.oid::regclass::text from pg_class c
where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
  and (c.relkind in ('r', 'p') and not c.relrowsecurity
    or c.relkind = 'v' and not coalesce('security_invoker=true' = any (c.reloptions), false)
    or c.relkind in ('m', 'f'))
"""
# Any column counts: has_any_column_privilege is true for a grant on the table as well.
GRANTED = """
select r.role || ' ' || p.privilege || ' ' || c.oid::regclass
from pg_class c
cross join unnest(array['anon', 'authenticated', 'public']) as r (role)
cross join unnest(array['select', 'insert', 'update', 'references']) as p (privilege)
where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and has_any_column_privilege(r.role, c.oid, p.privilege)
union all
select r.role || ' ' || p.privilege || ' ' || c.oid::regclass
from pg_class c
cross join unnest(array['anon', 'authenticated', 'public']) as r (role)
cross join unnest(array['delete', 'truncate', 'trigger']) as p (privilege)
where c.relnamespace in ('public'::regnamespace, 'private'::regnamespace) and c.relkind in ('r', 'p', 'v', 'm', 'f')
  and has_table_privilege(r.role, c.oid, p.privilege)
"""
EXECUTABLE = """
select r.role || ' ' || f.proname from pg_proc f
cross join unnest(array['anon', 'authenticated', 'service_role', 'public']) as r (role)
where f.pronamespace = 'private'::regnamespace and has_function_privilege(r.role, f.oid, 'execute')
"""


@pytest_asyncio.fixture
async def team(database: Database) -> Team:
    return await make_team(database)


async def scalars(database: Database, query: str) -> set[str]:
    async with database.session() as session:
        return set(await session.scalars(text(query)))


async def channels_of(database: Database, person: UUID | None) -> set[object]:
    return {channel for (channel,) in await read_as(database, person, "select channel_id from public.chat")}


async def test_every_table_has_row_level_security(database: Database) -> None:
    assert await scalars(database, UNGUARDED) == set()


async def test_nothing_is_granted_but_reading_what_policies_guard(database: Database) -> None:
    assert await scalars(database, GRANTED) == {f"authenticated select {table}" for table in TABLES}


async def test_a_table_of_a_later_migration_is_closed_until_it_says_otherwise(database: Database) -> None:
    before = await scalars(database, GRANTED)
    async with database.transaction() as session:
        await session.execute(text("create table public.later (id int)"))
        await session.execute(text("create table private.later (id int)"))
    assert await scalars(database, GRANTED) == before
    assert await scalars(database, UNGUARDED) == {"later", "private.later"}


async def test_private_functions_run_for_nobody_but_the_policies(database: Database) -> None:
    helpers = {"readable_workspaces", "readable_channels", "fellow_members"}
    assert await scalars(database, EXECUTABLE) == {f"authenticated {helper}" for helper in helpers}
    async with database.session() as session:
        named = await session.scalar(text("select has_schema_privilege('authenticated', 'private', 'usage')"))
    assert named is False


async def test_members_read_public_channels_and_private_ones_they_are_in(database: Database, team: Team) -> None:
    assert await channels_of(database, team.ada) == {team.general}
    assert await channels_of(database, team.bob) == {team.general, team.secret, team.direct}


@pytest.mark.parametrize("table", TABLES)
async def test_outsiders_former_members_and_guests_read_nothing(database: Database, team: Team, table: str) -> None:
    own = {"users": [team.otto], "workspaces": [team.elsewhere], "members": [team.elsewhere]}
    key = {"members": "workspace_id", "channel_members": "channel_id", "shared_channels": "channel_id"}
    key |= {"emojis": "message_id"}
    query = f"select {key.get(table, 'id')} from public.{table}"
    assert await read_as(database, team.otto, query) == [(id_,) for id_ in own.get(table, [])]
    # Eve left: her own messages are the team's now.
    assert await read_as(database, team.eve, query) == []
    with pytest.raises(ProgrammingError, match="permission denied"):
        await read_as(database, None, query)


async def test_a_deactivated_person_reads_nothing(database: Database, team: Team) -> None:
    async with database.transaction() as session:
        await session.execute(text("update public.users set deactivated_at = now() where id = :bob"), {"bob": team.bob})
    for table in TABLES:
        assert await read_as(database, team.bob, f"select 1 from public.{table}") == []


async def test_a_deleted_workspace_is_read_by_nobody(database: Database, team: Team) -> None:
    async with database.transaction() as session:
        await session.execute(text("update public.workspaces set deleted_at = now()"))
    for table in TABLES:
        assert await read_as(database, team.bob, f"select 1 from public.{table}") == []


async def test_channels_people_and_reactions_follow_the_messages(database: Database, team: Team) -> None:
    assert await read_as(database, team.ada, "select id from public.channels") == [(team.general,)]
    assert await read_as(
        database, team.ada, "select m.channel_id from public.emojis join public.chat m on m.id = message_id"
    ) == [(team.general,)]
    in_general = await read_as(database, team.ada, "select user_id from public.channel_members")
    assert in_general == [(team.bob,)]
    # Eve has left but wrote what Ada may read.
    names = await read_as(database, team.ada, "select handle from public.users order by handle")
    assert names == [("ada",), ("bob",), ("eve",)]


@pytest.mark.parametrize(
    "query",
    [
        "select client_key from public.chat",
        "select deleted_by from public.chat",
        "select * from public.chat",
        "select read_seq from public.channel_members",
        "select 1 from public.channel_members where read_seq > 0",
        "select * from private.accounts",
        "select * from private.sessions",
        "select private.readable_channels()",
        "select * from auth.users",
        "insert into public.emojis (message_id, user_id, emoji) select id, author_id, 'x' from public.chat returning 1",
        "insert into public.members (workspace_id, user_id, role) values (gen_random_uuid(), auth.uid(), 'owner')",
        "update public.members set role = 'owner' returning 1",
        "update public.chat set source = 'x' returning 1",
        "delete from public.chat returning 1",
        "delete from public.channel_members returning 1",
        "truncate public.emojis",
    ],
)
async def test_what_is_not_for_others_is_refused(database: Database, team: Team, query: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        await read_as(database, team.bob, query)


async def test_only_tables_whose_rows_stay_are_published(database: Database) -> None:
    published = "select tablename::text from pg_publication_tables where pubname = 'supabase_realtime'"
    assert await scalars(database, published) == {"chat", "channels"}
