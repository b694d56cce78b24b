"""The ways to one more workspace: making it, coming into it by a link, bringing a deleted one back."""

from typing import Any

import reflex as rx

from components.actions import initials
from components.bridge import Item
from components.field import field, is_empty
from components.live import dialog
from components.workspace_sign import workspace_sign
from rxapp.texts.var import t
from state.more_workspaces import MoreWorkspacesState
from state.workspace import WorkspaceState


def add_workspace_dialog() -> rx.Component:
    """Create, join or restore."""
    return dialog("add-workspace", t("workspaces.add"), ways_in(), on_open=MoreWorkspacesState.load)


def ways_in() -> rx.Component:
    """What there is for this person, once it is known."""
    return rx.cond(
        MoreWorkspacesState.is_loaded,
        rx.el.div(_create(), _join(), _restore(), class_name="grid gap-5"),
        rx.el.div(class_name="bone h-40"),
    )


def _create() -> rx.Component:
    return rx.cond(
        MoreWorkspacesState.may_create,
        rx.el.section(
            _heading("workspaces.create_heading"),
            rx.el.form(
                field("name", "workspace.name", hint="workspace.name_hint", required=True, max_length=80),
                icon_field(),
                rx.el.button(t("workspaces.create"), type="submit", class_name="button-primary justify-self-start"),
                on_submit=WorkspaceState.create,
                class_name="grid gap-3",
            ),
            class_name="grid gap-3",
        ),
        rx.el.p(t("workspaces.may_not_create"), class_name="muted m-0 text-[14px]"),
    )


def icon_field(**props: Any) -> rx.Component:
    """One emoji."""
    return field("icon", "workspace.icon", hint="workspace.icon_hint", max_length=32, auto_complete="off", **props)


def _join() -> rx.Component:
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


def _restore() -> rx.Component:
    return rx.cond(
        is_empty(MoreWorkspacesState.deleted),
        rx.fragment(),
        rx.el.section(
            _heading("workspaces.deleted"),
            rx.el.ul(
                rx.foreach(MoreWorkspacesState.deleted, _deleted),
                aria_label=t("workspaces.deleted"),
                class_name="m-0 grid grid-cols-[minmax(0,1fr)] list-none gap-px p-0",
            ),
            class_name="grid gap-3 border-t border-line pt-4",
        ),
    )


def _deleted(workspace: Item) -> rx.Component:
    sign = {"icon": workspace["icon"], "hue": workspace["hue"], "initials": initials(workspace["name"])}
    return rx.el.li(
        workspace_sign(sign, "size-9 text-[13px]"),  # type: ignore[arg-type]
        rx.el.span(
            rx.el.span(workspace["name"].to(str), class_name="block truncate font-medium"),
            rx.el.span(
                t("workspaces.deleted_by", name=workspace["by"]),
                " ",
                t("workspaces.days_left", count=workspace["days_left"]),
                class_name="muted block truncate text-[13px]",
            ),
            class_name="min-w-0 flex-1 text-[14px]",
        ),
        rx.el.button(
            t("workspaces.restore"),
            type="button",
            aria_label=t("workspaces.restore_label", name=workspace["name"]),
            on_click=MoreWorkspacesState.restore(workspace["id"].to(str)),
            class_name="button",
        ),
        class_name="flex items-center gap-3 rounded-md py-1.5",
    )


def _heading(key: str) -> rx.Component:
    return rx.el.h2(t(key), class_name="m-0 text-[15px] font-semibold")
