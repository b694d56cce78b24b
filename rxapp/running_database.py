"""The installation's database, running and at the schema that this code knows."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

import psycopg

from db.embedded import ensure_running
from db.migrate import migrate
from db.url import libpq_url
from rxapp.data_folder import prepare_data_folder
from rxapp.settings import Settings


@contextmanager
def reachable_database(settings: Settings) -> Generator[str]:
    """The address of the database, started first when it is the embedded one; raises OperatorError."""
    prepare_data_folder(settings.data_dir)
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    with ensure_running(settings.data_dir) as embedded:
        yield embedded.url


@contextmanager
def migrated_database(settings: Settings, say: Callable[[str], None]) -> Generator[str]:
    """The same, with every migration applied: what a command that works on the data starts with."""
    with reachable_database(settings) as url:
        migrate(url, say=say)
        yield url


def connection_limit(url: str) -> int:
    """How many connections the database takes in all."""
    with psycopg.connect(libpq_url(url)) as connection:
        found = connection.execute("show max_connections").fetchone()
    return int(found[0]) if found else 0
