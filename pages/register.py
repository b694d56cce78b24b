"""Making an account: the first one, by itself or by the one-time link, and anybody's where registration is open."""

import reflex as rx

from components.account_forms import register_form
from components.bridge import Item
from components.frame import entrance
from components.live import api_value
from pages.page import Page
from rxapp.texts.var import t


def register() -> rx.Component:
    """Who one is; for the first also how the workspace is called."""
    return api_value(
        "/api/installation",
        _form,
        loading=entrance(t("loading")),
        refused=entrance(
            t("broken.heading"), rx.el.a(t("broken.again"), href="/register", class_name="button-primary")
        ),
    )


def _form(installation: Item) -> rx.Component:
    return rx.cond(installation["entrance"].to(str) == "first", _first(), _newcomer())


def _first() -> rx.Component:
    return entrance(
        t("register.heading"),
        rx.el.p(t("register.text"), class_name="muted m-0"),
        register_form(with_workspace=True, carry={"setup": "query:token"}),
    )


def _newcomer() -> rx.Component:
    return entrance(
        t("register.heading"),
        rx.el.p(t("register.text_open"), class_name="muted m-0"),
        register_form(with_workspace=False, carry={}),
        rx.el.p(
            t("register.has_account"),
            " ",
            rx.el.a(t("login.link"), href="/login", class_name="text-button"),
            class_name="m-0 text-[14px]",
        ),
    )


REGISTER = Page("/register", "register.title", register)
SETUP = Page("/setup", "register.title", register)
