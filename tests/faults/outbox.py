"""Sending as assets/live/outbox.js does: one message of a person and channel at a time, again until it is answered.

Beside that what a hostile network makes of it: the same request twice at once, and an old one once more much later.
"""

import asyncio
import random
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from rxapp.auth.sessions import COOKIE_NAME
from tests.faults.history import Act, History, Outcome, What
from tests.faults.plan import Plan
from tests.faults.tab import Tab
from tests.faults.town import Town

FINAL_STATUS = frozenset({400, 403, 404, 409, 410, 413, 422})
RETRY_MIN_SECONDS = 0.5
# Below the server's own limit for idle connections, so that none is closed just when it is used.
KEEP_ALIVE_SECONDS = 4.0
TWICE_AT_ONCE = 0.1
AGAIN_LATER = 0.1
LATER_SECONDS = (0.5, 8.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request came back with; status 0 is nothing."""

    status: int
    body: dict[str, Any]


class Outbox:
    """The outbox of one person's tab."""

    def __init__(self, plan: Plan, town: Town, tab: Tab, history: History, url: str) -> None:
        self._plan = plan
        self._tab = tab
        self._history = history
        self._chance = random.Random(f"outbox {plan.seed} {tab.number}")
        self._busy: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._under_way: set[asyncio.Task[None]] = set()
        person = town.people[tab.number]
        self._client = httpx.AsyncClient(
            base_url=url,
            timeout=plan.request_timeout,
            limits=httpx.Limits(keepalive_expiry=KEEP_ALIVE_SECONDS),
            trust_env=False,
            headers={"Cookie": f"{COOKIE_NAME}={person.token}", "Origin": url, "confab-person": str(person.id)},
        )

    def post(self, channel: str, text: str) -> None:
        """Send a message, sooner or later."""
        key = str(UUID(int=self._chance.getrandbits(128), version=4))
        self._spawn(self._deliver(channel, key, text))

    def edit(self, message: str, channel: str, text: str) -> None:
        """Change one's own message; tried once, as the page does."""
        self._spawn(self._change(What.EDIT, message, channel, text))

    def delete(self, message: str, channel: str) -> None:
        """Delete one's own message; tried once."""
        self._spawn(self._change(What.DELETE, message, channel, ""))

    async def settled(self) -> None:
        """Wait until all is answered."""
        while self._under_way:
            done, _ = await asyncio.wait(set(self._under_way))
            for task in done:
                task.result()

    async def close(self) -> None:
        """Give up what is still under way."""
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self._client.aclose()

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(lambda ended: self._under_way.discard(ended) if not _failed(ended) else None)

    async def _deliver(self, channel: str, key: str, text: str) -> None:
        body = {"client_key": key, "source": text}
        path = f"/api/channels/{channel}/messages"
        async with self._busy[channel]:
            act = self._history.begin(What.SEND, self._tab.number, channel, key, text)
            while True:
                act.tries += 1
                twin = self._chance.random() < TWICE_AT_ONCE
                sent = [self._ask("POST", path, body) for _ in range(2 if twin else 1)]
                answers = await asyncio.gather(*sent)
                if self._judge(act, answers):
                    break
                await self._wait(min(self._plan.retry_max, RETRY_MIN_SECONDS * 2**act.tries))
        if act.outcome is Outcome.OK and self._chance.random() < AGAIN_LATER:
            self._spawn(self._send_again(act, path, body))

    def _judge(self, act: Act, answers: list[Answer]) -> bool:
        """Whether that was an answer. Of two requests with one key both have to say the same."""
        yes = [answer for answer in answers if answer.status == httpx.codes.CREATED and "id" in answer.body]
        no = [answer for answer in answers if answer.status in FINAL_STATUS]
        if yes:
            act.end(Outcome.OK, yes[0].body)
            self._tab.hear_answer(yes[0].body)
            for answer in yes[1:]:
                self._history.again.append(_again(act, answer))
            return True
        if no and len(no) == len(answers):
            act.end(Outcome.REFUSED, status=no[0].status)
            return True
        return False

    async def _send_again(self, act: Act, path: str, body: dict[str, Any]) -> None:
        await asyncio.sleep(self._chance.uniform(*LATER_SECONDS))
        answer = await self._ask("POST", path, body)
        if answer.status == httpx.codes.CREATED:
            self._history.again.append(_again(act, answer))

    async def _change(self, what: What, message: str, channel: str, text: str) -> None:
        act = self._history.begin(what, self._tab.number, channel, message, text)
        path = f"/api/messages/{message}"
        answer = await (self._ask("PATCH", path, {"source": text}) if what is What.EDIT else self._ask("DELETE", path))
        if answer.status == httpx.codes.OK and "id" in answer.body:
            act.end(Outcome.OK, answer.body)
        elif answer.status in FINAL_STATUS:
            act.end(Outcome.REFUSED, status=answer.status)
        else:
            act.status = answer.status

    async def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        try:
            # A bound for the whole of it, as the page has one: httpx's own are for each read.
            async with asyncio.timeout(self._plan.request_timeout):
                answer = await self._client.request(method, path, json=body)
        except (httpx.TransportError, TimeoutError):
            return Answer(0, {})
        is_json = "json" in answer.headers.get("content-type", "")
        return Answer(answer.status_code, answer.json() if is_json else {})

    async def _wait(self, seconds: float) -> None:
        """As long as that, or until the tab has a new socket: then nobody waits any longer."""
        try:
            async with asyncio.timeout(seconds):
                await self._tab.next_socket()
        except TimeoutError:
            pass


def _failed(task: "asyncio.Task[None]") -> bool:
    """Kept among what is under way, so that `settled` raises it."""
    return not task.cancelled() and task.exception() is not None


def _again(act: Act, answer: Answer) -> Act:
    copy = Act(What.SEND, act.who, act.channel, act.key, act.text)
    copy.end(Outcome.OK, answer.body)
    return copy
