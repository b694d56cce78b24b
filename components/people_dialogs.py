"""The dialogs about people: who is in the channel, who is in the workspace, and the link that lets others in."""

from typing import Any

import reflex as rx

from components.avatar import avatar
from components.channel_dialogs import SEARCH_AFTER_MS
from components.field import is_empty, search_field
from components.live import Item, copy_link, dialog, dialog_value, initials, link_of, live_value, open_dialog
from rxapp.texts.var import t
from state.people import PeopleState

Person = Item


def channel_people_dialog() -> rx.Component:
    """Who is in the channel, and who could be brought in."""
    return dialog(
        "people",
        t("people.heading"),
        _people(PeopleState.in_channel, "people.in_channel", _taken_out),
        rx.el.h3(t("people.add_heading"), class_name="m-0 text-[15px] font-semibold"),
        search_field("people.search", PeopleState.open_channel_people.debounce(SEARCH_AFTER_MS)),
        _people(PeopleState.found, "people.found", _added),
        rx.cond(is_empty(PeopleState.found), rx.el.p(t("people.none"), class_name="muted m-0")),
        on_open=PeopleState.open_channel_people(""),
    )


def members_dialog() -> rx.Component:
    """Who is in the workspace."""
    return dialog(
        "members",
        t("members.heading"),
        search_field("members.search", PeopleState.open_members.debounce(SEARCH_AFTER_MS)),
        live_value("workspace", _members),
        rx.cond(is_empty(PeopleState.members), rx.el.p(t("members.none"), class_name="muted m-0")),
        on_open=PeopleState.open_members(""),
    )


def remove_member_dialog() -> rx.Component:
    """Asks before somebody is taken out of the workspace."""
    return dialog(
        "remove-member",
        t("members.remove_heading"),
        rx.el.p(t("members.remove_text"), class_name="m-0"),
        rx.el.div(
            rx.el.button(t("cancel"), type="button", on_click=open_dialog("members"), class_name="button"),
            rx.el.button(
                t("members.remove_confirm"),
                type="button",
                on_click=PeopleState.remove_member(dialog_value()),
                class_name="button-danger",
            ),
            class_name="dialog-actions",
        ),
    )


def invite_dialog() -> rx.Component:
    """A link to hand on."""
    return dialog(
        "invite",
        t("invite.heading"),
        rx.el.p(t("invite.text"), class_name="muted m-0"),
        rx.cond(
            PeopleState.invitation_path != "",
            rx.el.div(
                rx.el.input(
                    read_only=True,
                    value=link_of(PeopleState.invitation_path),
                    aria_label=t("invite.link"),
                    class_name="input",
                ),
                rx.el.button(
                    t("copy"),
                    type="button",
                    on_click=copy_link(PeopleState.invitation_path),
                    class_name="button-primary",
                ),
                class_name="flex gap-2",
            ),
            rx.el.div(class_name="bone h-10"),
        ),
        on_open=PeopleState.invite,
    )


def _people(people: Any, label: str, action: Any) -> rx.Component:
    return rx.el.ul(
        rx.foreach(people, lambda person: _person(person, action(person))),
        aria_label=t(label),
        class_name="m-0 grid grid-cols-[minmax(0,1fr)] max-h-[30dvh] list-none gap-px overflow-y-auto p-0",
    )


def _members(workspace: Item) -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            PeopleState.members,
            lambda person: _person(
                person, rx.cond(workspace["administers"].to(bool), _role(person), _role_name(person))
            ),
        ),
        aria_label=t("members.list"),
        class_name="m-0 grid grid-cols-[minmax(0,1fr)] max-h-[50dvh] list-none gap-px overflow-y-auto p-0",
    )


def _person(person: Person, action: rx.Component | rx.Var[Any]) -> rx.Component:
    shown = {"initials": initials(person["name"]), "hue": person["hue"]}
    return rx.el.li(
        avatar(shown, "size-8 text-[12px]"),  # type: ignore[arg-type]
        rx.el.span(
            rx.el.span(person["name"].to(str), class_name="block truncate font-medium"),
            rx.el.span("@", person["handle"].to(str), class_name="muted block truncate text-[13px]"),
            class_name="min-w-0 flex-1",
        ),
        action,
        class_name="flex items-center gap-3 rounded-md px-2 py-1.5 hover:bg-hover",
    )


def _added(person: Person) -> rx.Component:
    return rx.el.button(
        t("people.add"),
        type="button",
        aria_label=t("people.add_label", name=person["name"]),
        on_click=PeopleState.add(person["id"].to(str)),
        class_name="button",
    )


def _taken_out(person: Person) -> rx.Component:
    return rx.el.button(
        t("people.take_out"),
        type="button",
        aria_label=t("people.take_out_label", name=person["name"]),
        on_click=PeopleState.take_out(person["id"].to(str)),
        class_name="button",
    )


def _role_name(person: Person) -> rx.Component:
    return rx.el.span(
        rx.match(
            person["role"].to(str),
            ("owner", t("role.owner")),
            ("admin", t("role.admin")),
            t("role.member"),
        ),
        class_name="muted text-[13px]",
    )


def _role(person: Person) -> rx.Component:
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
            t("members.remove"),
            type="button",
            aria_label=t("members.remove_label", name=person["name"]),
            on_click=open_dialog("remove-member", person["id"].to(str)),
            class_name="button",
        ),
        class_name="flex gap-2",
    )
