"""Whether this worker can serve: parts that are asked now and then, and never waited for longer than a moment."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from enum import StrEnum

PART_LIMIT_SECONDS = 2.0
FRESH_SECONDS = 1.0
"""For so long an answer holds: probing more often costs nothing more."""

log = logging.getLogger(__name__)

Check = Callable[[], Awaitable[bool]]


class PartState(StrEnum):
    """How a part is."""

    OK = "ok"
    FAILING = "failing"
    SLOW = "slow"
    STOPPING = "stopping"


class Status(StrEnum):
    """How all of it is: a degraded worker serves."""

    READY = "ready"
    DEGRADED = "degraded"
    NOT_READY = "not_ready"


class Part:
    """Something that is needed to serve. It is asked by one task at a time, however many want to know."""

    def __init__(self, name: str, check: Check, limit_seconds: float, *, is_needed: bool) -> None:
        self.is_needed = is_needed
        self._name = name
        self._check = check
        self._limit_seconds = limit_seconds
        self._asking: asyncio.Task[None] | None = None
        self._asked_at = float("-inf")
        self._state = PartState.OK

    async def state(self) -> PartState:
        """How it is, at most `FRESH_SECONDS` old; after the limit it is slow, and goes on being asked."""
        now = time.monotonic()
        if self._asking is None:
            if now - self._asked_at < FRESH_SECONDS:
                return self._state
            self._asked_at = now
            self._asking = asyncio.create_task(self._ask())
        await asyncio.wait({self._asking}, timeout=max(0.0, self._asked_at + self._limit_seconds - now))
        return self._state if self._asking is None else PartState.SLOW

    async def _ask(self) -> None:
        before = self._state
        try:
            self._state = PartState.OK if await self._check() else PartState.FAILING
        except Exception as error:  # noqa: BLE001 - whatever it is, the part does not work: that is the answer
            self._state = PartState.FAILING
            if before is not PartState.FAILING:
                log.warning("%s is failing (%s)", self._name.capitalize(), type(error).__name__)
        finally:
            self._asking = None

    def close(self) -> None:
        """Ask no more."""
        if self._asking is not None:
            self._asking.cancel()


class Health:
    """The parts of this worker."""

    def __init__(self, *, limit_seconds: float = PART_LIMIT_SECONDS) -> None:
        self._limit_seconds = limit_seconds
        self._parts: dict[str, Part] = {}
        self.is_stopping = False
        """Set once it is about to end: no new work should be sent here."""

    def add(self, name: str, check: Check, *, is_needed: bool = True) -> None:
        """One more part. `check` says whether it works, or raises; without one that is needed it is not ready."""
        self._parts[name] = Part(name, check, self._limit_seconds, is_needed=is_needed)

    async def read(self) -> tuple[Status, dict[str, PartState]]:
        """How all is, and each part. Never takes longer than the limit."""
        states = await asyncio.gather(*(part.state() for part in self._parts.values()))
        found = dict(zip(self._parts, states, strict=True))
        found["serving"] = PartState.STOPPING if self.is_stopping or not self._parts else PartState.OK
        if any(state is not PartState.OK and self._is_needed(name) for name, state in found.items()):
            return Status.NOT_READY, found
        return Status.READY if set(found.values()) == {PartState.OK} else Status.DEGRADED, found

    def _is_needed(self, name: str) -> bool:
        part = self._parts.get(name)
        return part is None or part.is_needed

    def close(self) -> None:
        """Not ready from now on; nothing is asked any more."""
        self.is_stopping = True
        for part in self._parts.values():
            part.close()
        self._parts.clear()


health = Health()
"""That of this process."""
