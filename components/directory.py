"""The directory of the workspace's people, and what admins do in it."""

import reflex as rx

from components.actions import close_for_pane, dialog_value, open_dialog
from components.avatar import avatar
from components.bridge import Item
from components.list_loading import list_loading
from components.live import dialog, directory
from components.person_lines import person_lines
from components.profile import role_name
from components.question import question
from rxapp.texts.var import t
from state.people import PeopleState


def members_dialog() -> rx.Component:
    """Who is in the workspace."""
    return dialog(
        "members",
        t("members.heading"),
        directory(_member, loading=list_loading(), role_given=PeopleState.role_given),
    )


def remove_member_dialog() -> rx.Component:
    """Asks before somebody is taken out of the workspace."""
    return question(
        "remove-member",
        "members.remove_heading",
        rx.el.p(t("members.remove_text"), class_name="m-0"),
        confirm="members.remove_confirm",
        on_confirm=PeopleState.remove_member(dialog_value()),
        on_cancel=open_dialog("members"),
    )


def _member(person: Item) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            avatar(person, "size-9 text-[13px]"),
            person_lines(person),
            type="button",
            on_click=close_for_pane("profile", person["id"].to(str)),
            class_name="flex min-w-0 grow basis-[210px] items-center gap-3 rounded-md text-left",
        ),
        rx.cond(
            person["administers"].to(bool),
            _role(person),
            rx.el.span(role_name(person), class_name="muted shrink-0 text-[13px]"),
        ),
        class_name="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md px-2 py-1.5 hover:bg-hover",
    )


def _role(person: Item) -> rx.Component:
    return rx.el.div(
        rx.el.select(
            rx.el.option(t("role.owner"), value="owner"),
            rx.el.option(t("role.admin"), value="admin"),
            rx.el.option(t("role.member"), value="member"),
            value=person["role"].to(str),
            aria_label=t("role.label", name=person["name"]),
            on_change=lambda role: PeopleState.change_role(person["id"].to(str), role),
            class_name="input w-auto!",
        ),
        rx.el.button(
            rx.icon("user-minus", size=17, aria_hidden="true"),
            type="button",
            aria_label=t("members.remove_label", name=person["name"]),
            title=t("members.remove"),
            on_click=open_dialog("remove-member", person["id"].to(str)),
            class_name="icon-button",
        ),
        class_name="ml-auto flex shrink-0 items-center gap-1",
    )
