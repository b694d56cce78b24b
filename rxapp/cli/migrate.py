"""`migrate`: bring the database to this version's schema."""

from argparse import Namespace

from db.migrate import migrate
from rxapp.cli.command import Command, say
from rxapp.running_database import reachable_database
from rxapp.settings import load_settings


def _run(_: Namespace) -> None:
    with reachable_database(load_settings()) as url:
        applied = migrate(url, say=say)
    say(f"Applied {len(applied)} migrations." if applied else "The database is up to date.")


COMMAND = Command("migrate", "Bring the database to the schema of this version; a start does this too.", _run)
