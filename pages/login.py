"""Logging in."""

import reflex as rx

from components.account_forms import log_in_form
from components.bridge import Item
from components.frame import entrance
from components.live import api_value
from pages.page import Page
from rxapp.texts.var import t


def login() -> rx.Component:
    """Email and password."""
    return entrance(
        t("login.heading"),
        log_in_form(),
        api_value("/api/installation", _no_account, loading=rx.fragment(), refused=rx.fragment()),
    )


def _no_account(installation: Item) -> rx.Component:
    return rx.el.p(
        rx.cond(
            installation["entrance"].to(str) == "open",
            rx.el.a(t("register.heading"), href="/register", class_name="text-button"),
            t("login.no_account"),
        ),
        class_name="muted m-0 text-[14px]",
    )


LOGIN = Page("/login", "login.title", login)
