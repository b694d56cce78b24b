"""Whichever worker is asked, its figures are those of all, and a killed worker's open tabs are not among them."""

import os
import signal

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.access.server import METRICS_TOKEN
from tests.browser.waiting import until
from tests.team import Team
from tests.workers.cluster import WORKERS, Cluster
from tests.workers.people import People

pytestmark = pytest.mark.slow


async def figures(cluster: Cluster) -> dict[str, float]:
    """The sums of some metrics over their labels."""
    async with cluster.server.client() as client:
        answer = await client.get("/metrics", headers={"authorization": f"Bearer {METRICS_TOKEN}"})
    assert answer.status_code == 200
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            assert "pid" not in sample.labels
            found[sample.name] = found.get(sample.name, 0) + sample.value
    return found


async def test_all_workers_count_together(cluster: Cluster, team: Team, people: People) -> None:
    async def two_workers() -> bool:
        return len(cluster.workers()) == WORKERS

    async def another() -> bool:
        return await two_workers() and first not in cluster.workers()

    await until(two_workers, "there are two workers")
    first, second = cluster.workers()
    before = await figures(cluster)
    assert before["confab_build_info"] == 1
    tabs = [await people.look(team.member, first), await people.look(team.admin, second)]
    await people.send(team.owner, "hello")
    for tab in tabs:
        await tab.until_heard("new")

    async def counted() -> bool:
        found = await figures(cluster)
        return found["confab_tabs"] >= 2 and found["confab_commit_batch_messages_count"] > before.get(
            "confab_commit_batch_messages_count", 0
        )

    await until(counted, "two tabs and a message are counted, whichever worker answers")

    os.kill(first, signal.SIGKILL)
    await until(another, "another one serves")

    async def forgotten() -> bool:
        return (await figures(cluster))["confab_tabs"] == 1

    await until(forgotten, "the tab of the killed worker is not counted any more")


async def test_without_redis_workers_are_degraded_and_serve(cluster: Cluster) -> None:
    async def status() -> tuple[int, str, str]:
        async with httpx.AsyncClient(base_url=cluster.server.url, trust_env=False) as client:
            answer = await client.get("/health/ready")
        return answer.status_code, answer.json()["status"], answer.json()["parts"]["redis"]

    async def is_degraded() -> bool:
        return await status() == (200, "degraded", "failing")

    async def is_ready() -> bool:
        return await status() == (200, "ready", "ok")

    await until(is_ready, "it is ready")
    cluster.redis.kill()
    try:
        await until(is_degraded, "it serves without Redis, and says so")
    finally:
        cluster.redis.start()
    await until(is_ready, "it is ready again")
