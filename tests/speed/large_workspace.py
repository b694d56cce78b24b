"""A workspace of 10,000 members and 1,000 channels, written straight into the database."""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from db.engine import Database
from db.models import new_id
from rxapp.auth.passwords import hash_password

MEMBERS, CHANNELS, CONVERSATIONS = 10_000, 1_000, 20
EMAIL, PASSWORD = "{name}@example.org", "a long enough password"

# Everybody is in the first channel, and in twenty others or so; it is the one in which most is said.
WRITE = """
    insert into public.workspaces (id, name) values (:workspace, 'Large');
    insert into public.users (id, handle, display_name)
        select gen_random_uuid(), 'member-' || n, 'Member ' || n from generate_series(1, :members) n;
    insert into public.members (workspace_id, user_id, role)
        select :workspace, id, 'member' from public.users where handle like 'member-%';
    insert into public.channels (id, workspace_id, kind, name, topic, last_seq, last_post_seq, rev)
        select case n when 0 then :first else gen_random_uuid() end, :workspace, 'public', 'channel-' || n,
            'What belongs into channel ' || n, 50, 50, 50 from generate_series(0, :channels - 1) n;
    update public.channels set last_seq = 10000, last_post_seq = 10000, rev = 10000 where id = :first;
    insert into public.channel_members (channel_id, user_id, read_seq)
        select c.id, u.id, 40 from public.users u cross join public.channels c
        where u.handle like 'member-%' and (c.id = :first
            or (hashtext(u.handle || c.name) & 2147483647) % :channels < 20) on conflict do nothing;
    insert into public.chat (id, channel_id, author_id, seq, rev, client_key, source, html, render_version)
        select uuidv7(), c.id, u.id, n, n, gen_random_uuid(), 'Said ' || n, '<p>Said ' || n || '</p>', 1
        from public.channels c cross join generate_series(1, c.last_seq) n
        join (select id, row_number() over (order by handle) as number from public.users where handle like 'member-%') u
            on u.number = 1 + (n * 7919 + hashtext(c.name) & 2147483647) % :members;
    analyze
"""
WRITE_PERSON = """
    insert into public.users (id, handle, display_name) values (:id, :name, initcap(:name));
    insert into private.accounts (user_id, email, password_hash) values (:id, :email, :hash);
    insert into public.members (workspace_id, user_id, role) values (:workspace, :id, 'member');
    insert into public.channel_members (channel_id, user_id, read_seq)
        select id, :id, 30 from public.channels where workspace_id = :workspace
        order by length(name), name limit :seats;
    insert into public.channels (id, workspace_id, kind, direct_key, last_seq, last_post_seq, rev)
        select gen_random_uuid(), :workspace, 'direct', least(u.id::text, :text) || ',' || greatest(u.id::text, :text),
            1, 1, 1 from public.users u where u.handle like 'member-%' order by u.handle limit :conversations;
    insert into public.channel_members (channel_id, user_id)
        select c.id, cast(one as uuid) from public.channels c cross join string_to_table(c.direct_key, ',') one
        where c.direct_key like '%' || :text || '%';
    insert into public.chat (id, channel_id, author_id, seq, rev, client_key, source, html, render_version)
        select uuidv7(), id, :id, 1, 1, gen_random_uuid(), 'Hello', '<p>Hello</p>', 1
        from public.channels where direct_key like '%' || :text || '%';
    analyze
"""


@dataclass(frozen=True, slots=True)
class LargeWorkspace:
    """The workspace and its first channel."""

    id: UUID
    first: UUID


async def write_workspace(database: Database) -> LargeWorkspace:
    """Write it with its members and what they said."""
    made = LargeWorkspace(new_id(), new_id())
    values = {"workspace": made.id, "first": made.first, "members": MEMBERS, "channels": CHANNELS}
    await _run(database, WRITE, values)
    return made


async def write_person(database: Database, workspace: LargeWorkspace, name: str, *, seats: int) -> UUID:
    """Somebody who can log in, in so many of its channels and twenty conversations."""
    key = new_id()
    values = {
        "id": key, "text": str(key), "name": name, "email": EMAIL.format(name=name),
        "hash": await hash_password(PASSWORD), "workspace": workspace.id, "seats": seats,
        "conversations": CONVERSATIONS,
    }  # fmt: skip
    await _run(database, WRITE_PERSON, values)
    return key


async def _run(database: Database, script: str, values: dict[str, object]) -> None:
    async with database.transaction() as session:
        for statement in script.split(";"):
            asked = set(re.findall(r"(?<!:):(\w+)", statement))
            await session.execute(text(statement), {name: values[name] for name in asked})
