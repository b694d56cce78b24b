"""Failed attempts: how often an account or an address may be wrong."""

import hashlib
from datetime import timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.models import Attempt
from rxapp.errors import ConfabError, ErrorCode

WINDOW_SECONDS = 15 * 60
ACCOUNT_ATTEMPTS_PER_WINDOW = 10
# An office shares one address.
ADDRESS_ATTEMPTS_PER_WINDOW = 100


def account_key(email: str) -> bytes:
    """The key that counts an account's failures; it exists for unknown accounts too."""
    return hashlib.sha256(f"account:{email.lower()}".encode("utf-8", "replace")).digest()


def address_key(address: str) -> bytes:
    """The key that counts an address's failures."""
    return hashlib.sha256(f"address:{address}".encode("utf-8", "replace")).digest()


async def check_attempts(session: AsyncSession, *, email: str, address: str) -> None:
    """Refuse when the account or the address was wrong too often."""
    await _check(session, account_key(email), ACCOUNT_ATTEMPTS_PER_WINDOW)
    await _check(session, address_key(address), ADDRESS_ATTEMPTS_PER_WINDOW)


async def record_failure(session: AsyncSession, *, email: str, address: str) -> None:
    """Count one failure, and forget those that no longer matter."""
    await session.execute(insert(Attempt), [{"key": account_key(email)}, {"key": address_key(address)}])
    horizon = func.now() - timedelta(seconds=WINDOW_SECONDS)
    await session.execute(delete(Attempt).where(Attempt.attempted_at < horizon))


async def forget_failures(session: AsyncSession, *, email: str) -> None:
    """A right password clears the account's failures; the address keeps its own."""
    await session.execute(delete(Attempt).where(Attempt.key == account_key(email)))


async def _check(session: AsyncSession, key: bytes, limit: int) -> None:
    horizon = func.now() - timedelta(seconds=WINDOW_SECONDS)
    count = await session.scalar(select(func.count()).where(Attempt.key == key, Attempt.attempted_at >= horizon))
    if (count or 0) >= limit:
        raise ConfabError(ErrorCode.TOO_MANY_ATTEMPTS, minutes=WINDOW_SECONDS // 60)
