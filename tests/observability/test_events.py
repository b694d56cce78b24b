"""An event of a tab: named, timed, and a failure of it said once, with all that is known."""

import asyncio
import logging
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY

from rxapp.observability.circumstances import circumstances
from rxapp.observability.events import handling, say_failure
from rxapp.observability.logs import Objects
from rxapp.settings import get_settings


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_a_failure_is_said_once_where_most_is_known(caplog: pytest.LogCaptureFixture) -> None:
    channel, said = uuid4(), []

    class Written(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(Objects(7).format(record))

    written = Written()
    logging.getLogger("rxapp.observability.events").addHandler(written)
    before = value("confab_errors_total", kind="handler")
    try:
        with pytest.raises(RuntimeError) as raised, handling("ChannelState.open", {"channel_id": str(channel)}):
            raise RuntimeError("broken")
        say_failure(raised.value)  # as Reflex does, when it hears of it
    finally:
        logging.getLogger("rxapp.observability.events").removeHandler(written)
    (line,) = said
    assert '"where": "ChannelState.open"' in line
    assert str(channel) in line
    assert "RuntimeError: broken" in line
    assert value("confab_errors_total", kind="handler") == before + 1
    assert len(caplog.records) == 1


def test_each_event_has_its_own_circumstances() -> None:
    names = set()
    for _ in range(3):
        with handling("ChannelState.open", {"channel_id": "no id"}):
            found = circumstances()
            assert found is not None
            assert found.channel_id == ""
            names.add(found.request_id)
    assert len(names) == 3
    assert circumstances() is None


async def test_a_slow_event_is_said(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLOW_REQUEST_MS", "1")
    get_settings.cache_clear()
    try:
        with handling("ChannelState.open", {}):
            await asyncio.sleep(0.002)
    finally:
        get_settings.cache_clear()
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith("An event was slow: ChannelState.open in ")
