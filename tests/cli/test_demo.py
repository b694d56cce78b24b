"""`demo`: a workspace full of people and talk."""

import re
from collections.abc import Sequence

import pytest
from sqlalchemy import text

from db.engine import Database
from rxapp.demo.cast import CAST
from rxapp.demo.places import PLACES
from rxapp.services.accounts import log_in
from rxapp.services.backend import Backend
from tests.cli.conftest import DEVICE, Run

MESSAGES = 300
PASSWORD = "gravel window otter"

TALK = """
select count(*) between 250 and 350, count(distinct chat.author_id) > 10,
    min(chat.created_at) > now() - interval '43 days', max(chat.created_at) <= now(),
    max(chat.created_at) > now() - interval '5 days'
from public.chat join public.channels on channels.id = channel_id join public.workspaces on workspaces.id = workspace_id
where workspaces.name = 'Fernhill'
"""
NAMED = """
select channels.name || ' ' || kind from public.channels join public.workspaces on workspaces.id = workspace_id
where workspaces.name = 'Fernhill' and kind <> 'direct'
"""
UNREAD = """
select count(*) filter (where user_id = owner_id and read_seq < last_post_seq) > 0,
    count(*) filter (where user_id <> owner_id and read_seq < last_post_seq)
from private.installation, public.channel_members join public.channels on channels.id = channel_id
"""


async def rows(database: Database, query: str) -> Sequence[Sequence[object]]:
    async with database.session() as session:
        return [tuple(row) for row in await session.execute(text(query))]


async def test_a_company_moves_into_an_installation_that_has_an_owner(owned: Backend, run: Run) -> None:
    done = run("demo", "--messages", str(MESSAGES), "--password", PASSWORD)
    assert (done.returncode, done.stderr) == (0, "")
    assert await rows(owned.database, TALK) == [(True,) * 5]
    places = {f"{place.name} {'private' if place.private else 'public'}" for place in PLACES}
    assert {name for (name,) in await rows(owned.database, NAMED)} == places
    assert await rows(owned.database, UNREAD) == [(True, 0)]
    assert f"Fernhill has {len(CAST)} people" in done.stdout
    address = re.search(r"for example (\S+),", done.stdout)
    assert address and await log_in(owned, device=DEVICE, email=address.group(1), password=PASSWORD)
    again = run("demo", "--messages", str(MESSAGES))
    line = "confab: There is a workspace called Fernhill already: name another one with --workspace.\n"
    assert (again.returncode, again.stderr) == (1, line)


async def test_an_empty_installation_gets_its_first_account_too(backend: Backend, run: Run) -> None:
    done = run("demo", "--messages", "50", "--workspace", "Trial")
    assert (done.returncode, done.stderr) == (0, "")
    told = re.search(r"Sign in as (\S+) with the password (\S+):", done.stdout)
    assert told
    await log_in(backend, device=DEVICE, email=told.group(1), password=told.group(2))


@pytest.mark.parametrize("count", ["0", "-1", "many", "1e6", "99999999"])
def test_what_is_no_number_of_messages_is_refused(run: Run, count: str) -> None:
    done = run("demo", "--messages", count)
    assert done.returncode == 2
    assert f"'{count}' is no number from 1 to 20,000,000" in done.stderr
