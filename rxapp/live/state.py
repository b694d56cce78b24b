"""The var that ops travel in."""

from typing import Any

import reflex as rx


class LiveState(rx.State):
    """Never assigned on the server: deltas for it are made by hand, see `rxapp.live.delivery`."""

    op: dict[str, Any] = {}  # noqa: RUF012 - Reflex copies the default for each client


def op_delta(op: dict[str, Any]) -> dict[str, Any]:
    """The state update that hands an op to the browser's store."""
    return {"delta": {LiveState.get_full_name(): {"op_rx_state_": op}}}
