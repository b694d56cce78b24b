"""Registration: the first account owns the installation; after it people come by invitation."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.engine import Database
from db.models import Installation, Invitation, User, Workspace, new_id
from rxapp.auth.identity import Identity
from rxapp.auth.people import free_handle, hue_of
from rxapp.auth.tokens import hash_token
from rxapp.errors import ConfabError, ErrorCode

HANDLE_TRIES = 5


@dataclass(frozen=True, slots=True)
class Admission:
    """What a person brings to be let in; either may be empty."""

    invitation: str = ""
    setup: str = ""


async def is_empty(database: Database) -> bool:
    """Whether nobody owns this installation yet."""
    async with database.session() as session:
        return await session.scalar(select(Installation.owner_id)) is None


async def is_open(database: Database) -> bool:
    """Whether anybody may register without an invitation."""
    async with database.session() as session:
        return await session.scalar(select(Installation.registration)) == "open"


async def register(
    database: Database,
    identity: Identity,
    *,
    name: str,
    email: str,
    password: str,
    admission: Admission,
) -> UUID:
    """Create an account; the first one becomes the installation's owner.

    `name` was checked at the edge. Raises SETUP_LINK_REQUIRED, INVITATION_INVALID, REGISTRATION_CLOSED
    and what `Identity.prepare` and `Identity.create` raise.
    """
    async with database.session() as session:
        await _check_admission(session, admission)
    account = await identity.prepare(email=email, password=password, name=name)
    async with database.transaction() as session:
        # the lock makes two first registrations at once one owner and one refusal
        first = await _check_admission(session, admission, lock=True)
        user_id = await _make_user(session, name=name, called=name or email.split("@")[0])
        await identity.create(session, user_id, account)
        if first:
            await session.execute(update(Installation).values(owner_id=user_id, setup_token_hash=None))
    return user_id


async def _make_user(session: AsyncSession, *, name: str, called: str) -> UUID:
    """A person with a handle made of what they are called."""
    user_id = new_id()
    for tries_left in reversed(range(HANDLE_TRIES)):
        handle = await free_handle(session, called)
        try:
            async with session.begin_nested():
                session.add(User(id=user_id, handle=handle, display_name=name, hue=hue_of(user_id)))
        except IntegrityError:
            # somebody took the handle just now
            if not tries_left:
                raise
        else:
            return user_id
    raise AssertionError("the last try returns or raises")


async def _check_admission(session: AsyncSession, admission: Admission, *, lock: bool = False) -> bool:
    """Whether this is the first account; raises when the person may not come in."""
    query = select(Installation)
    installation = (await session.scalars(query.with_for_update() if lock else query)).one()
    if installation.owner_id is None:
        wanted = installation.setup_token_hash
        if wanted is not None and hash_token(admission.setup) != wanted:
            raise ConfabError(ErrorCode.SETUP_LINK_REQUIRED)
        return True
    if admission.invitation:
        if not await _is_valid(session, admission.invitation):
            raise ConfabError(ErrorCode.INVITATION_INVALID)
    elif installation.registration != "open":
        raise ConfabError(ErrorCode.REGISTRATION_CLOSED)
    return False


async def _is_valid(session: AsyncSession, token: str) -> bool:
    query = (
        select(Invitation.id)
        .join(Workspace, Workspace.id == Invitation.workspace_id)
        .where(
            Invitation.token_hash == hash_token(token),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > func.now(),
            Workspace.deleted_at.is_(None),
        )
    )
    return await session.scalar(query) is not None
