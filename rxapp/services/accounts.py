"""Coming and going: registration, log-in, log-out."""

from dataclasses import dataclass

from sqlalchemy import func, select, update

from db.models import Account, Session, User
from rxapp.actor import Actor
from rxapp.auth.identity import check_email
from rxapp.auth.identity import reset_password as set_password
from rxapp.auth.registration import Admission, is_empty, register
from rxapp.auth.sessions import OpenedSession, open_session
from rxapp.live.allowances import LOG_IN, REGISTER
from rxapp.services.backend import Backend
from rxapp.services.installation import admit_to_first_workspace
from rxapp.services.invitations import accept_invitation
from rxapp.services.text import check_name
from rxapp.services.workspaces import create_workspace


@dataclass(frozen=True, slots=True)
class Device:
    """What is remembered of the browser that signs in."""

    address: str
    agent: str
    lifetime_days: int


async def create_account(
    backend: Backend,
    *,
    device: Device,
    name: object,
    email: str,
    password: str,
    workspace: object = "",
    admission: Admission,
) -> OpenedSession:
    """Register and sign in. The first account also makes the first workspace, others come into one: the link's, or the
    oldest where registration is open.

    Raises EMPTY, TOO_LONG, INVALID_TEXT, TOO_MANY_REQUESTS and what `register` raises.
    """
    await backend.limits.take(REGISTER, device.address)
    checked = check_name(name, field="name")
    first = await is_empty(backend.database)
    if first:
        workspace = check_name(workspace, field="workspace")
    user_id = await register(
        backend.database,
        backend.identity,
        name=checked,
        email=email,
        password=password,
        admission=admission,
    )
    actor = Actor(user_id)
    if first:
        await create_workspace(backend, actor=actor, name=workspace)
    elif admission.invitation:
        await accept_invitation(backend, actor=actor, token=admission.invitation)
    else:
        await admit_to_first_workspace(backend, actor=actor)
    return await _sign_in(backend, actor, device)


async def log_in(backend: Backend, *, device: Device, email: str, password: str) -> OpenedSession:
    """Sign in on one device. Raises WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS, TOO_MANY_REQUESTS."""
    await backend.limits.take(LOG_IN, device.address)
    user_id = await backend.identity.prove(email=email, password=password, address=device.address)
    return await _sign_in(backend, Actor(user_id), device)


async def log_out(backend: Backend, *, actor: Actor) -> None:
    """End the actor's session and close its sockets on all tabs."""
    if actor.session_id is None:
        return
    async with backend.database.transaction() as session:
        await session.execute(
            update(Session)
            .where(Session.id == actor.session_id, Session.revoked_at.is_(None))
            .values(revoked_at=func.now())
        )
    await backend.hub.close_session(actor.session_id)


async def reset_password(backend: Backend, *, email: str, password: str) -> None:
    """Set a new password for an operator on the machine, and sign the person out everywhere.

    A server in another process closes their sockets with its next heads. Raises EMAIL_INVALID, NOT_FOUND for an unknown
    address, WEAK_PASSWORD, PASSWORD_TOO_LONG.
    """
    user_id = await set_password(backend.database, email=check_email(email), password=password)
    await backend.hub.close_user(user_id)


async def describe_self(backend: Backend, *, actor: Actor) -> dict[str, str]:
    """What a person may know of their own account."""
    async with backend.database.session() as session:
        name, email = (
            await session.execute(
                select(User.display_name, Account.email)
                .join(Account, Account.user_id == User.id)
                .where(User.id == actor.user_id)
            )
        ).one()
    return {"id": str(actor.user_id), "name": name, "email": email}


async def _sign_in(backend: Backend, actor: Actor, device: Device) -> OpenedSession:
    return await open_session(
        backend.database,
        user_id=actor.user_id,
        lifetime_days=device.lifetime_days,
        address=device.address,
        agent=device.agent,
    )
