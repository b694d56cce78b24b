"""Where one writes: the box, the buttons that format, emoji and sending."""

from typing import Any

import reflex as rx

from components.actions import emoji_here, format_here, toggle_toolbar, with_keys
from components.bridge import Item
from components.button import icon_button
from components.live import Composer, live_value
from rxapp.texts.var import t
from state.channel import ChannelState

ICON_PX = 16
SEND_ICON_PX = 17

# An icon (a Lucide name) for each format of assets/live/formatting.js, in groups.
FORMATS = (
    {"bold": "bold", "italic": "italic", "strike": "strikethrough"},
    {"link": "link"},
    {"numbers": "list-ordered", "bullets": "list"},
    {"quote": "text-quote"},
    {"code": "code", "block": "square-code"},
)


def composer() -> rx.Component:
    """The box in which one writes to the channel in the address."""
    return Composer.create(
        formats=rx.Var.create(_formats()),
        extras=rx.Var.create(_extras()),
        send_icon=rx.Var.create(rx.icon("send-horizontal", size=SEND_ICON_PX, aria_hidden="true")),
        on_typing=ChannelState.typing,
    )


def typing_line() -> rx.Component:
    """Who is writing just now; the room for it is always there."""
    return live_value("typing", _typing_line)


def _typing_line(typing: Item) -> rx.Component:
    return rx.el.p(typing["text"].to(str), class_name="typing-line")


def _formats() -> rx.Component:
    groups = [[_format(name, icon) for name, icon in group.items()] for group in FORMATS]
    first, *others = groups
    return rx.el.div(
        *first,
        *(part for group in others for part in (_line(), *group)),
        role="toolbar",
        aria_label=t("format.label"),
        class_name="flex flex-wrap items-center",
    )


def _format(name: str, icon: str) -> rx.Component:
    label: Any = t(f"format.{name}")
    return rx.el.button(
        rx.icon(icon, size=ICON_PX, aria_hidden="true"),
        type="button",
        aria_label=label,
        title=with_keys(label, name),
        on_click=format_here(name),
        class_name="icon-button composer-button",
    )


def _line() -> rx.Component:
    return rx.el.span(aria_hidden="true", class_name="composer-line")


def _extras() -> rx.Component:
    return rx.el.div(
        icon_button("a-large-small", "format.toggle", toggle_toolbar(), class_name="composer-button"),
        icon_button("smile", "emoji.open", emoji_here(), class_name="composer-button"),
        class_name="flex flex-1 items-center",
    )
