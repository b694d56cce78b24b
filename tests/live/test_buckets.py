"""Token buckets: what fits goes through, what is too much waits exactly as long as it has to, and nothing grows."""

import pytest

from rxapp.live.buckets import Buckets


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_burst_goes_through_and_then_one_per_interval(clock: Clock) -> None:
    buckets = Buckets(clock=clock)
    assert [buckets.take("ada", burst=3, per_second=2) for _ in range(3)] == [0, 0, 0]
    assert buckets.take("ada", burst=3, per_second=2) == pytest.approx(0.5)
    assert buckets.take("bob", burst=3, per_second=2) == 0
    clock.now += 0.5
    assert buckets.take("ada", burst=3, per_second=2) == 0
    assert buckets.take("ada", burst=3, per_second=2) == pytest.approx(0.5)


def test_who_waits_as_long_as_they_are_told_is_let_through(clock: Clock) -> None:
    buckets = Buckets(clock=clock)
    for _ in range(1000):
        wait = buckets.take("ada", burst=7, per_second=3)
        clock.now += wait
        assert not wait or buckets.take("ada", burst=7, per_second=3) == 0


def test_a_refusal_costs_no_token(clock: Clock) -> None:
    buckets = Buckets(clock=clock)
    buckets.take("ada", burst=1, per_second=1)
    waits = {buckets.take("ada", burst=1, per_second=1) for _ in range(1000)}
    assert waits == {1.0}


def test_a_bucket_is_never_fuller_than_full(clock: Clock) -> None:
    buckets = Buckets(clock=clock)
    buckets.take("ada", burst=2, per_second=1)
    clock.now += 1_000_000
    assert [buckets.take("ada", burst=2, per_second=1) > 0 for _ in range(3)] == [False, False, True]


def test_what_is_held_has_no_token_until_then(clock: Clock) -> None:
    buckets = Buckets(clock=clock)
    buckets.hold("ada", 7, burst=5, per_second=2)
    assert buckets.take("ada", burst=5, per_second=2) == pytest.approx(7)
    clock.now += 7
    assert buckets.take("ada", burst=5, per_second=2) == 0
    assert buckets.take("ada", burst=5, per_second=2) > 0
    buckets.hold("bob", 3)
    assert buckets.held("bob") == 3
    assert buckets.held("eve") == 0


def test_a_flood_of_new_keys_does_not_grow_the_memory_and_frees_nobody_who_is_over(clock: Clock) -> None:
    buckets = Buckets(clock=clock, most=100)
    while not buckets.take("ada", burst=50, per_second=1):
        pass
    for number in range(10_000):
        assert buckets.take(number, burst=50, per_second=1) == 0
        assert len(buckets) <= 100
    assert buckets.take("ada", burst=50, per_second=1) > 0


def test_who_has_been_quiet_is_forgotten_first(clock: Clock) -> None:
    buckets = Buckets(clock=clock, most=10)
    for number in range(10):
        buckets.take(number, burst=5, per_second=1)
    clock.now += 60
    buckets.take("ada", burst=5, per_second=1)
    assert len(buckets) == 1
