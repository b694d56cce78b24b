"""Work of a command on the services, in its own process; a server may be running beside it."""

import asyncio
from collections.abc import Awaitable, Callable

from db.engine import Database
from rxapp.cli.command import say
from rxapp.errors import ConfabError, ErrorCode
from rxapp.operator_error import OperatorError
from rxapp.running_database import migrated_database
from rxapp.services.backend import Backend, make_backend
from rxapp.settings import Settings

POOL_CONNECTIONS = 2


def on_backend(settings: Settings, work: Callable[[Backend], Awaitable[None]]) -> None:
    """Run the work on the installation's database, migrated first. Raises OperatorError and what the work raises."""
    with migrated_database(settings, say) as url:
        try:
            asyncio.run(_run(url, work))
        except ConfabError as error:
            if error.code is not ErrorCode.UNAVAILABLE:
                raise
            reason = str(getattr(error.__cause__, "orig", error)).strip().partition("\n")[0].rstrip(".")
            raise OperatorError(
                f"The database was lost on the way: {reason}. What was committed stays; run the command again."
            ) from error


async def _run(url: str, work: Callable[[Backend], Awaitable[None]]) -> None:
    database = Database.at(url, pool_size=POOL_CONNECTIONS)
    try:
        await work(make_backend(database))
    finally:
        await database.close()
