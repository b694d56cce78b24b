"""`/api/accounts`: registration."""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from rxapp.api.request import ThisBackend, ThisDevice, set_session_cookie
from rxapp.auth.registration import Admission
from rxapp.services.accounts import create_account

router = APIRouter(prefix="/accounts", tags=["accounts"])


class NewAccount(BaseModel):
    """A person who comes; `invitation` or `setup` is the token of the link that lets them in."""

    name: str
    email: str
    password: str
    workspace: str = ""
    invitation: str = ""
    setup: str = ""


@router.post("", status_code=204)
async def create(
    body: NewAccount, request: Request, response: Response, device: ThisDevice, backend: ThisBackend
) -> None:
    """Register and log in; the session comes as a cookie."""
    opened = await create_account(
        backend,
        device=device,
        name=body.name,
        email=body.email,
        password=body.password,
        workspace=body.workspace,
        admission=Admission(invitation=body.invitation, setup=body.setup),
    )
    set_session_cookie(request, response, opened.token)
