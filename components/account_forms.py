"""The forms that make and open accounts. They are posted over HTTP: the session comes as a cookie."""

import reflex as rx

from components.field import field
from components.live import ApiForm
from rxapp.texts.var import t


def log_in_form() -> rx.Component:
    """Email and password."""
    return ApiForm.create(
        field("email", "account.email", type="email", auto_complete="username", required=True, auto_focus=True),
        field("password", "account.password", type="password", auto_complete="current-password", required=True),
        rx.el.button(t("login.submit"), type="submit", class_name="button-primary"),
        action="/api/session",
        next_path="/",
        class_name="grid gap-4",
    )


def register_form(*, with_workspace: bool, carry: dict[str, str]) -> rx.Component:
    """A new person; with their workspace where they are the first."""
    return ApiForm.create(
        field("name", "account.name", auto_complete="name", required=True, max_length=80, auto_focus=True),
        field("email", "account.email", type="email", auto_complete="username", required=True),
        field(
            "password",
            "account.password",
            hint="account.password_hint",
            type="password",
            auto_complete="new-password",
            required=True,
        ),
        *([field("workspace", "workspace.name", hint="workspace.name_hint", max_length=80)] if with_workspace else []),
        rx.el.button(t("register.submit"), type="submit", class_name="button-primary"),
        action="/api/accounts",
        next_path="/",
        carry=carry,
        class_name="grid gap-4",
    )
