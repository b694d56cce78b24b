"""What waits for the same thing's turn is stored together: one commit for many messages of a busy channel."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.hub import Hub

BATCH_LIMIT = 50
"""Of what waits, so many are stored together: who comes behind them waits no longer than that."""

Item = TypeVar("Item", contravariant=True)
Result = TypeVar("Result")

log = logging.getLogger(__name__)


class Work(Protocol[Item, Result]):
    """How items of one kind are stored, and said."""

    async def write(self, key: UUID, items: Sequence[Item]) -> Sequence[Result | ConfabError]:
        """Store all in one transaction; a result or a refusal for each. Nothing is stored when it raises."""
        ...

    async def say(self, key: UUID, results: Sequence[Result]) -> None:
        """Tell everybody, in the order of the results."""
        ...


class GroupCommit:
    """Collects what comes while what came before is being stored."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._waiting: dict[UUID, list[tuple[Any, asyncio.Future[Any]]]] = {}
        self._running: dict[UUID, asyncio.Task[None]] = {}

    async def do(self, key: UUID, item: Item, work: Work[Item, Result]) -> Result:
        """The result for an item, once it is stored and said; raises its refusal. Who stops waiting stops nothing."""
        outcome: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(key, []).append((item, outcome))
        if key not in self._running:
            self._running[key] = asyncio.create_task(self._run(key, work))
        return await outcome

    async def _run(self, key: UUID, work: Work[Any, Any]) -> None:
        try:
            while self._waiting.get(key):
                # Taken within the turn: all that came while others had it.
                async with self._hub.ordered(key):
                    batch, self._waiting[key] = self._waiting[key][:BATCH_LIMIT], self._waiting[key][BATCH_LIMIT:]
                    await self._do_all(key, batch, work)
        finally:
            del self._running[key]
            for _, outcome in self._waiting.pop(key, ()):
                outcome.cancel()  # only when this is cancelled itself: the server stops

    async def _do_all(self, key: UUID, batch: Sequence[tuple[Any, asyncio.Future[Any]]], work: Work[Any, Any]) -> None:
        outcomes = await _written(key, [item for item, _ in batch], work)
        stored = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
        try:
            await work.say(key, stored)
        except Exception:
            log.exception("What was stored could not be said: tabs notice and ask for it")
        for (_, waiter), outcome in zip(batch, outcomes, strict=True):
            if waiter.done():
                continue  # who asked is gone
            if isinstance(outcome, BaseException):
                waiter.set_exception(outcome)
            else:
                waiter.set_result(outcome)


async def _written(key: UUID, items: Sequence[Any], work: Work[Any, Any]) -> Sequence[Any]:
    """The outcome of each. One that cannot be stored takes no other with it: then each is tried by itself."""
    try:
        return await work.write(key, items)
    except Exception as error:  # noqa: BLE001 - whoever waits for it gets it
        is_away = isinstance(error, ConfabError) and error.code is ErrorCode.UNAVAILABLE
        if is_away or len(items) == 1:
            return [error] * len(items)
    return [outcome for item in items for outcome in await _written(key, [item], work)]
