"""The first account, by itself or by the one-time link; and anybody's where registration is open."""

import reflex as rx

from components.account_forms import register_form
from components.frame import entrance
from pages.page import Page
from rxapp.texts.var import t


def register() -> rx.Component:
    """Who one is, and how the workspace is called."""
    return entrance(
        t("register.heading"),
        rx.el.p(t("register.text"), class_name="muted m-0"),
        register_form(with_workspace=True, carry={"setup": "query:token"}),
        _has_account(),
    )


def _has_account() -> rx.Component:
    return rx.el.p(
        t("register.has_account"),
        " ",
        rx.el.a(t("login.link"), href="/login", class_name="text-button"),
        class_name="m-0 text-[14px]",
    )


REGISTER = Page("/register", "register.title", register)
SETUP = Page("/setup", "register.title", register)
