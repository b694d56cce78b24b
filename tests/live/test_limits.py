"""Limits: whose bucket it is, what a factor changes, and one count for several workers as long as Redis is there."""

import pytest

from rxapp.errors import ErrorCode
from rxapp.live.allowances import LOG_IN, SEND, Limit, Per
from rxapp.live.limits import Limits, network_of
from rxapp.live.redis_link import RedisLink
from tests.live.waiting import until
from tests.redis_server import RedisServer
from tests.refusals import refused

# Slow enough that nothing fills up while a test runs.
FEW = Limit("few", Per.ACCOUNT, burst=3, per_second=0.001)
AWAY = Limit("away", Per.ADDRESS, burst=3, per_second=0.001)


async def taken(limits: Limits, limit: Limit, key: object, *, most: int = 50) -> int:
    """How many are let through at once."""
    for number in range(most):
        if limits.wait_here(limit, key):
            return number
    return most


async def test_the_refusal_says_how_long_to_wait() -> None:
    limits = Limits(clock=lambda: 0)
    for _ in range(SEND.burst):
        await limits.take(SEND, "ada")
    with refused(ErrorCode.TOO_MANY_REQUESTS, seconds=1):
        await limits.take(SEND, "ada")
    for _ in range(FEW.burst):
        await limits.take(FEW, "ada")
    with refused(ErrorCode.TOO_MANY_REQUESTS, seconds=1000):
        await limits.take(FEW, "ada")
    await limits.take(FEW, "bob")


@pytest.mark.parametrize(
    ("factor", "address_factor", "accounts", "addresses"), [(1, 1, 3, 3), (2, 1, 6, 6), (1, 4, 3, 12), (2, 4, 6, 24)]
)
async def test_factors_make_buckets_larger(factor: float, address_factor: float, accounts: int, addresses: int) -> None:
    limits = Limits(factor=factor, address_factor=address_factor)
    assert await taken(limits, FEW, "ada") == accounts
    assert await taken(limits, AWAY, "192.0.2.1") == addresses


async def test_however_small_the_factor_one_is_always_let_through() -> None:
    limits = Limits(factor=0.01, clock=lambda: 0)
    assert await taken(limits, FEW, "ada") == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_one_customers_network_is_one(address: str, network: str) -> None:
    assert network_of(address) == network


async def test_a_customer_with_many_addresses_has_one_bucket() -> None:
    limits = Limits(clock=lambda: 0)
    for number in range(LOG_IN.burst):
        await limits.take(LOG_IN, f"2001:db8::{number:x}")
    with refused(ErrorCode.TOO_MANY_REQUESTS, seconds=1):
        await limits.take(LOG_IN, "2001:db8::ffff")


async def test_several_workers_count_together(redis_server: RedisServer) -> None:
    link = RedisLink(redis_server.url)
    await link.start()
    one, other = Limits(redis=link), Limits(redis=link)
    await one.take(FEW, "ada")
    await other.take(FEW, "ada")
    await one.take(FEW, "ada")
    with pytest.raises(Exception, match=ErrorCode.TOO_MANY_REQUESTS):
        await other.take(FEW, "ada")
    await other.take(FEW, "bob")
    assert other.wait_here(FEW, "ada") > 900  # from now on it need not be asked
    await link.close()


async def test_installations_that_share_a_redis_count_for_themselves(redis_server: RedisServer) -> None:
    link = RedisLink(redis_server.url)
    await link.start()
    one, other = Limits(redis=link, name="one"), Limits(redis=link, name="other")
    assert [await taken(limits, FEW, "ada") for limits in (one, other)] == [FEW.burst, FEW.burst]
    await link.close()


async def test_what_redis_keeps_goes_by_itself(redis_server: RedisServer) -> None:
    link = RedisLink(redis_server.url)
    await link.start()
    limits = Limits(redis=link)
    await limits.take(FEW, "ada")
    left = await link.client.pttl("confab:limit:few:ada")
    assert 900_000 < left <= 1_000_000
    await link.close()


@pytest.mark.parametrize("end", ["kill", "freeze"])
async def test_while_redis_is_away_each_worker_counts_for_itself(redis_server: RedisServer, end: str) -> None:
    link = RedisLink(redis_server.url)
    await link.start()
    one, other = Limits(redis=link), Limits(redis=link)
    getattr(redis_server, end)()
    for limits in (one, other):
        for _ in range(FEW.burst):
            await limits.take(FEW, "ada")
        with pytest.raises(Exception, match=ErrorCode.TOO_MANY_REQUESTS):
            await limits.take(FEW, "ada")
    await until(lambda: not link.is_there, "the loss is noticed")
    if end == "freeze":
        redis_server.thaw()
    await link.close()
