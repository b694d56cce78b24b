"""Passwords: argon2id, made and checked off the event loop, and a strength check."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from rxapp.errors import ConfabError, ErrorCode

PASSWORD_MIN_CHARACTERS = 8
# A bound for the hash's and the check's work; nobody types more.
PASSWORD_MAX_CHARACTERS = 256
# zxcvbn's work grows with the square of the length; its verdict is settled by then.
STRENGTH_CHECK_CHARACTERS = 72
# 0 to 4; 2 resists 10^6 guesses, 3 resists 10^8 (zxcvbn's scale)
STRENGTH_MIN_SCORE = 2

# A few at a time: each takes 64 MiB and a core for some 50 ms.
AT_ONCE = 4
_hasher = PasswordHasher()
_slots = asyncio.Semaphore(AT_ONCE)


def check_strength(password: str, *, about: list[str]) -> None:
    """Refuse a password that is quickly guessed.

    `about` holds words that make a password weak for this person: name and address.
    """
    if len(password) > PASSWORD_MAX_CHARACTERS:
        raise ConfabError(ErrorCode.PASSWORD_TOO_LONG, limit=PASSWORD_MAX_CHARACTERS)
    if len(password) < PASSWORD_MIN_CHARACTERS:
        raise ConfabError(ErrorCode.WEAK_PASSWORD, minimum=PASSWORD_MIN_CHARACTERS)
    verdict = zxcvbn(password[:STRENGTH_CHECK_CHARACTERS], user_inputs=about)
    if verdict["score"] < STRENGTH_MIN_SCORE:
        raise ConfabError(ErrorCode.WEAK_PASSWORD, minimum=PASSWORD_MIN_CHARACTERS)


@asynccontextmanager
async def hashing_slot() -> AsyncGenerator[None]:
    """Wait for one's turn to check a password: what is counted within it is counted before the next ones begin."""
    async with _slots:
        yield


async def hash_password(password: str) -> str:
    """The argon2id hash to store, with its parameters and salt."""
    async with _slots:
        return await asyncio.to_thread(_hasher.hash, password.encode("utf-8", "replace"))


async def verify_password(password: str, password_hash: str | None) -> bool:
    """Whether they match, within a `hashing_slot`. Without a hash the same time is spent and the answer is no."""
    return await asyncio.to_thread(_verify, password, password_hash)


def _verify(password: str, password_hash: str | None) -> bool:
    known = password_hash or _decoy()
    try:
        _hasher.verify(known, password[:PASSWORD_MAX_CHARACTERS].encode("utf-8", "replace"))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None and len(password) <= PASSWORD_MAX_CHARACTERS


@cache
def _decoy() -> str:
    return _hasher.hash("there is no such account")
