"""For who is signed in and in no workspace."""

import reflex as rx

from components.actions import log_out
from components.add_workspace import ways_in
from components.frame import entrance
from components.live import live_link
from pages.page import Page
from rxapp.texts.var import t
from state.channel import ChannelState
from state.more_workspaces import MoreWorkspacesState
from state.workspace import WorkspaceState


def welcome() -> rx.Component:
    """Make a workspace, follow a link, or bring back what was deleted."""
    return rx.el.div(
        live_link(on_enter=WorkspaceState.enter, on_enter_other=WorkspaceState.enter_other, on_open=ChannelState.open),
        entrance(
            t("welcome.heading"),
            rx.el.p(t("welcome.text"), class_name="muted m-0"),
            ways_in(),
            rx.el.button(t("log_out"), type="button", on_click=log_out(), class_name="text-button justify-self-start"),
        ),
        on_mount=MoreWorkspacesState.load,
    )


WELCOME = Page("/welcome", "welcome.title", welcome)
