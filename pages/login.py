"""Logging in."""

import reflex as rx

from components.account_forms import log_in_form
from components.frame import entrance
from pages.page import Page
from rxapp.texts.var import t


def login() -> rx.Component:
    """Email and password."""
    return entrance(
        t("login.heading"),
        log_in_form(),
        rx.el.p(t("login.no_account"), class_name="muted m-0 text-[14px]"),
    )


LOGIN = Page("/login", "login.title", login)
