"""The dialog about the workspace, and for its owner about the installation."""

import reflex as rx

from components.channel_dialogs import form_actions
from components.field import field
from components.live import Item, dialog, live_value
from rxapp.texts.var import t
from state.installation import InstallationState
from state.workspace import WorkspaceState


def workspace_dialog() -> rx.Component:
    """The workspace's name; who may register."""
    return dialog(
        "workspace-settings",
        t("workspace.settings"),
        live_value("workspace", _name),
        live_value("workspace", _registration),
        on_open=InstallationState.load,
    )


def _name(workspace: Item) -> rx.Component:
    return rx.el.form(
        field("name", "workspace.name", default_value=workspace["name"].to(str), required=True, max_length=80),
        form_actions("save"),
        on_submit=WorkspaceState.rename,
        class_name="grid gap-4",
    )


def _registration(workspace: Item) -> rx.Component:
    return rx.cond(
        workspace["installs"].to(bool),
        rx.el.section(
            rx.el.h3(t("installation.open_heading"), class_name="m-0 text-[15px] font-semibold"),
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    checked=InstallationState.is_open,
                    on_change=InstallationState.set_open,
                    class_name="mt-1 size-4 accent-(--accent)",
                ),
                rx.el.span(
                    t("installation.open"),
                    rx.el.span(t("installation.open_hint"), class_name="muted block text-[13px]"),
                ),
                class_name="flex items-start gap-3 text-[14px]",
            ),
            class_name="grid gap-2 border-t border-line pt-4",
        ),
    )
