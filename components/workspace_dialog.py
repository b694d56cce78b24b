"""The dialog about the workspace, and for its owner about the installation."""

from typing import Any

import reflex as rx

from components.actions import open_dialog
from components.add_workspace import icon_field
from components.bridge import Item
from components.field import field
from components.live import dialog, live_value
from components.question import answers
from rxapp.texts.var import t
from state.installation import InstallationState
from state.workspace import WorkspaceState

# Degrees on the colour circle, and how each is called.
HUES = {
    0: "hue.red",
    30: "hue.orange",
    60: "hue.olive",
    90: "hue.lime",
    120: "hue.green",
    150: "hue.emerald",
    180: "hue.teal",
    210: "hue.blue",
    240: "hue.indigo",
    270: "hue.violet",
    300: "hue.magenta",
    330: "hue.pink",
}


def workspace_dialog() -> rx.Component:
    """The workspace's name and sign; who may register and make workspaces; its end."""
    return dialog(
        "workspace-settings",
        t("workspace.settings"),
        live_value("workspace", _looks),
        live_value("workspace", _installation),
        live_value("workspace", _end),
        on_open=InstallationState.load,
    )


def _looks(workspace: Item) -> rx.Component:
    return rx.el.form(
        field("name", "workspace.name", default_value=workspace["name"].to(str), required=True, max_length=80),
        icon_field(default_value=workspace["icon"].to(str)),
        rx.el.fieldset(
            rx.el.legend(t("workspace.hue"), class_name="mb-[5px] p-0 text-[14px] font-[550]"),
            rx.el.div(
                *(_hue(workspace, hue, label) for hue, label in HUES.items()), class_name="flex flex-wrap gap-2.5 p-1"
            ),
            class_name="m-0 border-0 p-0",
        ),
        answers("save"),
        on_submit=WorkspaceState.rename,
        class_name="grid gap-4",
    )


def _hue(workspace: Item, hue: int, label: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="hue",
            value=str(hue),
            default_checked=workspace["hue"].to(int) == hue,
        ),
        rx.el.span(t(label), class_name="sr-only"),
        title=t(label),
        class_name="hue",
        style={"background": f"hsl({hue} 45% var(--avatar-lightness))"},
    )


def _installation(workspace: Item) -> rx.Component:
    return rx.cond(
        workspace["installs"].to(bool),
        rx.el.section(
            rx.el.h3(t("installation.heading"), class_name="m-0 text-[15px] font-semibold"),
            _allowed("installation.open", InstallationState.is_open, InstallationState.set_open),
            _allowed("installation.creation", InstallationState.anyone_creates, InstallationState.set_creation),
            class_name="grid gap-3 border-t border-line pt-4",
        ),
    )


def _allowed(key: str, checked: Any, on_change: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="checkbox", checked=checked, on_change=on_change, class_name="mt-1 size-4 accent-(--accent)"),
        rx.el.span(t(key), rx.el.span(t(f"{key}_hint"), class_name="muted block text-[13px]")),
        class_name="flex items-start gap-3 text-[14px]",
    )


def _end(workspace: Item) -> rx.Component:
    return rx.cond(
        workspace["owns"].to(bool),
        rx.el.section(
            rx.el.p(t("workspace.delete_offer"), class_name="muted m-0 min-w-0 flex-1 text-[14px]"),
            rx.el.button(
                t("workspace.delete"), type="button", on_click=open_dialog("delete-workspace"), class_name="button"
            ),
            class_name="flex items-center gap-3 border-t border-line pt-4",
        ),
    )
