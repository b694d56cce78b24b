"""Marking all of a workspace read."""

import reflex as rx

from components.actions import mark_all_read
from components.bridge import Item
from components.button import icon_button
from components.live import live_value
from components.question import question
from rxapp.texts.var import t
from state.workspace import WorkspaceState


def mark_all_read_button() -> rx.Component:
    """The button; Shift and Escape do the same."""
    return icon_button("check-check", "channels.mark_all_read", mark_all_read())


def mark_all_read_dialog() -> rx.Component:
    """Asks before much is marked read."""
    return question(
        "mark-all-read",
        "channels.mark_all_heading",
        live_value("unread", _how_much),
        confirm="channels.mark_all_read",
        on_confirm=WorkspaceState.mark_all_read,
        danger=False,
    )


def _how_much(unread: Item) -> rx.Component:
    return rx.el.p(t("channels.mark_all_text", count=unread["channels"]), class_name="m-0")
