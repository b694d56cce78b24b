"""What workers tell one another, over Redis pub/sub: one subscriber a worker, each thing said once.

Redis keeps nothing of it. What is said while it is away is lost, and every worker then looks at the truth: whenever one
hears again, or could not say something, all of them make a round at once (`rxapp.live.heads`).
"""

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from rxapp.live.redis_link import REDIS_TIMEOUT_SECONDS, START_PATIENCE_SECONDS, RedisAway, RedisLink
from rxapp.operator_error import OperatorError

# Others answer within milliseconds; one that does not is stuck, and must not hold up a request for longer.
ANSWER_SECONDS = 1.0
# Said in one go: more would make the first wait for the last.
BATCH_WORDS = 100
RETRY_SECONDS = 0.2
# How often a silent subscription is asked whether it still hears, and how often in vain.
SILENCE_SECONDS = 0.5
SILENCES = 3
# By then one that hears nothing more knows it, and asks the database who may hear what (`Hub.say_here`).
DEAF_SECONDS = SILENCE_SECONDS * SILENCES + REDIS_TIMEOUT_SECONDS
# What need not be waited for: nobody's rights depend on it.
ONLY_ASKED = frozenset({"here"})
# What is still to be said when a worker ends.
FAREWELL_SECONDS = 2.0

ROUND = "round"
"""All should look at the truth: something may have been missed."""

log = logging.getLogger(__name__)

Hear = Callable[[str, Sequence[Any]], Awaitable[Any]]
"""From a kind and its words to what is answered to who asked."""
Changed = Callable[[bool], Awaitable[None]]
"""Whether all workers hear one another now."""


@dataclass(slots=True)
class Question:
    """Something that others have to confirm."""

    number: int
    expected: int | None = None
    answers: list[Any] = field(default_factory=list)
    is_heard: asyncio.Event = field(default_factory=asyncio.Event)

    def take(self, answer: Any) -> None:
        """One has heard it."""
        self.answers.append(answer)
        self.look()

    def look(self) -> None:
        """Whether all have."""
        if self.expected is not None and len(self.answers) >= self.expected:
            self.is_heard.set()


@dataclass(frozen=True, slots=True)
class Word:
    """What goes out over a Redis channel."""

    channel: str
    text: bytes
    question: Question | None = None


def installation_name(secret: str) -> str:
    """Before all that an installation, and no other on the same Redis, keeps or says there: from its secret key."""
    return f"confab:{hashlib.sha256(b'confab bus ' + secret.encode()).hexdigest()[:16]}"


class Bus:
    """`Others` over Redis."""

    def __init__(self, link: RedisLink, name: str) -> None:
        self._link = link
        self._name = name
        self._me = uuid4().hex
        self._hear: Hear = _nobody
        self._changed: Changed = _nothing
        self._is_subscribed = False
        self._was_whole = False
        self._lost_at = float("-inf")
        self._failure = ""
        self._is_mute = False
        self._numbers = count(1)
        self._questions: dict[int, Question] = {}
        self._words: asyncio.Queue[Word] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._first = asyncio.Event()

    @property
    def is_whole(self) -> bool:
        """See `Others.is_whole`."""
        return self._is_subscribed and self._link.is_there

    @property
    def tasks(self) -> Sequence[asyncio.Task[None]]:
        """What has to run for as long as it is open."""
        return [*self._tasks, *self._link.tasks]

    async def start(self, *, hear: Hear, changed: Changed) -> None:
        """Hear the others from now on; returns once it does. Raises OperatorError when Redis lets nobody listen."""
        self._hear, self._changed = hear, changed
        self._link.listen(lost=self._look, back=self._come_back)
        self._tasks = [asyncio.create_task(self._keep_listening()), asyncio.create_task(self._keep_saying())]
        try:
            async with asyncio.timeout(START_PATIENCE_SECONDS):
                await self._first.wait()
        except TimeoutError as error:
            await self.close()
            raise OperatorError(
                "Redis answers at the address of REDIS_URL, but its channels cannot be heard "
                f"({self._failure or 'no answer'}). Its user needs the permission for them: &confab:* and +@pubsub."
            ) from error

    async def close(self) -> None:
        """Say what is still to be said, and hear no more."""
        if not self._tasks:
            return
        try:
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self._words.join()
        except TimeoutError:
            log.warning("Ended before everything was said to the other workers")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        self._is_subscribed = False

    def say(self, kind: str, *words: Any) -> None:
        """See `Others.say`. While Redis is away nothing is kept: a round will tell."""
        if self.is_whole:
            self._words.put_nowait(Word(self._name, self._encode(0, kind, words)))

    async def ask(self, kind: str, *words: Any) -> list[Any]:
        """See `Others.ask`. Who does not answer in time is left to its next round, and the log says so.

        What takes a right away returns only once those that did not confirm it know that they hear nothing.
        """
        asked_at = time.monotonic()
        if not self.is_whole:
            await self._let_the_deaf_know(kind, asked_at if self._was_whole else self._lost_at)
            return []
        question = Question(next(self._numbers))
        self._questions[question.number] = question
        self._words.put_nowait(Word(self._name, self._encode(question.number, kind, words), question))
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await question.is_heard.wait()
        except TimeoutError:
            pass
        finally:
            del self._questions[question.number]
        if question.expected is None or len(question.answers) < question.expected:
            log.warning(
                "Only %d of %s workers confirmed %r within %.0f s; the others will see it in their next round",
                len(question.answers), question.expected, kind, ANSWER_SECONDS,
            )  # fmt: skip
            await self._let_the_deaf_know(kind, asked_at)
        return [answer for answer in question.answers if answer is not None]

    async def _let_the_deaf_know(self, kind: str, since: float) -> None:
        if kind not in ONLY_ASKED:
            await asyncio.sleep(max(0.0, since + DEAF_SECONDS - time.monotonic()))

    # ---------------------------------------------------------------- saying

    def _encode(self, number: int, kind: str, words: Sequence[Any]) -> bytes:
        return json.dumps([self._me, number, kind, words], separators=(",", ":"), default=str).encode()

    async def _keep_saying(self) -> None:
        while True:
            batch = [await self._words.get()]
            while len(batch) < BATCH_WORDS and not self._words.empty():
                batch.append(self._words.get_nowait())
            if not await self._say(batch):
                await self._owe_a_round()
            for _ in batch:
                self._words.task_done()

    async def _say(self, batch: list[Word]) -> bool:
        """Whether all of it was said, in this order."""
        try:
            heard = await self._link.ask(lambda client: _publish(client, batch))
            receivers_of = list(zip(batch, heard, strict=True))
        except Exception as error:  # whatever it is, they did not hear it: a round will tell
            if not isinstance(error, RedisAway) and not self._is_mute:  # once for as long as it lasts
                log.exception("Could not tell the other workers")
                self._is_mute = True
            for word in batch:
                if word.question is not None:
                    word.question.is_heard.set()  # nobody will
            return False
        self._is_mute = False
        for word, receivers in receivers_of:
            if word.question is not None:
                word.question.expected = receivers
                word.question.look()
        return True

    async def _owe_a_round(self) -> None:
        """Something was lost on its way: as soon as they hear again all look at the truth."""
        due = [Word(self._name, self._encode(0, ROUND, ()))]
        while True:
            if await self._say(due):
                return
            await asyncio.sleep(RETRY_SECONDS)

    # ---------------------------------------------------------------- hearing

    async def _keep_listening(self) -> None:
        while True:
            try:
                async with self._link.client.pubsub() as pubsub:
                    await self._subscribe(pubsub)
                    self._is_subscribed = True
                    self._failure = ""
                    await self._come_back()
                    self._first.set()
                    await self._listen(pubsub)
            except (RedisError, OSError, TimeoutError) as error:
                if not self._failure:  # once for as long as it lasts
                    log.warning("The other workers are not heard just now: %s", error)
                self._failure = str(error) or type(error).__name__
            except Exception:
                log.exception("Could not listen to the other workers; trying again")
            self._is_subscribed = False
            await self._look()
            self._link.doubt()
            await asyncio.sleep(RETRY_SECONDS)

    async def _subscribe(self, pubsub: PubSub) -> None:
        channels = (self._name, f"{self._name}:{self._me}")
        await pubsub.subscribe(*channels)
        for _ in channels:
            if await pubsub.get_message(timeout=REDIS_TIMEOUT_SECONDS) is None:
                raise TimeoutError("no word about the subscription")

    async def _listen(self, pubsub: PubSub) -> None:
        silences = 0
        while silences < SILENCES:
            message = await pubsub.get_message(timeout=SILENCE_SECONDS)
            if message is None:
                silences += 1
                await pubsub.ping()
                continue
            silences = 0
            if message["type"] == "message":
                await self._take(message["data"])
        raise TimeoutError("nothing heard, not even an answer")

    async def _take(self, data: bytes) -> None:
        try:
            speaker, number, kind, words = json.loads(data)
        except (ValueError, TypeError):
            # One who hears no more is worse than one who missed a word: a round will tell.
            log.warning("Heard something that no worker says")
            return
        if kind == "answer":
            self._confirm(number, words[0])
        elif speaker == self._me and kind != ROUND:
            self._confirm(number, None)
        else:
            try:
                answer = await self._hear(kind, words)
            except Exception:
                log.exception("Could not do what another worker said: %s", kind)
                return
            if number:
                self._words.put_nowait(Word(f"{self._name}:{speaker}", self._encode(number, "answer", [answer])))

    def _confirm(self, number: int, answer: Any) -> None:
        question = self._questions.get(number)
        if question is not None:
            question.take(answer)

    async def _look(self) -> None:
        """Tell whoever has to know when the workers lose or find one another."""
        if self.is_whole != self._was_whole:
            self._was_whole = self.is_whole
            self._lost_at = time.monotonic()
            try:
                await self._changed(self.is_whole)
            except Exception:
                log.exception("Could not react to other workers going or coming")

    async def _come_back(self) -> None:
        await self._look()
        self.say(ROUND)  # to oneself too: neither what was said meanwhile nor what one did not say is known


async def _publish(client: Redis, batch: list[Word]) -> list[int]:
    async with client.pipeline(transaction=False) as pipeline:
        for word in batch:
            pipeline.publish(word.channel, word.text)
        return list(await pipeline.execute())


async def _nobody(kind: str, words: Sequence[Any]) -> Any:
    del kind, words


async def _nothing(is_whole: bool) -> None:
    del is_whole
