"""One message in the list."""

import reflex as rx

from components.avatar import avatar
from components.live import (
    Item,
    MessageEditor,
    MessageHtml,
    discard,
    open_dialog,
    open_pane,
    refusal_text,
    send_again,
    start_edit,
)
from rxapp.texts.var import t


def message_row(message: Item) -> rx.Component:
    """A row: the day it begins, its head when somebody else spoke before, its text and what one may do with it."""
    return rx.el.div(
        rx.cond(message["day"].to(str) != "", rx.el.div(message["day"].to(str), class_name="day", role="separator")),
        rx.el.article(
            rx.cond(message["head"].to(bool), _author(message), _gutter(message)),
            rx.el.div(
                rx.cond(message["head"].to(bool), _head(message)),
                rx.cond(
                    message["editing"].to(bool), MessageEditor.create(message=message["id"].to(str)), _text(message)
                ),
                rx.cond(message["status"].to(str) == "failed", _failure(message)),
                class_name="min-w-0",
            ),
            rx.cond((message["status"].to(str) == "sent") & ~message["editing"].to(bool), _actions(message)),
            # Reached by a tap or by the keyboard, a message shows what one may do with it.
            tab_index=0,
            custom_attrs={"data-message": message["id"].to(str)},
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
        rx.el.time(message["time"].to(str), title=message["exact"].to(str), class_name="message-time"),
        class_name="flex items-baseline gap-2",
    )


def _gutter(message: Item) -> rx.Component:
    return rx.el.time(
        message["short"].to(str), title=message["exact"].to(str), class_name="message-time message-gutter"
    )


def _text(message: Item) -> rx.Component:
    return rx.cond(
        message["status"].to(str) == "sent",
        rx.el.div(
            # Rendered and sanitised on the server, see rxapp/markup.
            MessageHtml.create(html=message["html"].to(str), class_name="message-text"),
            rx.cond(message["edited"].to(bool), rx.el.span(t("message.edited"), class_name="message-time")),
        ),
        rx.el.div(
            message["source"].to(str),
            aria_busy=message["status"].to(str) == "pending",
            class_name="message-text message-pending whitespace-pre-wrap",
        ),
    )


def _failure(message: Item) -> rx.Component:
    return rx.el.div(
        rx.el.span(refusal_text(message["error"].to(str))),
        rx.el.button(
            t("message.again"), type="button", on_click=send_again(message["id"].to(str)), class_name="text-button"
        ),
        rx.el.button(
            t("message.discard"), type="button", on_click=discard(message["id"].to(str)), class_name="text-button"
        ),
        role="alert",
        class_name="refusal mt-1 flex flex-wrap gap-x-3",
    )


def _actions(message: Item) -> rx.Component:
    return rx.cond(
        message["mine"].to(bool) | message["moderates"].to(bool),
        rx.el.div(
            rx.cond(
                message["mine"].to(bool),
                rx.el.button(t("message.edit"), type="button", on_click=start_edit(message["id"].to(str))),
            ),
            rx.el.button(
                t("message.delete"), type="button", on_click=open_dialog("delete-message", message["id"].to(str))
            ),
            role="toolbar",
            aria_label=t("message.actions"),
            class_name="message-actions",
        ),
    )
