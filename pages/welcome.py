"""For who is signed in and in no workspace."""

import reflex as rx

from components.field import field
from components.frame import entrance
from components.live import live_link, log_out
from pages.page import Page
from rxapp.texts.var import t
from state.channel import ChannelState
from state.workspace import WorkspaceState


def welcome() -> rx.Component:
    """Wait for a link, or make a workspace as the installation's owner."""
    return rx.fragment(
        live_link(on_enter=WorkspaceState.enter, on_open=ChannelState.open),
        entrance(
            t("welcome.heading"),
            rx.el.p(t("welcome.text"), class_name="muted m-0"),
            rx.el.form(
                field("name", "workspace.name", required=True, max_length=80),
                rx.el.button(t("welcome.create"), type="submit", class_name="button-primary"),
                on_submit=WorkspaceState.create,
                class_name="grid gap-4",
            ),
            rx.el.button(t("log_out"), type="button", on_click=log_out(), class_name="text-button justify-self-start"),
        ),
    )


WELCOME = Page("/welcome", "welcome.title", welcome)
