"""Going somewhere by typing a part of its name."""

import reflex as rx

from components.avatar import avatar
from components.bridge import Item
from components.live import dialog, quick_switcher
from rxapp.texts.var import t


def switcher_dialog() -> rx.Component:
    """Channels and people, typing errors allowed."""
    return dialog("switcher", t("switcher.heading"), quick_switcher(place_row))


def place_row(place: Item) -> rx.Component:
    """A channel or a person, with what tells it from others."""
    return rx.fragment(
        rx.match(
            place["icon"].to(str),
            ("person", avatar(place, "size-6 text-[10px]")),
            ("lock", rx.icon("lock", size=15, aria_hidden="true", class_name="w-6 shrink-0 opacity-70")),
            rx.icon("hash", size=16, aria_hidden="true", class_name="w-6 shrink-0 opacity-70"),
        ),
        rx.el.span(
            place["name"].to(str),
            class_name=rx.cond(place["unread"].to(bool), "truncate font-bold", "truncate"),
        ),
        rx.cond(place["unread"].to(bool), rx.el.span(t("channel.unread"), class_name="sr-only")),
        rx.el.span(place["also"].to(str), class_name="muted min-w-0 flex-1 truncate text-[13px]"),
    )
