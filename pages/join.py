"""Coming in by an invitation link."""

import reflex as rx

from components.account_forms import register_form
from components.bridge import Item
from components.frame import entrance
from components.live import ApiForm, api_value
from pages.page import Page
from rxapp.texts.var import t


def join() -> rx.Component:
    """Who invites where; then either a new account, or one click for who is signed in."""
    return api_value(
        "/api/invitations/{token}",
        _invited,
        loading=entrance(t("loading")),
        refused=entrance(
            t("join.invalid_heading"),
            rx.el.p(t("join.invalid_text"), class_name="muted m-0"),
            rx.el.a(t("login.link"), href="/login", class_name="button"),
        ),
    )


def _invited(invitation: Item) -> rx.Component:
    return entrance(
        t("join.heading", workspace=invitation["workspace"]),
        rx.el.p(t("join.text", name=invitation["invited_by"]), class_name="muted m-0"),
        api_value("/api/session", _as_oneself, loading=rx.el.div(class_name="bone h-10"), refused=_as_newcomer()),
    )


def _as_oneself(me: Item) -> rx.Component:
    return ApiForm.create(
        rx.el.p(t("join.as", name=me["name"]), class_name="m-0"),
        rx.el.button(t("join.confirm"), type="submit", class_name="button-primary"),
        action="/api/invitations/{token}/acceptance",
        next_path="/w/{workspace_id}",
        class_name="grid gap-4",
    )


def _as_newcomer() -> rx.Component:
    return rx.el.div(
        register_form(with_workspace=False, carry={"invitation": "param:token"}),
        rx.el.p(
            t("register.has_account"),
            " ",
            rx.el.a(t("login.link"), href=_login_and_back(), class_name="text-button"),
            class_name="m-0 text-[14px]",
        ),
        class_name="grid gap-5",
    )


def _login_and_back() -> rx.Var[str]:
    return rx.Var("`/login?next=${encodeURIComponent(window.location.pathname)}`", _var_type=str)


JOIN = Page("/join/[token]", "join.title", join)
