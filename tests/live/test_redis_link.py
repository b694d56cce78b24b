"""The way to Redis: never waited for, watched, and told of."""

import asyncio

import pytest

from rxapp.live import redis_link
from rxapp.live.redis_link import RedisAway, RedisLink
from rxapp.operator_error import OperatorError
from tests.live.waiting import until
from tests.redis_server import RedisServer


async def test_it_answers_while_it_is_there(redis_server: RedisServer) -> None:
    link = RedisLink(redis_server.url)
    with pytest.raises(RedisAway):
        await link.ask(lambda client: client.get("word"))
    await link.start()
    await link.ask(lambda client: client.set("word", "kept"))
    assert await link.ask(lambda client: client.get("word")) == b"kept"
    await link.close()
    with pytest.raises(RedisAway):
        await link.ask(lambda client: client.get("word"))


@pytest.mark.parametrize("end", ["kill", "freeze"])
async def test_who_asks_while_it_is_away_goes_on_and_all_are_told_when_it_is_back(
    redis_server: RedisServer, end: str
) -> None:
    told: list[str] = []

    async def lost() -> None:
        told.append("lost")

    async def broken() -> None:
        raise RuntimeError("a listener that fails is no reason to stop watching")

    async def back() -> None:
        told.append("back")

    link = RedisLink(redis_server.url)
    link.listen(lost=broken)
    link.listen(lost=lost, back=back)
    await link.start()
    getattr(redis_server, end)()
    with pytest.raises(RedisAway):
        await link.ask(lambda client: client.get("word"))
    await until(lambda: told == ["lost"], "the loss is noticed")
    assert not link.is_there
    (redis_server.start if end == "kill" else redis_server.thaw)()
    await until(lambda: told == ["lost", "back"], "the return is noticed")
    assert await link.ask(lambda client: client.get("word")) is None
    await link.close()


async def test_a_loss_is_noticed_though_nobody_asks(redis_server: RedisServer) -> None:
    gone = asyncio.Event()

    async def lost() -> None:
        gone.set()

    link = RedisLink(redis_server.url)
    link.listen(lost=lost)
    await link.start()
    redis_server.kill()
    await asyncio.wait_for(gone.wait(), 30)
    await link.close()


async def test_it_is_waited_for_at_a_start_and_then_refused(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    redis_server.kill()
    patient = RedisLink(redis_server.url)
    starting = asyncio.create_task(patient.start())
    redis_server.start()
    await starting
    await patient.close()

    redis_server.kill()
    monkeypatch.setattr(redis_link, "START_PATIENCE_SECONDS", 0.2)
    impatient = RedisLink(redis_server.url)
    with pytest.raises(OperatorError, match=r"Redis does not answer at the address of REDIS_URL \(Error 2 connecting"):
        await impatient.start()
    await impatient.close()


@pytest.mark.parametrize(
    "url",
    ["localhost:6379", "http://localhost", "redis://:pass/word@localhost:6379/0", "redis://localhost/0?no_such=1"],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(OperatorError, match="The setting REDIS_URL is not usable") as refused:
        RedisLink(url)
    assert "pass" not in str(refused.value).replace("password", "")


async def test_a_wrong_password_is_told_from_a_server_that_is_away(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_link, "START_PATIENCE_SECONDS", 0.3)
    link = RedisLink(f"{redis_server.url}?password=wrong")
    with pytest.raises(OperatorError, match="without any password configured"):
        await link.start()
    await link.close()


async def test_many_who_ask_at_once_share_a_few_connections(redis_server: RedisServer) -> None:
    link = RedisLink(redis_server.url)
    await link.start()
    await asyncio.gather(*(link.ask(lambda client: client.incr("asked")) for _ in range(500)))
    assert await link.ask(lambda client: client.get("asked")) == b"500"
    clients = await link.ask(lambda client: client.client_list())
    assert len(clients) <= redis_link.MAX_CONNECTIONS
    assert link.is_there
    await link.close()
