"""The way to Redis, watched: whoever asks it something asks here first whether it is there, and never waits long.

Redis makes several workers one; it holds nothing that is not in the database too. So while it is away everything goes
on by other means, and nothing waits for it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar, cast

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from rxapp.operator_error import OperatorError

# What is asked takes well under a millisecond; a server that needs so long is as good as away.
REDIS_TIMEOUT_SECONDS = 0.5
# Of this process; who finds none free in time goes on without.
MAX_CONNECTIONS = 32
# How often an idle link is tried: nobody else may notice that it broke.
CHECK_SECONDS = 1.0
RETRY_FIRST_SECONDS = 0.1
RETRY_MAX_SECONDS = 1.0
# At a start Redis may come up together with us.
START_PATIENCE_SECONDS = 5.0

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
Told = Callable[[], Awaitable[None]]


class RedisAway(Exception):
    """Redis did not answer, or is known to be away; go on without it."""


class RedisLink:
    """One process's connections to Redis; the only owner of their settings."""

    def __init__(self, url: str) -> None:
        try:
            pool = BlockingConnectionPool.from_url(
                url,
                max_connections=MAX_CONNECTIONS,
                timeout=REDIS_TIMEOUT_SECONDS,
                socket_timeout=REDIS_TIMEOUT_SECONDS,
                socket_connect_timeout=REDIS_TIMEOUT_SECONDS,
                retry=Retry(NoBackoff(), 0),  # we say when it is tried again
            )
            pool.make_connection()  # type: ignore[no-untyped-call] # it connects to nothing yet, and looks at what the address asks for
        except (ValueError, TypeError):
            # What the library says of it may repeat a part of the password.
            raise OperatorError(
                "The setting REDIS_URL is not usable: expected something like redis://:password@host:6379/0, with "
                "special characters in the password percent-encoded, or rediss:// or unix://. Correct it in the "
                "environment or in .env."
            ) from None
        self.client: Redis = Redis.from_pool(pool)
        self._is_there = False
        self._failure = ""
        self._on_lost: list[Told] = []
        self._on_back: list[Told] = []
        self._doubt = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None

    @property
    def is_there(self) -> bool:
        """Whether Redis answered the last time; while it does not, ask it nothing."""
        return self._is_there

    @property
    def tasks(self) -> Sequence[asyncio.Task[None]]:
        """What has to run for as long as it is open."""
        return [self._watch] if self._watch is not None else []

    def listen(self, *, lost: Told | None = None, back: Told | None = None) -> None:
        """Be told when Redis goes, and when it is there again (the first time is no return)."""
        self._on_lost += [lost] if lost else []
        self._on_back += [back] if back else []

    async def start(self) -> None:
        """Connect and keep watch. Raises OperatorError when Redis does not answer in a while."""
        try:
            async with asyncio.timeout(START_PATIENCE_SECONDS):
                await self._until_it_answers()
        except TimeoutError as error:
            raise OperatorError(
                f"Redis does not answer at the address of REDIS_URL ({self._failure}). Start it, correct REDIS_URL, or "
                "leave REDIS_URL and WEB_CONCURRENCY out to run one worker without it."
            ) from error
        self._is_there = True
        self._watch = asyncio.create_task(self._keep_watch())

    async def close(self) -> None:
        """Let go of all connections."""
        self._is_there = False
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await self.client.aclose()

    async def ask(self, question: Callable[[Redis], Awaitable[Answer]]) -> Answer:
        """The answer to `lambda client: client.get(…)`; raises RedisAway at once, or soon, when there is none."""
        if not self._is_there:
            raise RedisAway
        try:
            async with asyncio.timeout(REDIS_TIMEOUT_SECONDS):
                return await question(self.client)
        except (RedisError, OSError, TimeoutError) as error:
            self.doubt()
            raise RedisAway from error

    def doubt(self) -> None:
        """Something did not work: see at once whether Redis is there."""
        self._doubt.set()

    async def _keep_watch(self) -> None:
        while True:
            try:
                async with asyncio.timeout(CHECK_SECONDS):
                    await self._doubt.wait()
            except TimeoutError:
                pass
            self._doubt.clear()
            if await self._answers():
                continue
            log.warning("Redis does not answer (%s); live updates stay within each worker until it does", self._failure)
            self._is_there = False
            await _tell(self._on_lost)
            await self._until_it_answers()
            log.warning("Redis is there again")
            self._is_there = True
            await _tell(self._on_back)

    async def _until_it_answers(self) -> None:
        pause = RETRY_FIRST_SECONDS
        while not await self._answers():
            await asyncio.sleep(pause)
            pause = min(2 * pause, RETRY_MAX_SECONDS)

    async def _answers(self) -> bool:
        try:
            async with asyncio.timeout(REDIS_TIMEOUT_SECONDS):
                await cast("Awaitable[bool]", self.client.ping())
        except (RedisError, OSError, TimeoutError) as error:
            self._failure = str(error).rstrip(".") or "it is silent"
            return False
        return True


async def _tell(listeners: list[Told]) -> None:
    for told in listeners:
        try:
            await told()
        except Exception:
            log.exception("Could not react to Redis going or coming")
