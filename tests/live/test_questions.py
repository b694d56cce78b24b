"""What a tab asked for and was refused for a moment, it asks for again: until then it would hear nothing."""

from uuid import uuid4

from tests.live.browser_store import BrowserStore, BrowserStores, Missed
from tests.live.waiting import until

UNAVAILABLE = {"k": "refusal", "code": "unavailable", "parameters": {}}


async def missed_of(store: BrowserStore) -> Missed:
    found: list[Missed] = []

    def asks() -> bool:
        found[:] = [store.apply([])]
        return bool(found[0].channels or found[0].workspaces)

    await until(asks, "the tab asks again")
    return found[0]


async def test_what_was_refused_while_the_database_was_away_is_asked_for_again_until_it_is_answered(
    stores: BrowserStores,
) -> None:
    store, channel, workspace = stores.open(), str(uuid4()), str(uuid4())
    assert store.come(workspace) == 0
    store.ask(channel)
    for _ in range(2):
        store.apply([UNAVAILABLE, UNAVAILABLE])
        assert await missed_of(store) == Missed([channel], [workspace])
    store.apply([{"k": "gone", "ws": workspace, "rev": 1}, UNAVAILABLE])
    assert await missed_of(store) == Missed([channel], [])
    store.apply([{"k": "absent", "ch": channel}, UNAVAILABLE, {**UNAVAILABLE, "code": "not_found"}])
    assert store.wait_ms() == 0


async def test_another_refusal_is_the_last_word(stores: BrowserStores) -> None:
    store = stores.open()
    store.ask(str(uuid4()))
    store.apply([{**UNAVAILABLE, "code": "not_joined"}])
    assert store.wait_ms() == 0
    store.apply([UNAVAILABLE])
    assert 0 < store.wait_ms() < 30_000


async def test_who_asked_too_much_at_once_waits_as_long_as_the_server_said(stores: BrowserStores) -> None:
    store = stores.open()
    store.ask(str(uuid4()))
    store.apply([{"k": "refusal", "code": "too_many_requests", "parameters": {"seconds": 30}}])
    assert 30_000 <= store.wait_ms() <= 60_000
