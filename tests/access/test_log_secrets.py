"""Whatever is sent to a running server, its log has none of it, at its most talkative."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from tests.access.server import METRICS_TOKEN, Server
from tests.access.tab import Tabs
from tests.access.test_handlers import CHANNEL, MATRIX, WORKSPACE, registered
from tests.access.test_routes import RULES, make_ground
from tests.hostile import TEXTS, VALUES
from tests.team import Team

QUOTED = ["script", "nul", "lone surrogate", "format", "sql"]


def poisoned(value: object, words: str) -> Any:
    """The same with every text in it replaced."""
    if isinstance(value, dict):
        return {key: poisoned(inner, words) for key, inner in value.items()}
    return (
        words
        if isinstance(value, str)
        else [poisoned(inner, words) for inner in value]
        if isinstance(value, list)
        else value
    )


def lines_since(server: Server, position: int) -> list[dict[str, Any]]:
    """What the log said after a place in it; each line is an object."""
    return [json.loads(line) for line in server.log.read_text()[position:].splitlines()]


def texts(marker: str) -> Iterator[str]:
    yield marker
    yield f"{marker}\nERROR forged"
    for name in QUOTED:
        yield f"{marker} {TEXTS[name]}"


async def test_no_route_lets_the_log_quote_a_request(server: Server) -> None:
    marker, position = f"unspeakable{uuid4().hex}", len(server.log.read_text())
    tokens = []
    for rule in RULES:
        ground = await make_ground(server)
        token = (await server.sign_in(ground.team.member)).token
        tokens.append(token)
        fields = rule.body(ground) if callable(rule.body) else rule.body
        headers = {"confab-person": str(ground.team.member.user_id), "authorization": f"Bearer {marker}"}
        async with server.client(token) as client:
            for words in texts(marker):
                body = json.dumps(poisoned(fields or {"x": ""}, words)).encode()
                query = {"q": marker, "token": marker, "before": marker}
                await client.request(
                    rule.method, rule.path(ground), content=body, params=query,
                    headers={**headers, "content-type": "application/json", "user-agent": marker},
                )  # fmt: skip
            await client.request(rule.method, rule.path(ground), content=f'{{"{marker}": '.encode())
            # The body as it should be, and something odd in the place of each field.
            for name in fields or {}:
                await client.request(rule.method, rule.path(ground), json={**(fields or {}), name: [marker]})
        async with server.client(marker) as stranger:
            await stranger.get(f"/{marker}", headers={"x-request-id": marker, "x-forwarded-for": marker})
            await stranger.get(f"/api/invitations/{marker}")
    async with server.client() as client:
        await client.get("/metrics", headers={"authorization": f"Bearer {METRICS_TOKEN}"})
    lines = lines_since(server, position)
    assert any(line["message"].startswith("POST /api/accounts") for line in lines), "requests are in the log"
    assert any(line.get("actor_id") and line.get("channel_id") for line in lines)
    written = json.dumps(lines)
    assert marker not in written
    assert METRICS_TOKEN not in written
    assert not [token for token in tokens if token in written]


async def test_no_event_lets_the_log_quote_it(server: Server, tabs: Tabs, team: Team) -> None:
    marker, position = f"unspeakable{uuid4().hex}", len(server.log.read_text())
    opened = await server.sign_in(team.admin)
    tab = await tabs.open(opened.token, query=f"&x={marker}", headers={"User-Agent": marker})
    await tab.send(f"{WORKSPACE}.enter", {"workspace_id": str(team.workspace)})
    await tab.send(f"{CHANNEL}.open", {"channel_id": str(team.general), "since_rev": 0})
    await tab.settle()
    # Those that end one's own membership come last, or the others would be refused at the door.
    leaving = (f"{WORKSPACE}.leave", f"{WORKSPACE}.delete")
    for event in sorted(registered(), key=lambda name: name in leaving):
        payload = MATRIX[event].payload(team) if event in MATRIX else {"value": "", "vars": {"x": ""}, "info": ""}
        for words in (marker, f"{marker}\nERROR forged", f"{marker} {TEXTS['script']}", f"{marker} {TEXTS['format']}"):
            await tab.send(event, poisoned(payload, words))
        for name in payload:
            await tab.send(event, {**payload, name: {marker: marker}})
        await tab.send(event, {marker: marker})
        await tab.settle()
    for message in (
        [marker], [marker, marker], ["event", marker], ["event", {"name": marker, "payload": {marker: marker}}],
        ["event", {"name": f"{CHANNEL}.open", "payload": marker}],
        ["event", {"name": f"{CHANNEL}.open", "token": marker}],
        ["client_error", {"error_type": marker, "message": marker}], ["client_error", marker],
        *(["event", {"name": f"{CHANNEL}.open", "payload": {"channel_id": marker, "since_rev": value}}]
          for value in VALUES if not isinstance(value, bytes) and value == value),
    ):  # fmt: skip
        await tab.send_raw(message)
    await tab.settle()
    lines = lines_since(server, position)
    assert not tab.is_closed
    assert any(line["logger"] == "rxapp.live.namespace" for line in lines), "what was dropped is in the log"
    assert any(line["message"].startswith("A page failed") for line in lines)
    written = json.dumps(lines)
    assert marker not in written
    assert opened.token not in written
