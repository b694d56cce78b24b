"""The API application: its resources, and how a refusal is said."""

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from rxapp.api import (
    accounts,
    channels,
    drafts,
    emoji,
    installation,
    invitations,
    members,
    messages,
    names,
    places,
    sessions,
)
from rxapp.api.request import refuse_foreign_origin
from rxapp.errors import ConfabError, ErrorCode, not_found
from rxapp.observability.metrics import refused
from rxapp.texts import sentence

RESOURCES = (
    installation.router,
    sessions.router,
    accounts.router,
    invitations.router,
    members.router,
    messages.router,
    drafts.router,
    places.router,
    emoji.router,
    names.router,
    channels.router,
)

SECONDS_PER_MINUTE = 60
EVERY_METHOD = ("GET", "POST", "PUT", "PATCH", "DELETE")


def make_api() -> FastAPI:
    """The routes under /api. Every write has to come from our own page."""
    api = FastAPI(title="Confab", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    root = APIRouter(prefix="/api", dependencies=[Depends(refuse_foreign_origin)])
    for router in RESOURCES:
        root.include_router(router)
    for path in ("", "/{path:path}"):
        root.add_api_route(path, _no_such_route, methods=list(EVERY_METHOD), include_in_schema=False)
    api.include_router(root)
    api.add_exception_handler(ConfabError, _refused)
    api.add_exception_handler(RequestValidationError, _unreadable)
    api.add_exception_handler(HTTPException, _refused_by_framework)
    return api


async def _no_such_route() -> None:
    raise not_found()


async def _refused(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, ConfabError):
        raise error
    return refusal(error)


async def _unreadable(_: Request, error: Exception) -> JSONResponse:
    field = ""
    if isinstance(error, RequestValidationError) and error.errors():
        field = ".".join(str(part) for part in error.errors()[0]["loc"][1:])
    return refusal(ConfabError(ErrorCode.INVALID_REQUEST, field=field or "body"))


async def _refused_by_framework(_: Request, error: Exception) -> JSONResponse:
    """What FastAPI refuses by itself: a method that no route has, a body that is no JSON at all."""
    if isinstance(error, HTTPException) and error.status_code in (404, 405):
        return refusal(not_found())
    return refusal(ConfabError(ErrorCode.INVALID_REQUEST, field="body"))


def refusal(error: ConfabError) -> JSONResponse:
    """The answer for a refusal: a code for programs and a sentence for people."""
    refused(error.code.value)
    message = sentence(f"error.{error.code}", **error.parameters)
    body = {"error": {"code": error.code.value, "parameters": error.parameters, "message": message}}
    return JSONResponse(body, status_code=error.http_status, headers=patience(error))


def patience(error: ConfabError) -> dict[str, str]:
    """When to try again, where waiting helps."""
    match error.code:
        case ErrorCode.TOO_MANY_REQUESTS:
            return {"retry-after": str(error.parameters["seconds"])}
        case ErrorCode.TOO_MANY_ATTEMPTS:
            return {"retry-after": str(int(error.parameters["minutes"]) * SECONDS_PER_MINUTE)}
    return {}
