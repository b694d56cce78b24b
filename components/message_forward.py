"""Taking a message to another place."""

import reflex as rx

from components.live import dialog, forward_form
from components.switcher import place_row
from rxapp.texts.var import t


def forward_message_dialog() -> rx.Component:
    """Where to, and what one says to it."""
    return dialog("forward-message", t("forward.heading"), forward_form(place_row))
