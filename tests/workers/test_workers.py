"""Several workers are one to everybody: what is said on one is seen on the other, and nothing is lost when one goes."""

import asyncio
import os
import signal
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from tests.access.tab import HYDRATE, Refused, Tab
from tests.access.test_handlers import PEOPLE
from tests.live.waiting import until
from tests.team import Team
from tests.workers.cluster import WORKERS, Cluster
from tests.workers.people import People

pytestmark = pytest.mark.slow

MESSAGES = 40
SENDERS = 4
THE_END = "the end"


def new_messages(tab: Tab) -> list[tuple[int, str]]:
    """Rev and text of what came as new."""
    return [(op["rev"], op["m"]["html"]) for op in tab.ops if op["k"] == "new"]


def everything(tab: Tab) -> dict[str, int]:
    """The texts that a tab has by now, however they came, with their numbers."""
    found: dict[str, int] = {}
    for op in tab.ops:
        rows = op["ms"] if op["k"] in ("page", "changes") else [op["m"]] if op["k"] == "new" else []
        found.update({row["html"]: row["seq"] for row in rows})
    return found


def html(text: str) -> str:
    return f"<p>{text}</p>\n"


async def both(cluster: Cluster) -> tuple[int, int]:
    """Both workers, serving."""
    await until(lambda: len(cluster.workers()) == WORKERS, "there are two workers")
    first, second = cluster.workers()
    return first, second


async def test_what_is_kept_in_redis_is_ours_and_no_tab_s_state(cluster: Cluster, team: Team, people: People) -> None:
    for worker in await both(cluster):
        tab = await people.look(team.member, worker)
        await tab.send(HYDRATE)
        await tab.settle()
    async with Redis.from_url(cluster.redis.url) as redis:
        assert [key for key in await redis.keys() if not key.startswith(b"confab:")] == []
        channels = await redis.pubsub_channels()
        assert len(channels) == 1 + WORKERS
        assert all(channel.startswith(b"confab:") for channel in channels)


async def test_tabs_on_two_workers_see_the_same_messages_in_order(cluster: Cluster, team: Team, people: People) -> None:
    first, second = await both(cluster)
    here, there = await people.look(team.member, first), await people.look(team.admin, second)

    async def talk(number: int) -> None:
        who = (team.member, team.admin, team.owner, team.member)[number]
        for count in range(MESSAGES // SENDERS):
            await people.send(who, f"{number}.{count}")

    await people.send(team.owner, "first")
    for tab in (here, there):
        await tab.until(lambda tab=tab: len(new_messages(tab)) == 1)  # type: ignore[misc]
    await asyncio.gather(*(talk(number) for number in range(SENDERS)))
    for tab in (here, there):
        await tab.until(lambda tab=tab: len(new_messages(tab)) == MESSAGES + 1)  # type: ignore[misc]
        revs = [rev for rev, _ in new_messages(tab)]
        assert revs == list(range(revs[0], revs[0] + MESSAGES + 1))
    assert new_messages(here) == new_messages(there)


async def test_who_is_taken_out_hears_nothing_more_on_any_worker(cluster: Cluster, team: Team, people: People) -> None:
    first, second = await both(cluster)
    admin = await people.look(team.admin, first, team.secret)
    gone = [await people.look(team.member, worker, team.secret) for worker in (first, second)]
    await admin.send(f"{PEOPLE}.take_out", {"user_id": str(team.member.user_id)})
    await admin.settle()
    await people.send(team.admin, "among ourselves", team.secret)
    for tab in gone:
        await tab.until_heard("left")
        await tab.settle()
        assert new_messages(tab) == []
    await admin.until(lambda: [text for _, text in new_messages(admin)] == [html("among ourselves")])


async def test_a_session_that_ends_closes_its_tabs_on_every_worker(
    cluster: Cluster, team: Team, people: People
) -> None:
    tabs = [await people.look(team.member, worker) for worker in await both(cluster)]
    assert (await (await people.client(team.member)).delete("/api/session")).status_code == 204
    for tab in tabs:
        await tab.until_closed()
        assert "signed_out" in [op["k"] for op in tab.ops]
    with pytest.raises(Refused):
        await people.open(team.member)


async def test_a_channel_that_nobody_looks_at_is_marked_unread_on_every_worker(
    cluster: Cluster, team: Team, people: People
) -> None:
    tabs = [await people.look(team.member, worker, team.secret) for worker in await both(cluster)]
    await people.send(team.owner, "over there")
    for tab in tabs:
        await tab.until_heard("tick")
        assert {op["ch"] for op in tab.ops if op["k"] == "tick"} == {str(team.general)}


async def test_a_tab_comes_up_on_another_worker_with_the_token_it_had(
    cluster: Cluster, team: Team, people: People
) -> None:
    first, second = await both(cluster)
    token = str(uuid4())
    here = await people.open(team.member, first, client_token=token)
    await people.enter(here, team.secret)
    # For a moment the token is on both, as when one worker has not noticed yet that the tab went.
    there = await people.open(team.member, second, client_token=token)
    await there.send(HYDRATE)
    await people.enter(there, team.general)
    await people.send(team.admin, "to both", team.secret)
    await people.send(team.admin, "and this")
    await here.until(lambda: new_messages(here) != [])
    await there.until(lambda: new_messages(there) != [])
    assert [text for _, text in new_messages(here)] == [html("to both")]
    assert [text for _, text in new_messages(there)] == [html("and this")]
    await here.close()
    again = await people.open(team.member, first, client_token=token)
    await people.enter(again, team.general)
    assert html("and this") in everything(again)


class Stream:
    """Somebody who sends without a pause, and somebody who reads along and comes back whenever the socket ends."""

    def __init__(self, team: Team, people: People) -> None:
        self._team = team
        self._people = people
        self._is_over = asyncio.Event()
        self.sent: list[str] = []
        self.read: dict[str, int] = {}
        self.listeners = 0
        self.returns = 0

    async def send(self) -> None:
        while not self._is_over.is_set():
            await self._say(f"number {len(self.sent)}")
        await self._say(THE_END)

    async def _say(self, text: str) -> None:
        await self._people.send(self._team.admin, text)
        self.sent.append(html(text))

    async def listen(self, worker: int) -> None:
        """Until the end is read."""
        tab = await self._people.look(self._team.member, worker)
        self.listeners += 1
        while html(THE_END) not in self.read:
            known = len(everything(tab))
            await tab.until(lambda tab=tab, known=known: len(everything(tab)) > known)  # type: ignore[misc]
            self.read |= everything(tab)
            if tab.is_closed:
                self.returns += 1
                rev = max(op["rev"] for op in tab.ops if op["k"] in ("page", "changes", "new"))
                tab = await self._people.open(self._team.member)
                await self._people.enter(tab, self._team.general, since_rev=rev)
                self.read |= everything(tab)

    def end(self) -> None:
        """Send no more."""
        self._is_over.set()

    def assert_nothing_is_lost(self) -> None:
        """What was said to be stored is there once, in the order in which it was sent."""
        assert set(self.sent) <= set(self.read)
        numbers = [self.read[text] for text in self.sent]
        assert numbers == sorted(set(numbers))


async def test_a_worker_that_is_killed_loses_nothing_and_its_tabs_come_back(
    cluster: Cluster, team: Team, people: People
) -> None:
    first, second = await both(cluster)
    stream = Stream(team, people)
    listening = [asyncio.create_task(stream.listen(worker)) for worker in (first, second)]
    sending = asyncio.create_task(stream.send())
    await until(lambda: len(stream.sent) >= 5 and stream.listeners == WORKERS, "it flows")
    os.kill(first, signal.SIGKILL)
    so_far = len(stream.sent)
    await until(lambda: len(stream.sent) >= so_far + 5, "it goes on")
    await until(lambda: len(set(cluster.workers()) - {first}) == WORKERS, "another one starts")
    stream.end()
    await asyncio.gather(sending, *listening)
    assert stream.returns == 1
    stream.assert_nothing_is_lost()


async def test_all_workers_are_replaced_under_a_stream_of_messages_and_nothing_is_lost(
    cluster: Cluster, team: Team, people: People
) -> None:
    old = await both(cluster)
    stream = Stream(team, people)
    listening = [asyncio.create_task(stream.listen(worker)) for worker in old]
    sending = asyncio.create_task(stream.send())
    await until(lambda: len(stream.sent) >= 5 and stream.listeners == WORKERS, "it flows")
    cluster.replace_workers()
    await until(lambda: cluster.said("All workers were replaced"), "all are replaced")
    assert not set(cluster.workers()) & set(old)
    stream.end()
    await asyncio.gather(sending, *listening)
    assert stream.returns >= len(old)
    stream.assert_nothing_is_lost()
    assert "Traceback" not in cluster.log.read_text()


async def test_without_redis_people_are_told_rights_are_kept_and_all_catch_up(
    cluster: Cluster, team: Team, people: People
) -> None:
    first, second = await both(cluster)
    here, there = await people.look(team.member, first), await people.look(team.bystander, second)
    admin = await people.look(team.admin, first, team.secret)
    secret = await people.look(team.member, second, team.secret)
    cluster.redis.kill()
    for tab in (here, there, admin, secret):
        await tab.until(lambda tab=tab: _links(tab) != [])  # type: ignore[misc]
        assert _links(tab)[-1] is False
    late = await people.look(team.bystander, second)
    await late.until(lambda: _links(late)[-1:] == [False])
    row = await people.send(team.owner, "still here")
    await there.until(lambda: _knows(there, row["rev"]))  # by a head, at the latest
    await here.until(lambda: _knows(here, row["rev"]))

    # Taken out on a worker that cannot tell the other: who is there is out with its next round.
    await admin.send(f"{PEOPLE}.take_out", {"user_id": str(team.member.user_id)})
    await admin.settle()
    await secret.settle()
    rounds = _rounds(secret)
    await secret.until(lambda: _rounds(secret) >= rounds + 2)
    heads = len([op for op in secret.ops if op["k"] == "head"])
    await secret.until(lambda: _rounds(secret) >= rounds + 4)
    assert len([op for op in secret.ops if op["k"] == "head"]) == heads

    cluster.redis.start()
    for tab in (here, there, admin, late):
        await tab.until(lambda tab=tab: _links(tab)[-1] is True)  # type: ignore[misc]
    await people.send(team.owner, "as before")
    for tab in (here, there):
        await tab.until(lambda tab=tab: html("as before") in everything(tab))  # type: ignore[misc]


def _links(tab: Tab) -> list[bool]:
    return [op["whole"] for op in tab.ops if op["k"] == "link"]


def _rounds(tab: Tab) -> int:
    return len([op for op in tab.ops if op["k"] == "workspaces"])


def _knows(tab: Tab, rev: int) -> bool:
    return any(op["k"] in ("new", "head") and op["rev"] >= rev for op in tab.ops)


async def test_workers_end_with_their_parent(cluster: Cluster) -> None:
    pids = await both(cluster)
    await cluster.crash()
    await until(lambda: not any(_runs(pid) for pid in pids), "they end too")
    cluster.redis.kill()
    await cluster.start()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
