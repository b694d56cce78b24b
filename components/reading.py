"""Marking all of a workspace read."""

import reflex as rx

from components.actions import close_dialog, mark_all_read
from components.bridge import Item
from components.button import icon_button
from components.live import dialog, live_value
from rxapp.texts.var import t
from state.workspace import WorkspaceState


def mark_all_read_button() -> rx.Component:
    """The button; Shift and Escape do the same."""
    return icon_button("check-check", "channels.mark_all_read", mark_all_read())


def mark_all_read_dialog() -> rx.Component:
    """Asks before much is marked read."""
    return dialog(
        "mark-all-read",
        t("channels.mark_all_heading"),
        live_value("unread", _how_much),
        rx.el.div(
            rx.el.button(t("cancel"), type="button", on_click=close_dialog(), class_name="button"),
            rx.el.button(
                t("channels.mark_all_read"),
                type="button",
                on_click=WorkspaceState.mark_all_read,
                class_name="button-primary",
            ),
            class_name="dialog-actions",
        ),
    )


def _how_much(unread: Item) -> rx.Component:
    return rx.el.p(t("channels.mark_all_text", count=unread["channels"]), class_name="m-0")
