"""Buttons that show a sign and say what they do."""

from typing import Any

import reflex as rx

from rxapp.texts.var import t

ICON_PX = 17


def icon_button(icon: str, label: str, on_click: Any, *, class_name: str = "") -> rx.Component:
    """A button with an icon (a Lucide name); its label is a key, read aloud and shown on hover."""
    return rx.el.button(
        rx.icon(icon, size=ICON_PX, aria_hidden="true"),
        type="button",
        aria_label=t(label),
        title=t(label),
        on_click=on_click,
        class_name=f"icon-button {class_name}",
    )
