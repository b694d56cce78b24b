"""What is said above everything when live updates are late."""

import reflex as rx

from components.actions import reload_page
from components.bridge import Item
from components.live import live_value
from rxapp.texts.var import t

_BANNER = "m-0 bg-notice px-4 py-1.5 text-center text-[13px]"


def connection_banner() -> rx.Component:
    """Shown while the socket is down, or the server's workers do not hear one another, and when it has a newer page."""
    return live_value("connection", _banner)


def _banner(connection: Item) -> rx.Component:
    return rx.fragment(
        rx.cond(connection["down"].to(bool), rx.el.p(t("connection.down"), role="status", class_name=_BANNER)),
        rx.cond(
            connection["late"].to(bool) & ~connection["down"].to(bool),
            rx.el.p(t("connection.late"), role="status", class_name=_BANNER),
        ),
        rx.cond(
            connection["stale"].to(bool) & ~connection["down"].to(bool),
            rx.el.p(
                t("version.new"),
                " ",
                rx.el.button(t("version.reload"), type="button", on_click=reload_page(), class_name="text-button"),
                role="status",
                class_name=_BANNER,
            ),
        ),
    )
