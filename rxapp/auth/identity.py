"""The adapter that says who somebody is. Local accounts today; the shape is that of any provider."""

from typing import Protocol
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.models import Account, Session, User
from rxapp.auth.attempts import check_attempts, forget_failures, record_failure
from rxapp.auth.passwords import check_strength, hash_password, hashing_slot, verify_password
from rxapp.errors import ConfabError, ErrorCode, not_found

EMAIL_MAX_CHARACTERS = 254


class Identity(Protocol):
    """Proof of who somebody is, whoever keeps the proof."""

    async def prove(self, *, email: str, password: str, address: str) -> UUID:
        """The person's id, or WRONG_CREDENTIALS, the same for unknown and wrong."""
        ...

    async def prepare(self, *, email: str, password: str, name: str) -> "NewAccount":
        """Check and make ready what a new account needs, before any transaction."""
        ...

    async def create(self, session: AsyncSession, user_id: UUID, account: "NewAccount") -> None:
        """Store the proof of a new person inside the caller's transaction."""
        ...


class NewAccount:
    """A checked address and a finished hash."""

    __slots__ = ("email", "password_hash")

    def __init__(self, email: str, password_hash: str) -> None:
        self.email = email
        self.password_hash = password_hash


class LocalIdentity:
    """Email and password in our own database, argon2id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prove(self, *, email: str, password: str, address: str) -> UUID:
        """See `Identity.prove`. Raises TOO_MANY_ATTEMPTS per account and per address."""
        email = email.strip()[:EMAIL_MAX_CHARACTERS].replace("\x00", "").encode("utf-8", "replace").decode()
        # Counted within one's turn: of guesses made at once, no more are checked than of guesses made one by one.
        async with hashing_slot():
            async with self._database.session() as session:
                await check_attempts(session, email=email, address=address)
                user_id, password_hash = await _proof_of(session, email)
            right = await verify_password(password, password_hash)
            async with self._database.transaction() as session:
                if right:
                    await forget_failures(session, email=email)
                else:
                    await record_failure(session, email=email, address=address)
        if not right or user_id is None:
            raise ConfabError(ErrorCode.WRONG_CREDENTIALS)
        return user_id

    async def prepare(self, *, email: str, password: str, name: str) -> NewAccount:
        """See `Identity.prepare`. Raises EMAIL_INVALID, WEAK_PASSWORD, PASSWORD_TOO_LONG."""
        checked = check_email(email)
        check_strength(password, about=[name, checked, checked.split("@")[0], "confab"])
        return NewAccount(checked, await hash_password(password))

    async def create(self, session: AsyncSession, user_id: UUID, account: NewAccount) -> None:
        """See `Identity.create`. Raises EMAIL_TAKEN."""
        taken = select(Account.user_id).where(_is_of(account.email))
        if await session.scalar(taken) is not None:
            raise ConfabError(ErrorCode.EMAIL_TAKEN)
        session.add(Account(user_id=user_id, email=account.email, password_hash=account.password_hash))
        await session.flush()


def _is_of(email: str) -> ColumnElement[bool]:
    """Whether an account has the address. The database compares: its small letters are those of the unique index."""
    return func.lower(Account.email) == func.lower(email)


async def _proof_of(session: AsyncSession, email: str) -> tuple[UUID | None, str | None]:
    found = (
        await session.execute(
            select(Account.user_id, Account.password_hash)
            .join(User, User.id == Account.user_id)
            .where(_is_of(email), User.deactivated_at.is_(None))
        )
    ).one_or_none()
    return (found.user_id, found.password_hash) if found else (None, None)


async def reset_password(database: Database, *, email: str, password: str) -> UUID:
    """Set a new password and end all sessions, for an operator on the machine; return whose.

    Raises NOT_FOUND for an unknown address, WEAK_PASSWORD, PASSWORD_TOO_LONG.
    """
    check_strength(password, about=[email, email.split("@")[0], "confab"])
    password_hash = await hash_password(password)
    async with database.transaction() as session:
        user_id: UUID | None = await session.scalar(
            update(Account)
            .where(_is_of(email.strip()))
            .values(password_hash=password_hash, password_changed_at=func.now())
            .returning(Account.user_id)
        )
        if user_id is None:
            raise not_found()
        await forget_failures(session, email=email.strip())
        # Whoever knew the old password is out at once, on every device.
        await session.execute(
            update(Session)
            .where(Session.user_id == user_id, Session.revoked_at.is_(None))
            .values(revoked_at=func.now())
        )
    return user_id


def check_email(email: str) -> str:
    """The address in its normal form, or EMAIL_INVALID. Nothing is looked up."""
    try:
        return validate_email(
            email.strip()[: EMAIL_MAX_CHARACTERS + 1],
            check_deliverability=False,
            test_environment=True,
        ).normalized
    except EmailNotValidError as error:
        raise ConfabError(ErrorCode.EMAIL_INVALID) from error
