"""What a message said before it was edited, and what changed each time."""

import reflex as rx

from components.actions import exact_time
from components.bridge import Item
from components.live import api_value, dialog
from rxapp.texts.var import t


def message_history_dialog() -> rx.Component:
    """Every text of a message, the newest first."""
    return dialog(
        "message-history",
        t("history.heading"),
        api_value(
            "/api/messages/{dialog}/versions",
            _versions,
            loading=rx.el.p(t("loading"), role="status", class_name="muted m-0"),
            refused=rx.el.p(t("error.not_found"), role="alert", class_name="refusal"),
        ),
    )


def _versions(answer: Item) -> rx.Component:
    versions = answer["versions"].to(list[dict[str, object]])
    return rx.el.ol(
        rx.foreach(versions, lambda version, index: _version(version, index, versions.length())),
        aria_label=t("history.heading"),
        reversed=True,
        class_name="versions",
    )


def _version(version: Item, index: rx.vars.NumberVar[int], count: rx.vars.NumberVar[int]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.strong(
                rx.cond(
                    index == 0,
                    t("history.current"),
                    rx.cond(
                        index == count - 1, t("history.original"), t("history.version", version=version["version"])
                    ),
                ),
                class_name="font-semibold",
            ),
            rx.el.time(exact_time(version["at"].to(int)), class_name="message-time"),
            class_name="flex flex-wrap items-baseline gap-x-2",
        ),
        rx.el.div(
            rx.foreach(version["pieces"].to(list[dict[str, str]]), _piece),
            class_name="version-text",
        ),
    )


def _piece(piece: Item) -> rx.Component:
    text = piece["t"].to(str)
    return rx.match(
        piece["k"].to(str),
        ("gone", rx.el.del_(text)),
        ("added", rx.el.ins(text)),
        rx.el.span(text),
    )
