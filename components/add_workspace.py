"""The ways to one more workspace: making it, or coming into it by a link."""

import reflex as rx

from components.field import field
from components.live import Item, dialog, live_value
from rxapp.texts.var import t
from state.workspace import WorkspaceState


def add_workspace_dialog() -> rx.Component:
    """Create or join."""
    return dialog("add-workspace", t("workspaces.add"), live_value("workspace", _creation), join_section())


def _creation(workspace: Item) -> rx.Component:
    return create_section(workspace["creates"].to(bool))


def create_section(may_create: rx.Var[bool]) -> rx.Component:
    """The form that makes a workspace, or who would make one."""
    return rx.el.section(
        _heading("workspaces.create_heading"),
        rx.cond(
            may_create, _create_form(), rx.el.p(t("workspaces.may_not_create"), class_name="muted m-0 text-[14px]")
        ),
        class_name="grid gap-3",
    )


def _create_form() -> rx.Component:
    return rx.el.form(
        field("name", "workspace.name", hint="workspace.name_hint", required=True, max_length=80),
        icon_field(),
        rx.el.button(t("workspaces.create"), type="submit", class_name="button-primary justify-self-start"),
        on_submit=WorkspaceState.create,
        class_name="grid gap-3",
    )


def icon_field(**props: object) -> rx.Component:
    """One emoji."""
    return field("icon", "workspace.icon", hint="workspace.icon_hint", max_length=32, auto_complete="off", **props)


def join_section() -> rx.Component:
    """Where a link goes that somebody was sent."""
    return rx.el.section(
        _heading("workspaces.join_heading"),
        rx.el.form(
            field("link", "invite.link", hint="workspaces.join_hint", required=True, auto_complete="off"),
            rx.el.button(t("workspaces.join"), type="submit", class_name="button justify-self-start"),
            on_submit=WorkspaceState.follow_link,
            class_name="grid gap-3",
        ),
        class_name="grid gap-3 border-t border-line pt-4",
    )


def _heading(key: str) -> rx.Component:
    return rx.el.h3(t(key), class_name="m-0 text-[15px] font-semibold")
