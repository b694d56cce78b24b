"""Sending as assets/live/outbox.js does: by HTTP, one message of a person at a time, again until it is answered."""

import asyncio
import time
from collections import defaultdict
from typing import Self
from uuid import UUID

import httpx

from rxapp.auth.sessions import COOKIE_NAME
from tests.load.figures import Figures
from tests.load.tab import Tab
from tests.load.talk import key_due, sentence

TIMEOUT_SECONDS = 15.0
RETRY_SECONDS = 1.0
# Somebody reads what they sent, and finds a mistake.
EDIT_AFTER_SECONDS = 1.0
# Below the server's own limit for idle connections, so that none is closed just when it is used.
KEEP_ALIVE_SECONDS = 4.0


class Outbox:
    """The outboxes of all tabs."""

    def __init__(self, url: str, figures: Figures) -> None:
        limits = httpx.Limits(max_keepalive_connections=50, keepalive_expiry=KEEP_ALIVE_SECONDS)
        self._client = httpx.AsyncClient(base_url=url, timeout=TIMEOUT_SECONDS, limits=limits, trust_env=False)
        self._origin = url
        self._figures = figures
        self._busy: defaultdict[UUID, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._under_way: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._client.aclose()

    def post(self, tab: Tab, due: float) -> None:
        """Send something to the channel that a tab looks at."""
        task = asyncio.create_task(self._send(tab, tab.channel, due))
        self._under_way.add(task)
        task.add_done_callback(self._done)

    async def settled(self) -> None:
        """Wait until all is answered."""
        while self._under_way:
            await asyncio.wait(set(self._under_way))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._figures.errors[f"send: {error!r}"] += 1

    async def _send(self, tab: Tab, channel: str, due: float) -> None:
        body = {"client_key": str(key_due(due, tab.chance)), "source": sentence(tab.chance)}
        async with self._busy[tab.person.id]:
            while True:
                try:
                    answer = await self._client.post(
                        f"/api/channels/{channel}/messages", json=body, headers=self._headers(tab)
                    )
                except httpx.TransportError as error:
                    self._figures.counts["sent again"] += 1
                    self._figures.errors[f"send: {error!r}"] += 1
                    await asyncio.sleep(RETRY_SECONDS)
                    continue
                break
        self._took("send", answer, due)
        if answer.status_code == httpx.codes.CREATED and tab.chance.random() < tab.scene.plan.edit_share:
            await asyncio.sleep(EDIT_AFTER_SECONDS)
            await self._edit(tab, answer.json()["id"])

    async def _edit(self, tab: Tab, message: str) -> None:
        due, body = time.perf_counter(), {"source": sentence(tab.chance)}
        answer = await self._client.patch(f"/api/messages/{message}", json=body, headers=self._headers(tab))
        self._took("edit", answer, due)

    def _took(self, what: str, answer: httpx.Response, due: float) -> None:
        if answer.is_success:
            self._figures.took(what, time.perf_counter() - due)
        else:
            self._figures.errors[f"{what}: {answer.status_code} {answer.text[:100]}"] += 1

    def _headers(self, tab: Tab) -> dict[str, str]:
        return {"Cookie": f"{COOKIE_NAME}={tab.person.token}", "Origin": self._origin}
