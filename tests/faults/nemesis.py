"""Makes the faults of a schedule happen, heals them, and measures how long the system was away."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from rxapp.auth.sessions import COOKIE_NAME
from tests.faults.history import History, Probe
from tests.faults.plan import Fault, Kind
from tests.faults.proxy import Proxy
from tests.faults.site import Site, kill, pause, resume

PROBE_EVERY_SECONDS = 0.05
PROBE_TIMEOUT_SECONDS = 2.0
DELAY_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Recovery:
    """A fault that took place, and after how many seconds a new request was answered again, counted from its heal."""

    fault: Fault
    seconds: float


class Nemesis:
    """What breaks things. Faults may overlap; those of processes do not, or none would be seen apart."""

    def __init__(self, site: Site, wires: list[Proxy], redis_wire: Proxy | None, history: History) -> None:
        self.recoveries: list[Recovery] = []
        self.skipped: list[Fault] = []
        self._site = site
        self._wires = wires
        self._redis_wire = redis_wire
        self._history = history
        self._processes = asyncio.Lock()

    async def torment(self, faults: list[Fault], deadline: float) -> None:
        """Let all of them happen at their moments; comes back when the last one is healed."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for fault in faults:
                await asyncio.sleep(max(began + fault.at - time.monotonic(), 0))
                group.create_task(self._happen(fault, deadline))

    async def until_there(self, deadline: float) -> float:
        """Wait until a request that begins now, or later, is answered; gives how many seconds that took."""
        began = time.monotonic()
        ready_at = None
        while True:
            # A worker whose parent was killed may answer a moment longer: the newest start has to.
            ready_at = ready_at or (time.monotonic() if self._site.is_ready() else None)
            if ready_at and any(probe.is_ok and probe.begun >= ready_at for probe in self._history.probes[-50:]):
                return time.monotonic() - began
            if time.monotonic() - began > deadline:
                raise AssertionError(f"the system did not come back within {deadline:.0f} s")
            await asyncio.sleep(PROBE_EVERY_SECONDS / 2)

    async def keep_probing(self, token: str, channel: str) -> None:
        """Ask again and again, past all proxies, whether the server and its database answer."""
        headers = {"Cookie": f"{COOKIE_NAME}={token}"}
        url = f"http://127.0.0.1:{self._site.port}/api/channels/{channel}/messages"
        while True:
            begun = time.monotonic()
            try:
                # A connection each: one that a worker holds would ask always the same.
                async with httpx.AsyncClient(trust_env=False, timeout=PROBE_TIMEOUT_SECONDS) as client:
                    is_ok = (await client.get(url, headers=headers)).status_code == httpx.codes.OK
            except httpx.TransportError:
                is_ok = False
            self._history.probes.append(Probe(begun, time.monotonic(), is_ok))
            await asyncio.sleep(PROBE_EVERY_SECONDS)

    async def _happen(self, fault: Fault, deadline: float) -> None:
        act = self._acts()[fault.kind]
        if fault.kind in NETWORK:
            await self._last(fault, act)
            return
        async with self._processes:
            if not self._site.postgres() or not self._site.workers():
                await self.until_there(deadline)
            await self._last(fault, act)
            self.recoveries.append(Recovery(fault, await self.until_there(deadline)))

    async def _last(self, fault: Fault, act: Callable[[Fault], "asyncio.Future[None] | object"]) -> None:
        self._history.note(f"fault: {fault}")
        doing = act(fault)
        if asyncio.iscoroutine(doing):
            await doing
        self._history.note(f"healed: {fault.kind}")

    def _acts(self) -> dict[Kind, Callable[[Fault], object]]:
        return {
            Kind.KILL_SERVER: lambda _: self._site.kill_server(),
            Kind.KILL_WORKER: self._kill_worker,
            Kind.STOP_SERVER: lambda _: self._site.restart(),
            Kind.KILL_POSTGRES: lambda _: kill(self._site.postgres()[:1]),
            Kind.KILL_BACKEND: self._kill_backend,
            Kind.KILL_REDIS: self._kill_redis,
            Kind.KILL_EVERYTHING: lambda _: self._kill_everything(),
            Kind.PAUSE_WORKER: self._pause_worker,
            Kind.PAUSE_POSTGRES: lambda fault: self._pause(self._site.postgres, fault),
            Kind.PAUSE_REDIS: self._pause_redis,
            Kind.DROP: self._drop,
            Kind.DELAY: lambda fault: self._bend(fault, lambda wire: wire.delay(DELAY_SECONDS)),
            Kind.STALL: lambda fault: self._bend(fault, Proxy.stall),
            Kind.SLOW: lambda fault: self._bend(fault, Proxy.slow),
            Kind.DEAF: lambda fault: self._bend(fault, Proxy.deafen),
            Kind.MUTE: lambda fault: self._bend(fault, Proxy.mute),
            Kind.REDIS_DROP: self._drop,
            Kind.REDIS_DELAY: lambda fault: self._bend(fault, lambda wire: wire.delay(DELAY_SECONDS)),
            Kind.REDIS_DEAF: lambda fault: self._bend(fault, Proxy.deafen),
            Kind.REDIS_MUTE: lambda fault: self._bend(fault, Proxy.mute),
        }

    def _of(self, fault: Fault) -> list[Proxy]:
        if fault.kind in REDIS_NETWORK:
            return [self._redis_wire] if self._redis_wire else []
        return [self._wires[person] for person in fault.people]

    def _drop(self, fault: Fault) -> None:
        for wire in self._of(fault):
            wire.drop()

    async def _bend(self, fault: Fault, bend: Callable[[Proxy], None]) -> None:
        for wire in self._of(fault):
            bend(wire)
        await asyncio.sleep(fault.lasts)
        for wire in self._of(fault):
            wire.heal()

    def _kill_worker(self, fault: Fault) -> None:
        if workers := self._site.workers():
            kill([workers[fault.pick % len(workers)]])

    def _kill_backend(self, fault: Fault) -> None:
        if backends := self._site.backends():
            kill([backends[fault.pick % len(backends)]])

    async def _kill_everything(self) -> None:
        await self._site.kill_everything()
        if self._site.redis is not None:
            await asyncio.to_thread(self._site.redis.kill)
            await asyncio.to_thread(self._site.redis.start)

    async def _kill_redis(self, fault: Fault) -> None:
        redis = self._site.redis
        if redis is None:
            raise RuntimeError("expected a Redis")
        await asyncio.to_thread(redis.kill)
        await asyncio.sleep(fault.lasts)
        await asyncio.to_thread(redis.start)

    async def _pause_worker(self, fault: Fault) -> None:
        workers = self._site.workers()
        await self._pause(lambda: [workers[fault.pick % len(workers)]] if workers else [], fault)

    async def _pause(self, pids: Callable[[], list[int]], fault: Fault) -> None:
        held = pids()
        pause(held)
        try:
            await asyncio.sleep(fault.lasts)
        finally:
            resume(held)

    async def _pause_redis(self, fault: Fault) -> None:
        redis = self._site.redis
        if redis is None:
            raise RuntimeError("expected a Redis")
        redis.freeze()
        try:
            await asyncio.sleep(fault.lasts)
        finally:
            redis.thaw()


NETWORK = frozenset({Kind.DROP, Kind.DELAY, Kind.STALL, Kind.SLOW, Kind.DEAF, Kind.MUTE})
REDIS_NETWORK = frozenset({Kind.REDIS_DROP, Kind.REDIS_DELAY, Kind.REDIS_DEAF, Kind.REDIS_MUTE})
