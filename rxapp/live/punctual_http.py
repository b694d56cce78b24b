"""The server's HTTP protocol, with deadlines: a connection that only takes up room is closed.

uvicorn waits for a request for as long as it takes, and for as long as an answer is not taken. How long a body may take
is the front door's to say (`rxapp/api/body.py`).
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from rxapp.live.allowances import HEAD_SECONDS, STALLED_ANSWER_SECONDS


class PunctualProtocol(H11Protocol):
    """uvicorn's protocol; `tests/live/test_punctual_http.py` fails when an upgrade moves what this relies on."""

    _head_timer: asyncio.TimerHandle | None = None
    _stall_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as in uvicorn
        """From now on a head is awaited."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is awaited any more."""
        self._await_no_head()
        self._await_no_taker()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A head that is here is not awaited any more; the first byte after an answer begins another wait."""
        if self._head_timer is None and not self._is_answering:
            self._await_head()
        super().data_received(data)
        if self._is_answering:
            self._await_no_head()

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Another protocol takes over."""
        self._await_no_head()
        super().handle_websocket_upgrade(event)

    def pause_writing(self) -> None:
        """The peer does not take its answer."""
        super().pause_writing()
        if self._stall_timer is None:
            self._stall_timer = self.loop.call_later(STALLED_ANSWER_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """It does again."""
        self._await_no_taker()
        super().resume_writing()

    @property
    def _is_answering(self) -> bool:
        cycle: Any = self.cycle
        return cycle is not None and not cycle.response_complete

    def _await_head(self) -> None:
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _await_no_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _await_no_taker(self) -> None:
        if self._stall_timer is not None:
            self._stall_timer.cancel()
            self._stall_timer = None
