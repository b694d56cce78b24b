"""What only operators ask for, on a running server: health without a session, metrics with the token only."""

import re
from uuid import uuid4

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.access.server import METRICS_TOKEN, Server
from tests.access.tab import Tabs
from tests.team import Team

UUID_PATTERN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
BEARER = {"authorization": f"Bearer {METRICS_TOKEN}"}


async def figures(server: Server) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
    """Samples by name and labels."""
    async with server.client() as client:
        answer = await client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return found


@pytest.mark.parametrize("path", ["/health", "/health/ready"])
async def test_a_server_that_serves_is_ready_and_says_of_what_parts(server: Server, path: str) -> None:
    async with server.client(origin=None) as client:
        answer = await client.get(path)
    assert answer.status_code == 200
    parts = {"database": "ok", "migrations": "ok", "jobs": "ok", "serving": "ok"}
    assert answer.json() == {"status": "ready", "parts": parts}
    assert answer.headers["cache-control"] == "no-store"


async def test_a_process_that_answers_is_alive(server: Server) -> None:
    async with server.client(origin=None) as client:
        answer = await client.get("/health/live")
        assert (answer.status_code, answer.json()) == (200, {"status": "alive"})
        assert (await client.head("/health/live")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": f"Bearer {METRICS_TOKEN}x"},
        {"authorization": f"Basic {METRICS_TOKEN}"},
        {"authorization": METRICS_TOKEN},
        {"authorization": "Bearer"},
        {"x-forwarded-for": "127.0.0.1"},
    ],
)
async def test_metrics_look_absent_without_the_token(server: Server, headers: dict[str, str]) -> None:
    async with server.client() as client:
        forbidden = await client.get("/metrics", headers=headers)
        absent = await client.get("/metricz", headers=headers)
    assert (forbidden.status_code, forbidden.text) == (absent.status_code, absent.text) == (404, absent.text)
    assert "confab_" not in forbidden.text


async def test_a_session_opens_no_metrics(server: Server, team: Team) -> None:
    async with server.client((await server.sign_in(team.owner)).token) as client:
        assert (await client.get("/metrics")).status_code == 404


async def test_requests_are_counted_by_the_template_of_their_route(server: Server, team: Team) -> None:
    async with server.client((await server.sign_in(team.member)).token) as client:
        assert (await client.get(f"/api/channels/{team.general}/messages")).status_code == 200
        assert (await client.get(f"/api/{uuid4()}/{uuid4()}")).status_code == 404
        assert (await client.get(f"/{uuid4()}")).status_code == 404
        assert (await client.request("BREW", "/")).status_code in (404, 405)
    found = await figures(server)
    requests = found["confab_http_requests_total"]
    route = "/api/channels/{channel_id}/messages"
    assert requests[("method", "GET"), ("route", route), ("status", "200")] >= 1
    assert requests[("method", "GET"), ("route", "unmatched"), ("status", "404")] >= 1
    assert any(dict(labels)["method"] == "other" for labels in requests)
    assert found["confab_http_request_duration_seconds_count"][("method", "GET"), ("route", route)] >= 1
    assert found["confab_database_query_duration_seconds_count"][()] > 0
    assert found["confab_database_connections"][(("state", "in_use"),)] >= 0
    assert sum(found["confab_build_info"].values()) == 1
    for name, samples in found.items():
        assert not [labels for labels in samples if UUID_PATTERN.search(str(labels))], name


async def test_tabs_and_their_events_are_counted(server: Server, tabs: Tabs, team: Team) -> None:
    before = await figures(server)
    tab = await tabs.open((await server.sign_in(team.member)).token)
    await tab.send(
        "reflex___state____state.state___workspace____workspace_state.enter", {"workspace_id": str(team.workspace)}
    )
    await tab.settle()
    await tabs.open()
    after = await figures(server)
    signed_in, anonymous = (("person", "signed_in"),), (("person", "anonymous"),)
    assert after["confab_tabs"][signed_in] >= 1
    assert after["confab_tabs"][anonymous] >= 1
    entered = (("handler", "WorkspaceState.enter"),)
    counted = "confab_socket_event_duration_seconds_count"
    assert after[counted][entered] == before.get(counted, {}).get(entered, 0) + 1


async def test_a_request_has_an_id_that_nobody_outside_chooses(server: Server) -> None:
    async with server.client() as client:
        first = await client.get("/api/session", headers={"x-request-id": "chosen-by-somebody"})
        second = await client.get("/api/session")
    names = [answer.headers["x-request-id"] for answer in (first, second)]
    assert all(re.fullmatch(r"[0-9a-f]{16}", name) for name in names)
    assert names[0] != names[1]
