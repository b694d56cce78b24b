"""An address that leads nowhere."""

import reflex as rx

from components.frame import entrance
from pages.page import Page
from rxapp.texts.var import t


def missing() -> rx.Component:
    """Say so, and lead back."""
    return entrance(
        t("missing.heading"),
        rx.el.p(t("missing.text"), class_name="muted m-0"),
        rx.el.a(t("missing.back"), href="/", class_name="button-primary"),
    )


MISSING = Page("/404", "missing.heading", missing)
