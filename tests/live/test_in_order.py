"""What several workers say of one thing comes in order, whatever order it arrives in; nothing is held back for long."""

import asyncio
from random import Random

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from rxapp.live import in_order
from rxapp.live.in_order import InOrder
from rxapp.live.ops import Op
from tests.live.waiting import until

ROOM = "ch:1"


class Said(list[Op]):
    """What was delivered."""

    def deliver(self, room: str, op: Op) -> None:
        assert room in (ROOM, "user:1")
        self.append(op)

    @property
    def revs(self) -> list[int]:
        return [op["rev"] for op in self]


@pytest.fixture
def said() -> Said:
    return Said()


@pytest_asyncio.fixture
async def line(said: Said, monkeypatch: pytest.MonkeyPatch) -> InOrder:
    """One whose patience never ends within a test, unless the test says so."""
    monkeypatch.setattr(in_order, "PATIENCE_SECONDS", 1000.0)
    return InOrder(said.deliver)


def new(rev: int) -> Op:
    return {"k": "new", "ch": "1", "rev": rev}


def head(rev: int) -> Op:
    return {"k": "head", "ch": "1", "rev": rev}


@given(count=st.integers(1, 30), seed=st.integers(0, 2**16))
@settings(max_examples=100, deadline=None, derandomize=True)
async def test_any_order_of_arrival_is_said_in_the_order_of_revs(count: int, seed: int) -> None:
    said = Said()
    line = InOrder(said.deliver)
    first, *rest = [new(rev) for rev in range(1, count + 1)]
    Random(seed).shuffle(rest)
    for op in [first, *rest]:
        await line.take(ROOM, op)
    await line.close()
    assert said.revs == list(range(1, count + 1))


async def test_a_head_waits_for_what_it_tells_of_and_what_is_late_or_twice_goes_through(
    line: InOrder, said: Said
) -> None:
    for op in (new(5), head(7), new(7), new(3), head(5), new(6), new(6)):
        await line.take(ROOM, op)
    assert [(op["k"], op["rev"]) for op in said] == [
        ("new", 5), ("new", 3), ("head", 5), ("new", 6), ("new", 7), ("head", 7), ("new", 6),
    ]  # fmt: skip
    await line.close()


async def test_who_waits_in_vain_goes_without(said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_order, "PATIENCE_SECONDS", 0.05)
    line = InOrder(said.deliver)
    for op in (new(1), new(4), new(3)):
        await line.take(ROOM, op)
    assert said.revs == [1]
    await until(lambda: len(said) == 3, "patience ends")
    assert said.revs == [1, 3, 4]
    await line.take(ROOM, new(5))
    assert said.revs == [1, 3, 4, 5]
    await line.take(ROOM, new(2))  # the browser takes it too
    assert said.revs == [1, 3, 4, 5, 2]
    await line.close()


async def test_a_person_has_a_line_in_each_workspace_and_what_leaps_is_not_held(line: InOrder, said: Said) -> None:
    def mine(kind: str, workspace: str, rev: int) -> Op:
        return {"k": kind, "ws": workspace, "rev": rev}

    for op in (mine("joined", "a", 10), mine("joined", "b", 90), mine("left", "a", 12), mine("left", "b", 91)):
        await line.take("user:1", op)
    assert said.revs == [10, 90, 91]
    await line.take("user:1", {"k": "channel", "ws": "a", "me_rev": 11, "rev": 0})
    assert said.revs == [10, 90, 91, 0, 12]
    await line.take("user:1", mine("gone", "a", 1000))
    await line.take("user:1", mine("joined", "a", 1001))
    assert said.revs[-2:] == [1000, 1001]
    await line.take("user:1", {"k": "draft", "ws": "a", "rev": 4000})  # counts for itself
    assert said.revs[-1] == 4000
    await line.close()


async def test_a_room_that_emptied_begins_anew_and_nothing_waits_while_workers_are_apart(
    line: InOrder, said: Said
) -> None:
    await line.take(ROOM, new(1))
    await line.take(ROOM, new(3))
    line.forget(ROOM)
    await line.take(ROOM, new(8))
    assert said.revs == [1, 8]
    await line.take(ROOM, new(10))
    await line.let_go()
    assert said.revs == [1, 8, 10]
    await line.take(ROOM, new(20))
    assert said.revs == [1, 8, 10, 20]
    await line.close()
    await asyncio.sleep(0)
    assert line._lines == {}
