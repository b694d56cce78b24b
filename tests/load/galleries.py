"""The processes that members sit in: forked before the parent's loop runs, each obeys commands on a pipe."""

import asyncio
import multiprocessing
import os
import resource
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

import uvloop

from tests.load.figures import Figures
from tests.load.gallery import Gallery
from tests.load.outcome import Outcome
from tests.load.tab import Scene

_FORK = multiprocessing.get_context("fork")


class Galleries:
    """All of them, as the parent speaks to them."""

    def __init__(self, pipes: "list[Connection]") -> None:
        self._pipes = pipes

    async def come(self, scene: Scene) -> Figures:
        """Share the people out, and wait until all have come."""
        ways = len(self._pipes)
        at_once = max(scene.plan.at_once // ways, 1)
        theirs = replace(scene, plan=replace(scene.plan, at_once=at_once))
        whole = Figures()
        for figures in await asyncio.gather(
            *(_ask(pipe, "come", theirs, range(way, scene.plan.tabs, ways)) for way, pipe in enumerate(self._pipes))
        ):
            whole.add(figures)
        return whole

    async def count(self) -> Outcome:
        """What became of the volley, everywhere."""
        whole = Outcome()
        for outcome in await self.all("count"):
            whole.add(outcome)
        return whole

    async def got(self) -> int:
        """How many deliveries there were so far."""
        return sum(await self.all("got"))

    async def all(self, command: str, *arguments: Any) -> list[Any]:
        """Have each do the same."""
        return await asyncio.gather(*(_ask(pipe, command, *arguments) for pipe in self._pipes))


@contextmanager
def open_galleries(number: int) -> Generator[Galleries]:
    """Fork so many processes; they end with the block. Not while a loop runs in this process."""
    pairs = [_FORK.Pipe() for _ in range(number)]
    processes = [_FORK.Process(target=_serve, args=(theirs,), daemon=True) for _, theirs in pairs]
    for process in processes:
        process.start()
    try:
        yield Galleries([ours for ours, _ in pairs])
    finally:
        for process in processes:
            process.kill()
            process.join()


def allow_many_sockets() -> None:
    """Let this process, and those it starts, open as many files as the system allows."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


async def _ask(pipe: Connection, command: str, *arguments: Any) -> Any:
    pipe.send((command, arguments))
    answer, wrong = await asyncio.to_thread(pipe.recv)
    if wrong:
        raise RuntimeError(f"a process of the generator failed:\n{wrong}")
    return answer


def _serve(pipe: Connection) -> None:
    uvloop.run(_obey(pipe))


async def _obey(pipe: Connection) -> None:
    gallery = Gallery()
    while True:
        try:
            command, arguments = await asyncio.to_thread(pipe.recv)
        except EOFError:
            os._exit(0)  # the parent has gone; what was forked with this process is not ours to wind up
        try:
            answer = await getattr(gallery, command)(*arguments)
        except Exception:  # noqa: BLE001 - said to the parent, which raises it
            pipe.send((None, traceback.format_exc()))
        else:
            pipe.send((answer, ""))
