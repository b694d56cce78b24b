"""The menu on the workspace's name, and the questions before one leaves or deletes it."""

import reflex as rx

from components.actions import open_dialog
from components.bridge import Item
from components.field import field
from components.invite_dialog import open_invite_dialog
from components.live import dialog, live_value
from components.menu import menu, menu_item, menu_line
from components.question import answers, question
from rxapp.texts.var import t
from state.workspace import WorkspaceState


def workspace_menu(workspace: Item) -> rx.Component:
    """What one does with a workspace as a whole."""
    administers = workspace["administers"].to(bool)
    found: rx.Component = menu(
        t("workspace.menu_of", name=workspace["name"]),
        rx.cond(administers, menu_item("user-plus", "invite.heading", open_invite_dialog())),
        menu_item("users", "members.heading", open_dialog("members")),
        rx.cond(administers, menu_item("settings-2", "workspace.settings", open_dialog("workspace-settings"))),
        menu_line(),
        menu_item("plus", "workspaces.add", open_dialog("add-workspace")),
        menu_line(),
        menu_item("log-out", "workspace.leave", open_dialog("leave-workspace"), danger=True),
        trigger=rx.fragment(
            rx.el.span(workspace["name"].to(str), class_name="truncate"),
            rx.icon("chevron-down", size=14, aria_hidden="true", class_name="shrink-0 text-ink-soft"),
        ),
        class_name="flex min-w-0 items-center gap-1 rounded-md px-2 py-1 text-[16px] font-semibold hover:bg-hover",
    )
    return found


def leave_workspace_dialog() -> rx.Component:
    """Asks before one goes."""
    return question(
        "leave-workspace",
        "workspace.leave_heading",
        live_value("workspace", _leave),
        confirm="workspace.leave_confirm",
        on_confirm=WorkspaceState.leave,
    )


def _leave(workspace: Item) -> rx.Component:
    return rx.el.p(t("workspace.leave_text", name=workspace["name"]), class_name="m-0")


def delete_workspace_dialog() -> rx.Component:
    """Asks for the name before everything goes."""
    return dialog("delete-workspace", t("workspace.delete_heading"), live_value("workspace", _delete))


def _delete(workspace: Item) -> rx.Component:
    return rx.el.form(
        rx.el.p(t("workspace.delete_text"), class_name="m-0"),
        rx.el.p(t("workspace.delete_name"), " ", rx.el.strong(workspace["name"].to(str)), class_name="m-0"),
        field("name", "workspace.name", required=True, auto_complete="off", auto_focus=True, max_length=80),
        answers("workspace.delete_confirm", danger=True),
        on_submit=WorkspaceState.delete,
        class_name="grid gap-4",
    )
