"""Going through a channel: the day that is looked at, and the ways to another one."""

from typing import Any

import reflex as rx

from components.actions import dismiss_bar, jump_to, open_dialog
from components.bridge import Item
from components.button import icon_button
from components.live import DayForm, Menu, dialog, live_value
from components.menu import menu_item, menu_line
from rxapp.texts.var import t

_ICON_PX = 14


def day_menu(item: Item) -> Any:
    """A day's name, which opens the ways to other days."""
    day = item["day"].to(str)
    return Menu.create(
        menu_item("arrow-down-to-line", "jump.latest", jump_to("Latest")),
        menu_item("calendar-minus", "jump.last_week", jump_to("LastWeek")),
        menu_item("calendar-minus-2", "jump.last_month", jump_to("LastMonth")),
        menu_item("arrow-up-to-line", "jump.beginning", jump_to("Beginning")),
        menu_line(),
        menu_item("calendar-search", "jump.choose", open_dialog("jump-to-day")),
        label=t("jump.label", day=day),
        trigger=rx.Var.create(
            rx.fragment(day, rx.icon("chevron-down", size=_ICON_PX, aria_hidden="true")),
        ),
        class_name="day-button",
    )


def jump_to_day_dialog() -> rx.Component:
    """Asks for a day."""
    return dialog("jump-to-day", t("jump.heading"), DayForm.create())


def landing_bar() -> rx.Component:
    """Says above the messages what is unread further up, or that the message of a link is not here."""
    return live_value("landing", _bar)


def _bar(landing: Item) -> rx.Component:
    return rx.cond(
        landing["lost"].to(bool),
        rx.el.div(
            rx.el.p(t("landing.lost"), class_name="m-0 min-w-0 flex-1"),
            icon_button("x", "landing.dismiss", dismiss_bar()),
            role="alert",
            class_name="landing-bar landing-lost",
        ),
        rx.cond(
            landing["unread"].to(str) != "",
            rx.el.div(
                rx.el.p(landing["unread"].to(str), class_name="m-0 min-w-0 flex-1"),
                rx.el.button(t("unread.jump"), type="button", on_click=jump_to("Unread"), class_name="text-button"),
                icon_button("x", "landing.dismiss", dismiss_bar()),
                role="status",
                class_name="landing-bar",
            ),
        ),
    )


def latest_button() -> rx.Component:
    """Leads back to the newest message, and says how many came since one left it."""
    return live_value("latest", _latest)


def _latest(latest: Item) -> rx.Component:
    return rx.cond(
        latest["label"].to(str) != "",
        rx.el.button(
            rx.icon("arrow-down", size=_ICON_PX, aria_hidden="true"),
            latest["label"].to(str),
            type="button",
            on_click=jump_to("Latest"),
            title=t("latest.title"),
            class_name="latest-button",
        ),
    )
