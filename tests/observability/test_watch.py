"""The outermost wrapper: who may name a request, what is slow, what is counted."""

import asyncio
import logging
import re

import httpx
import pytest
from prometheus_client import REGISTRY
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rxapp.observability.circumstances import circumstances
from rxapp.observability.health import Health
from rxapp.observability.watch import Watch
from rxapp.settings import Settings

PROXY, SOMEBODY = "10.1.2.3", "192.0.2.7"
NEW_ID = re.compile(r"[0-9a-f]{16}")


async def tell(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with who asked and how the request is called."""
    found = circumstances()
    assert found is not None
    client = Request(scope).client
    assert client is not None
    await PlainTextResponse(f"{client.host} {found.request_id}")(scope, receive, send)


async def fail(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers nothing."""
    raise RuntimeError("broken")


def watched(app: ASGIApp, **settings: object) -> Watch:
    made = Settings(_env_file=None, **{"TRUSTED_PROXIES": "10.0.0.0/8", **settings})  # type: ignore[arg-type]
    return Watch(app, settings=lambda: made, health=Health())


def asked_by(address: str, app: ASGIApp) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(address, 4711))
    return httpx.AsyncClient(transport=transport, base_url="http://confab.example")


async def test_a_trusted_proxy_names_a_request_and_who_sent_it() -> None:
    async with asked_by(PROXY, watched(tell)) as client:
        answer = await client.get("/", headers={"x-request-id": "edge-0815_a.b", "x-forwarded-for": SOMEBODY})
    assert answer.text == f"{SOMEBODY} edge-0815_a.b"
    assert answer.headers["x-request-id"] == "edge-0815_a.b"


@pytest.mark.parametrize("name", ["short", "x" * 129, "has space in it", "new\tline-0815", 'quote"quote', "ünïcödé-1"])
async def test_a_name_that_is_none_is_not_taken(name: str) -> None:
    async with asked_by(PROXY, watched(tell)) as client:
        answer = await client.get("/", headers=[(b"x-request-id", name.encode())])
    assert NEW_ID.fullmatch(answer.headers["x-request-id"])


async def test_nobody_else_names_a_request_or_says_who_sent_it() -> None:
    headers = {"x-request-id": "edge-0815_a.b", "x-forwarded-for": PROXY}
    async with asked_by(SOMEBODY, watched(tell)) as client:
        answer = await client.get("/", headers=headers)
    assert answer.text.startswith(f"{SOMEBODY} ")
    assert NEW_ID.fullmatch(answer.headers["x-request-id"])
    async with asked_by(PROXY, watched(tell, TRUSTED_PROXIES="")) as client:
        answer = await client.get("/", headers=headers)
    assert answer.text.startswith(f"{PROXY} ")
    assert NEW_ID.fullmatch(answer.headers["x-request-id"])


async def test_a_slow_request_is_said(caplog: pytest.LogCaptureFixture) -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.002)
        await tell(scope, receive, send)

    caplog.set_level(logging.DEBUG)
    async with asked_by(SOMEBODY, watched(slow, SLOW_REQUEST_MS=1)) as client:
        await client.get("/w/secret-place")
    (said,) = [record for record in caplog.records if record.name == "rxapp.observability.watch"]
    assert said.levelno == logging.WARNING
    assert said.getMessage().startswith("A request was slow: GET page: 200 in ")
    assert said.__dict__["duration_ms"] > 1
    caplog.clear()
    async with asked_by(SOMEBODY, watched(slow, SLOW_REQUEST_MS=0)) as client:
        await client.get("/")
    assert [record.levelno for record in caplog.records if record.name.startswith("rxapp")] == [logging.DEBUG]


async def test_what_fails_is_counted_as_an_error_of_the_server() -> None:
    def counted() -> float:
        labels = {"method": "GET", "route": "unmatched", "status": "500"}
        return REGISTRY.get_sample_value("confab_http_requests_total", labels) or 0.0

    before = counted(), REGISTRY.get_sample_value("confab_errors_total", {"kind": "request"}) or 0.0
    async with asked_by(SOMEBODY, watched(fail)) as client:
        with pytest.raises(RuntimeError, match="broken"):
            await client.get("/api/x")
    assert (counted() - before[0], REGISTRY.get_sample_value("confab_errors_total", {"kind": "request"})) == (
        1,
        before[1] + 1,
    )


async def test_a_worker_that_stops_is_alive_and_not_ready() -> None:
    async def works() -> bool:
        return True

    health = Health()
    health.add("database", works)
    watch = Watch(tell, settings=lambda: Settings(_env_file=None), health=health)
    async with asked_by(SOMEBODY, watch) as client:
        assert (await client.get("/health")).status_code == 200
        health.is_stopping = True
        answer = await client.get("/health")
        assert (answer.status_code, answer.json()) == (
            503,
            {"status": "not_ready", "parts": {"database": "ok", "serving": "stopping"}},
        )
        assert (await client.get("/health/live")).status_code == 200
        assert (await client.post("/health")).text.startswith(SOMEBODY)  # the app's: nothing here is written to
