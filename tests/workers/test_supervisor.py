"""The supervisor keeps its workers: what ends starts again, what hangs is killed, what cannot start changes nothing."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from rxapp import supervisor
from rxapp.operator_error import OperatorError
from rxapp.supervisor import Supervisor
from tests.foundation.processes import is_running
from tests.live.waiting import until

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Parent:
    """A supervisor of two pretended workers."""

    def __init__(self, folder: Path, listener: socket.socket) -> None:
        self._folder = folder
        self.ready = 0
        self.renewed = 0
        self.refusal = ""
        self.preparation: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.preparation.set_result(None)
        self.supervisor = Supervisor(2, listener, ready=self._is_ready, renew=self._renew)
        self.task: asyncio.Task[None] | None = None

    def behave(self, how: str) -> None:
        """What the workers do that start from now on."""
        (self._folder / "behaviour").write_text(how)

    async def start(self) -> list[int]:
        """Run until all serve; gives the ids of the workers."""
        self.task = asyncio.create_task(self.supervisor.run())
        await until(lambda: self.ready == 1, "all serve")
        return self.pids()

    def pids(self) -> list[int]:
        return [child.pid for child in self.supervisor._places]

    async def stop(self) -> None:
        """As the operator does."""
        os.kill(os.getpid(), signal.SIGTERM)
        assert self.task is not None
        await self.task

    async def _renew(self) -> None:
        self.renewed += 1
        await self.preparation
        if self.refusal:
            raise OperatorError(self.refusal)

    def _is_ready(self) -> None:
        self.ready += 1


@pytest_asyncio.fixture
async def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Parent]:
    program = str(Path(__file__).with_name("pretended_worker.py"))
    monkeypatch.setattr(supervisor, "WORKER_COMMAND", (sys.executable, program, str(tmp_path)))
    monkeypatch.setattr(supervisor, "RESTART_FIRST_SECONDS", 0.01)
    before = [(number, signal.getsignal(number)) for number in SIGNALS]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = Parent(tmp_path, listener)
        made.behave("good")
        yield made
        if made.task is not None and not made.task.done():
            await made.stop()
    for number, handler in before:
        signal.signal(number, handler)


async def test_all_serve_before_it_is_announced_and_all_end_with_it(parent: Parent) -> None:
    pids = await parent.start()
    assert len(set(pids)) == 2
    assert all(is_running(pid) for pid in pids)
    await parent.stop()
    assert not any(is_running(pid) for pid in pids)


async def test_one_that_is_killed_is_replaced_and_the_other_stays(parent: Parent) -> None:
    first, second = await parent.start()
    os.kill(first, signal.SIGKILL)
    await until(lambda: parent.pids()[0] != first, "another one starts")
    assert parent.pids()[1] == second
    assert (parent.ready, parent.renewed) == (1, 0)


async def test_one_that_ends_again_and_again_is_started_ever_less_often(
    parent: Parent, caplog: pytest.LogCaptureFixture
) -> None:
    first, _ = await parent.start()
    parent.behave("ends")
    os.kill(first, signal.SIGKILL)
    await until(lambda: "ended with 4; another one starts in 0.1 s" in caplog.text, "it waits longer")
    parent.behave("good")
    await until(lambda: is_running(parent.pids()[0]), "one stays")


async def test_one_that_hangs_is_killed_and_replaced(parent: Parent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STUCK_SECONDS", 1.0)
    parent.behave("mute")
    first, second = await parent.start()
    parent.behave("good")
    await until(lambda: not set(parent.pids()) & {first, second}, "both are replaced")
    assert not is_running(first)
    assert not is_running(second)


async def test_one_that_does_not_end_when_told_is_killed(parent: Parent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STOP_SECONDS", 0.3)
    parent.behave("stubborn")
    pids = await parent.start()
    await parent.stop()
    assert not any(is_running(pid) for pid in pids)


async def test_a_start_that_fails_is_refused_and_leaves_nothing(parent: Parent) -> None:
    parent.behave("fails")
    with pytest.raises(OperatorError, match="The workers could not start"):
        await parent.supervisor.run()
    assert parent.ready == 0
    assert parent.supervisor._children == set()


async def test_workers_are_replaced_one_after_another(parent: Parent, caplog: pytest.LogCaptureFixture) -> None:
    old = await parent.start()
    os.kill(os.getpid(), signal.SIGHUP)
    await until(lambda: "All workers were replaced" in caplog.text, "all are replaced")
    assert not set(parent.pids()) & set(old)
    assert not any(is_running(pid) for pid in old)
    assert (parent.ready, parent.renewed) == (1, 1)


async def test_a_stop_in_the_middle_of_a_preparation_ends_that_at_once(parent: Parent) -> None:
    pids = await parent.start()
    parent.preparation = asyncio.get_running_loop().create_future()
    os.kill(os.getpid(), signal.SIGHUP)
    await until(lambda: parent.renewed == 1, "it prepares")
    await parent.stop()
    assert parent.preparation.cancelled()
    assert not any(is_running(pid) for pid in pids)


@pytest.mark.parametrize("why", ["the page cannot be built", ""])
async def test_a_replacement_that_fails_leaves_the_old_ones(
    parent: Parent, caplog: pytest.LogCaptureFixture, why: str
) -> None:
    old = await parent.start()
    parent.refusal = why
    parent.behave("fails")
    os.kill(os.getpid(), signal.SIGHUP)
    told = f"The workers stay as they are: {why}" if why else "A new worker could not start"
    await until(lambda: told in caplog.text, "it is said")
    assert parent.pids() == old
    assert all(is_running(pid) for pid in old)


async def test_a_place_stays_watched_when_another_worker_cannot_be_started(
    parent: Parent, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = await parent.start()
    good = supervisor.WORKER_COMMAND
    monkeypatch.setattr(supervisor, "WORKER_COMMAND", ("/there/is/no/such/program",))
    os.kill(first, signal.SIGKILL)
    await until(lambda: caplog.text.count("Another worker could not be started") >= 2, "it is tried again")
    os.kill(os.getpid(), signal.SIGHUP)
    await until(lambda: "the old ones stay" in caplog.text, "nothing is replaced")
    assert is_running(second)
    monkeypatch.setattr(supervisor, "WORKER_COMMAND", good)
    await until(lambda: is_running(parent.pids()[0]), "one stays")
    assert parent.pids()[1] == second


async def test_one_that_hangs_before_it_serves_is_killed_and_replaced(
    parent: Parent, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, _ = await parent.start()
    monkeypatch.setattr(supervisor, "READY_SECONDS", 0.3)
    parent.behave("hangs")
    os.kill(first, signal.SIGKILL)
    await until(lambda: parent.pids()[0] != first, "another one starts")
    hanging = parent.pids()[0]
    await until(lambda: f"Worker {hanging} does not come to serve and is killed" in caplog.text, "it is killed")
    parent.behave("good")
    monkeypatch.setattr(supervisor, "READY_SECONDS", 60.0)
    await until(lambda: parent.pids()[0] != hanging, "it is replaced")
    assert not is_running(hanging)
