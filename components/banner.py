"""What is said above everything when live updates are late."""

import reflex as rx

from components.live import Item, live_value
from rxapp.texts.var import t


def connection_banner() -> rx.Component:
    """Shown while the socket is down."""
    return live_value("connection", _banner)


def _banner(connection: Item) -> rx.Component:
    return rx.cond(
        connection["down"].to(bool),
        rx.el.p(
            t("connection.down"),
            role="status",
            class_name="m-0 bg-notice px-4 py-1.5 text-center text-[13px]",
        ),
    )
