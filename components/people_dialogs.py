"""The dialog about a channel: who is in it, who could come in, and what it is."""

import reflex as rx

from components.avatar import avatar
from components.bridge import Item
from components.channel_dialogs import channel_about
from components.list_loading import list_loading
from components.live import PeoplePicker, channel_people, dialog, live_value
from components.person_lines import person_lines
from rxapp.texts.var import t
from state.people import ADDED_AT_ONCE_PEOPLE, PeopleState


def channel_people_dialog() -> rx.Component:
    """Who is in the channel, who could be brought in, and what it is about."""
    return dialog(
        "people",
        t("people.heading"),
        channel_people(_person, loading=list_loading(), changed=PeopleState.changes),
        live_value("channel", _adding),
        rx.el.section(
            _heading("people.about"),
            live_value("about", channel_about),
            class_name="grid gap-3 border-t border-line pt-4",
        ),
        on_open=PeopleState.search(""),
    )


def _heading(text: str) -> rx.Component:
    return rx.el.h3(t(text), class_name="m-0 text-[15px] font-semibold")


def _adding(channel: Item) -> rx.Component:
    return rx.cond(
        channel["archived"].to(bool),
        rx.fragment(),
        rx.el.section(
            _heading("people.add_heading"),
            PeoplePicker.create(
                key=f"{PeopleState.changes}",
                found=PeopleState.found,
                searched=PeopleState.searched,
                limit=ADDED_AT_ONCE_PEOPLE,
                label=t("people.search"),
                hint=t("people.add_hint", limit=ADDED_AT_ONCE_PEOPLE),
                full=t("people.full", limit=ADDED_AT_ONCE_PEOPLE),
                confirm=t("people.add"),
                needs_one=True,
                on_search=PeopleState.search,
                on_confirm=PeopleState.add,
            ),
            class_name="grid gap-3 border-t border-line pt-4",
        ),
    )


def _person(person: Item) -> rx.Component:
    return rx.el.li(
        avatar(person, "size-8 text-[12px]"),
        person_lines(person),
        rx.cond(
            person["removable"].to(bool),
            rx.el.button(
                t("people.take_out"),
                type="button",
                aria_label=t("people.take_out_label", name=person["name"]),
                on_click=PeopleState.take_out(person["id"].to(str)),
                class_name="button shrink-0",
            ),
        ),
        class_name="flex items-center gap-3 rounded-md px-2 py-1.5 hover:bg-hover",
    )
