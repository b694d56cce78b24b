"""A worker's health: each part asked by one at a time, never waited for, not ready while it stops."""

import asyncio

from rxapp.observability.health import Health, PartState, Status


async def fine() -> bool:
    return True


async def broken() -> bool:
    return False


async def raising() -> bool:
    raise OSError("gone")


async def test_all_parts_have_to_work() -> None:
    health = Health()
    health.add("database", fine)
    assert await health.read() == (Status.READY, {"database": PartState.OK, "serving": PartState.OK})
    health.add("jobs", broken)
    health.add("migrations", raising)
    status, parts = await health.read()
    assert status is Status.NOT_READY
    assert (parts["jobs"], parts["migrations"]) == (PartState.FAILING, PartState.FAILING)


async def test_what_is_not_needed_degrades_only() -> None:
    health = Health()
    health.add("database", fine)
    health.add("redis", broken, is_needed=False)
    status, parts = await health.read()
    assert (status, parts["redis"]) == (Status.DEGRADED, PartState.FAILING)


async def test_a_part_that_hangs_is_slow_and_is_asked_once() -> None:
    asked, may_answer = 0, asyncio.Event()

    async def hanging() -> bool:
        nonlocal asked
        asked += 1
        await may_answer.wait()
        return True

    health = Health(limit_seconds=0.01)
    health.add("database", hanging)
    results = await asyncio.gather(*(health.read() for _ in range(20)))
    assert {status for status, _ in results} == {Status.NOT_READY}
    assert (await health.read())[1]["database"] is PartState.SLOW
    assert asked == 1
    may_answer.set()
    async with asyncio.timeout(10):
        while (await health.read())[0] is not Status.READY:
            pass
    assert asked == 1


async def test_an_answer_holds_for_a_moment() -> None:
    asked = 0

    async def counting() -> bool:
        nonlocal asked
        asked += 1
        return True

    health = Health()
    health.add("database", counting)
    for _ in range(50):
        await health.read()
    assert asked < 50


async def test_not_ready_before_it_serves_and_while_it_stops() -> None:
    health = Health()
    assert (await health.read())[0] is Status.NOT_READY
    health.add("database", fine)
    assert (await health.read())[0] is Status.READY
    health.is_stopping = True
    assert await health.read() == (Status.NOT_READY, {"database": PartState.OK, "serving": PartState.STOPPING})
    health.close()
    assert await health.read() == (Status.NOT_READY, {"serving": PartState.STOPPING})
