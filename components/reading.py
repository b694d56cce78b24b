"""Marking all of a workspace read."""

import reflex as rx

from components.button import icon_button
from components.live import close_dialog, dialog, dialog_value, mark_all_read
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
        rx.el.p(t("channels.mark_all_text", count=dialog_value()), class_name="m-0"),
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
