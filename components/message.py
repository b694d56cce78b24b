"""One message in the list."""

import reflex as rx

from components.actions import discard, open_dialog, open_pane, send_again
from components.avatar import avatar
from components.bridge import Item
from components.jump import day_menu
from components.live import MessageEditor, MessageHtml, NavLink, active_row
from components.message_actions import message_actions
from rxapp.texts.var import t


def message_row(message: Item) -> rx.Component:
    """A row: the day it begins, its head when somebody else spoke before, its text and what one may do with it."""
    return rx.el.div(
        rx.cond(message["day"].to(str) != "", rx.el.div(day_menu(message), class_name="day")),
        rx.cond(
            message["first_new"].to(bool),
            rx.el.div(t("messages.new"), role="separator", aria_label=t("messages.new_label"), class_name="new-line"),
        ),
        active_row(
            message,
            rx.cond(message["head"].to(bool), _author(message), _gutter(message)),
            rx.el.div(
                rx.cond(message["head"].to(bool), _head(message)),
                rx.cond(
                    message["editing"].to(bool), MessageEditor.create(message=message["id"].to(str)), _text(message)
                ),
                rx.cond(message["status"].to(str) == "failed", _failure(message)),
                class_name="min-w-0",
            ),
            actions=message_actions,
            aria_label=t("message.label", name=message["name"], time=message["time"]),
            class_name=rx.cond(message["head"].to(bool), "message message-head", "message"),
        ),
    )


def _author(message: Item) -> rx.Component:
    # The name beside it does the same: the keyboard need not stop at both.
    return rx.el.button(
        avatar(message),
        type="button",
        tab_index=-1,
        aria_label=t("profile.open", name=message["name"]),
        on_click=open_pane("profile", message["author"].to(str)),
        class_name="size-9 self-start rounded-lg",
    )


def _head(message: Item) -> rx.Component:
    return rx.el.div(
        rx.el.button(
            rx.el.bdi(message["name"].to(str)),
            type="button",
            on_click=open_pane("profile", message["author"].to(str)),
            class_name="min-w-0 truncate font-semibold hover:underline",
        ),
        rx.cond(message["imported"].to(bool), rx.el.span(t("person.imported"), class_name="tag")),
        _time(message, message["time"].to(str), "message-time"),
        class_name="flex items-baseline gap-2",
    )


def _gutter(message: Item) -> rx.Component:
    return _time(message, message["short"].to(str), "message-time message-gutter")


def _time(message: Item, shown: rx.Var[str], class_name: str) -> rx.Component:
    """When it was said, as the link to the message; what is on its way has none yet."""
    time = rx.el.time(shown, title=message["exact"].to(str))
    return rx.cond(
        message["path"].to(str) != "",
        NavLink.create(time, to=message["path"].to(str), class_name=class_name),
        rx.el.span(time, class_name=class_name),
    )


def _text(message: Item) -> rx.Component:
    return rx.cond(
        message["status"].to(str) == "sent",
        rx.el.div(
            # Rendered and sanitised on the server, see rxapp/markup.
            MessageHtml.create(html=message["html"].to(str), class_name="message-text"),
            rx.cond(message["edited"].to(bool), _edited(message)),
            class_name=rx.cond(message["edited"].to(bool), "edited-text", ""),
        ),
        rx.el.div(
            message["source"].to(str),
            rx.match(message["status"].to(str), ("pending", _sending()), ("waiting", _waiting()), rx.fragment()),
            aria_busy=message["status"].to(str) != "failed",
            class_name="message-text message-pending whitespace-pre-wrap",
        ),
    )


def _edited(message: Item) -> rx.Component:
    return rx.el.button(
        t("message.edited"),
        type="button",
        title=t("message.history"),
        on_click=open_dialog("message-history", message["id"].to(str)),
        class_name="message-time message-edited",
    )


def _sending() -> rx.Component:
    """Shown when it takes longer than one expects; it has its room from the beginning, so that nothing moves."""
    return rx.el.span(
        rx.icon("clock", size=12, aria_hidden="true"), t("message.sending"), class_name="message-time message-sending"
    )


def _waiting() -> rx.Component:
    """Shown when the server asked for a pause: it goes on by itself."""
    return rx.el.span(
        rx.icon("hourglass", size=12, aria_hidden="true"), t("message.waiting"), class_name="message-time message-held"
    )


def _failure(message: Item) -> rx.Component:
    return rx.el.div(
        rx.icon("circle-alert", size=16, aria_hidden="true", class_name="shrink-0 mt-[2px]"),
        rx.el.span(
            rx.el.strong(t("message.not_sent"), class_name="font-semibold"),
            " ",
            message["refusal"].to(str),
            class_name="min-w-0 flex-1 basis-52",
        ),
        rx.el.span(
            rx.el.button(
                t("message.again"), type="button", on_click=send_again(message["id"].to(str)), class_name="text-button"
            ),
            rx.el.button(
                t("message.discard"), type="button", on_click=discard(message["id"].to(str)), class_name="text-button"
            ),
            class_name="flex gap-x-4",
        ),
        # Polite: one may be typing the next one.
        role="status",
        class_name="refusal mt-1 flex flex-wrap gap-x-2 gap-y-1",
    )
