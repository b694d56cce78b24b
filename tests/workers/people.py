"""People whose tabs are where a test wants them, and who send as the page does."""

import asyncio
from contextlib import AsyncExitStack
from uuid import UUID, uuid4

import httpx

from rxapp.actor import Actor
from rxapp.services.views import View
from tests.access.tab import Tab, Tabs
from tests.access.test_handlers import CHANNEL, WORKSPACE
from tests.team import Team
from tests.workers.cluster import Cluster

# The kernel gives a connection to whichever worker is free: one tries until it is the wanted one.
TRIES = 200
RETRY_SECONDS = 0.05


class People:
    """The people of a team at a cluster."""

    def __init__(self, cluster: Cluster, team: Team, stack: AsyncExitStack) -> None:
        self._cluster = cluster
        self._team = team
        self._stack = stack
        self._tokens: dict[Actor, str] = {}
        self._clients: dict[Actor, httpx.AsyncClient] = {}

    async def token(self, actor: Actor) -> str:
        """The cookie of somebody's browser."""
        if actor not in self._tokens:
            self._tokens[actor] = (await self._cluster.server.sign_in(actor)).token
        return self._tokens[actor]

    async def open(self, actor: Actor, worker: int | None = None, *, client_token: str = "") -> Tab:
        """A tab of somebody, on the worker that is wanted."""
        for _ in range(TRIES):
            tabs = Tabs(self._cluster.server, self._stack)
            tab = await tabs.open(await self.token(actor), client_token=client_token)
            if worker is None or self._cluster.worker_of(tab.local_port) == worker:
                return tab
            await tab.close()
        raise AssertionError(f"none of {TRIES} sockets came to worker {worker}")

    async def look(self, actor: Actor, worker: int | None = None, channel: UUID | None = None) -> Tab:
        """The same, in the workspace and looking at a channel."""
        tab = await self.open(actor, worker)
        await self.enter(tab, channel or self._team.general)
        return tab

    async def enter(self, tab: Tab, channel: UUID, since_rev: int = 0) -> None:
        """What the page asks for when its socket came up."""
        await tab.send(f"{WORKSPACE}.enter", {"workspace_id": str(self._team.workspace)})
        await tab.send(f"{CHANNEL}.open", {"channel_id": str(channel), "since_rev": since_rev})
        await tab.settle()
        kinds = [op["k"] for op in tab.ops]
        assert "sidebar" in kinds, kinds
        assert "page" in kinds or "changes" in kinds, kinds

    async def client(self, actor: Actor) -> httpx.AsyncClient:
        """Their HTTP client."""
        if actor not in self._clients:
            client = self._cluster.server.client(await self.token(actor))
            self._clients[actor] = await self._stack.enter_async_context(client)
        return self._clients[actor]

    async def send(self, actor: Actor, source: str, channel: UUID | None = None) -> View:
        """Send until the answer is yes, as the outbox does: with one key."""
        client, body = await self.client(actor), {"client_key": str(uuid4()), "source": source}
        while True:
            try:
                answer = await client.post(f"/api/channels/{channel or self._team.general}/messages", json=body)
            except httpx.TransportError:
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
                await asyncio.sleep(RETRY_SECONDS)
                continue
            assert answer.status_code == httpx.codes.CREATED, answer.text
            return dict(answer.json())
