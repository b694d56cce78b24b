"""The one-time set-up link: who may make the first account when the address is not loopback."""

import ipaddress

from sqlalchemy import select, update

from db.engine import Database
from db.models import Installation
from rxapp.auth.tokens import hash_token, new_token


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


async def setup_token(database: Database, *, host: str) -> str | None:
    """A fresh token to print as a link; None when none is needed.

    An installation that has an owner needs none. On loopback none is demanded; elsewhere each start
    before the first account makes a new one, so that an old log line opens nothing.
    """
    token = None if is_loopback(host) else new_token()
    async with database.transaction() as session:
        owner = await session.scalar(select(Installation.owner_id).with_for_update())
        if owner is not None:
            return None
        await session.execute(update(Installation).values(setup_token_hash=hash_token(token) if token else None))
    return token
