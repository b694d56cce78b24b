"""The dialog about people: who is in the channel, and who could come in."""

from typing import Any

import reflex as rx

from components.avatar import avatar
from components.channel_dialogs import SEARCH_AFTER_MS
from components.field import is_empty, search_field
from components.live import Item, dialog, initials
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


def _people(people: Any, label: str, action: Any) -> rx.Component:
    return rx.el.ul(
        rx.foreach(people, lambda person: _person(person, action(person))),
        aria_label=t(label),
        class_name="m-0 grid grid-cols-[minmax(0,1fr)] max-h-[30dvh] list-none gap-px overflow-y-auto p-0",
    )


def _person(person: Person, action: rx.Component | rx.Var[Any]) -> rx.Component:
    shown = {"initials": initials(person["name"]), "hue": person["hue"]}
    return rx.el.li(
        avatar(shown, "size-8 text-[12px]"),  # type: ignore[arg-type]
        rx.el.span(
            rx.el.span(rx.el.bdi(person["name"].to(str)), class_name="block truncate font-medium"),
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
