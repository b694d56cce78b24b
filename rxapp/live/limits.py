"""Who asks too much waits: token buckets, in Redis where several workers share them, in memory otherwise.

Redis is asked once, after the memory of this worker has said yes: who is over the limit here is over it everywhere, and
costs no round trip. While Redis is away each worker counts for itself.
"""

import logging
import math
import time
from ipaddress import IPv6Address, ip_address

from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.allowances import Limit, Per
from rxapp.live.buckets import Buckets, Clock
from rxapp.live.redis_link import RedisAway, RedisLink
from rxapp.observability.metrics import rate_limited

# A whole network of this size is one customer's.
IPV6_CUSTOMER_BITS = 64
# A flood is said once a minute.
_TOLD_PER_SECOND = 1 / 60
# One token of the bucket KEYS[1], which fills by one in ARGV[1] seconds and holds ARGV[2]: as `Buckets.take`.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local full_at = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) + ARGV[1]
local wait = full_at - ARGV[1] * ARGV[2] - now
if wait > 0.000001 then return tostring(wait) end
redis.call('SET', KEYS[1], string.format('%.6f', full_at), 'PX', math.ceil((full_at - now) * 1000))
return '0'
"""

log = logging.getLogger(__name__)


class Limits:
    """The buckets of an installation. `factor` and `address_factor` make all of them larger, or smaller.

    `name` is the installation's own on a Redis that it may share with others.
    """

    def __init__(
        self,
        *,
        factor: float = 1,
        address_factor: float = 1,
        redis: RedisLink | None = None,
        name: str = "confab",
        clock: Clock = time.monotonic,
    ) -> None:
        self._factor = factor
        self._address_factor = address_factor
        self._redis = redis
        self._name = name
        self._script = redis.client.register_script(_TAKE) if redis else None
        self._buckets = Buckets(clock=clock)

    async def take(self, limit: Limit, key: object) -> None:
        """Count one of these, for all workers; raises TOO_MANY_REQUESTS with the `seconds` to wait."""
        self.take_here(limit, key)
        script = self._script
        if self._redis is None or script is None:
            return
        burst, per_second = self._size_of(limit)
        bucket, arguments = f"{self._name}:limit:{limit.name}:{_named(limit, key)}", [1 / per_second, burst]
        try:
            answer = await self._redis.ask(lambda client: script(keys=[bucket], args=arguments, client=client))
        except RedisAway:
            return
        wait = float(answer)
        if wait > 0:
            # Until then nobody has to be asked again.
            self._buckets.hold((limit.name, _named(limit, key)), wait, burst=burst, per_second=per_second)
            rate_limited(limit.name)
            raise too_many(wait)

    def take_here(self, limit: Limit, key: object) -> None:
        """Count one of these in this worker alone, at once; raises TOO_MANY_REQUESTS."""
        wait = self.wait_here(limit, key)
        if wait > 0:
            raise too_many(wait)

    def wait_here(self, limit: Limit, key: object) -> float:
        """The same, for who says no in another way: 0, or the seconds to wait."""
        (burst, per_second), name = self._size_of(limit), _named(limit, key)
        wait = self._buckets.take((limit.name, name), burst=burst, per_second=per_second)
        if wait and limit.per is Per.ADDRESS and not self._buckets.take("told", burst=1, per_second=_TOLD_PER_SECOND):
            log.warning(
                "Refused what came from %s, as too much at once (%s). If this is a proxy of yours, name it in "
                "TRUSTED_PROXIES; if many people share the address, raise ADDRESS_LIMIT_FACTOR.",
                name,
                limit.name,
            )
        if wait > 0:
            rate_limited(limit.name)
        return wait

    def at_once(self, most: int, per: Per) -> float:
        """How many may be under way at one time."""
        return most * self._factor * (self._address_factor if per is Per.ADDRESS else 1)

    def _size_of(self, limit: Limit) -> tuple[float, float]:
        """How many at once, and how many a second: a bucket that held less than one would never give any."""
        factor = self._factor * (self._address_factor if limit.per is Per.ADDRESS else 1)
        return max(limit.burst * factor, 1), limit.per_second * factor


class NoLimits(Limits):
    """Where nobody has to be held back: commands, imports, tests of services."""

    async def take(self, limit: Limit, key: object) -> None:
        """Anything goes."""

    def wait_here(self, limit: Limit, key: object) -> float:
        """Anything goes."""
        del limit, key
        return 0.0


def too_many(seconds: float) -> ConfabError:
    """The refusal that says how long to wait."""
    return ConfabError(ErrorCode.TOO_MANY_REQUESTS, seconds=max(1, math.ceil(seconds)))


def network_of(address: str) -> str:
    """Who is counted as one: an IPv4 address, or the network that one customer has."""
    if ":" not in address:
        return address
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return f"{IPv6Address(int(found) >> IPV6_CUSTOMER_BITS << IPV6_CUSTOMER_BITS)}/{IPV6_CUSTOMER_BITS}"


def _named(limit: Limit, key: object) -> str:
    return network_of(str(key)) if limit.per is Per.ADDRESS else str(key)
