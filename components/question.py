"""A question before something is done that one might regret."""

from typing import Any

import reflex as rx

from components.actions import close_dialog
from components.bridge import Children
from components.live import dialog
from rxapp.texts.var import t


def question(
    name: str, heading: str, *text: Children, confirm: str, on_confirm: Any, danger: bool = True, **props: Any
) -> rx.Component:
    """A dialog that says what will happen, and asks; `heading` and `confirm` are keys."""
    return dialog(name, t(heading), *text, answers(confirm, on_click=on_confirm, danger=danger, **props))


def answers(confirm: str, *, danger: bool = False, on_cancel: Any = None, **props: Any) -> rx.Component:
    """Cancel, and the button that does it, named by a key; without an `on_click` it submits the form it stands in."""
    return rx.el.div(
        rx.el.button(
            t("cancel"), type="button", on_click=close_dialog() if on_cancel is None else on_cancel, class_name="button"
        ),
        rx.el.button(
            t(confirm),
            type="button" if "on_click" in props else "submit",
            class_name="button-danger" if danger else "button-primary",
            **props,
        ),
        class_name="dialog-actions",
    )
