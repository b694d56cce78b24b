"""`/api/session`: logging in and out."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from rxapp.api.request import SignedIn, ThisBackend, ThisDevice, set_session_cookie
from rxapp.auth.sessions import COOKIE_NAME
from rxapp.services.accounts import describe_self, log_in, log_out

router = APIRouter(prefix="/session", tags=["session"])


class LogIn(BaseModel):
    """An email address and a password."""

    email: str
    password: str


@router.get("")
async def read(actor: SignedIn, backend: ThisBackend) -> dict[str, str]:
    """Who one is: id, name, email."""
    return await describe_self(backend, actor=actor)


@router.post("", status_code=204)
async def create(body: LogIn, request: Request, response: Response, device: ThisDevice, backend: ThisBackend) -> None:
    """Log in; the session comes as a cookie."""
    opened = await log_in(backend, device=device, email=body.email, password=body.password)
    set_session_cookie(request, response, opened.token)


@router.delete("", status_code=204)
async def delete(response: Response, actor: SignedIn, backend: ThisBackend) -> None:
    """Log out: this session ends on all its tabs."""
    await log_out(backend, actor=actor)
    response.delete_cookie(COOKIE_NAME, path="/")
