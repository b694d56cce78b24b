"""What one may do with a message: a bar of buttons on its row, and a menu of all the rest."""

import reflex as rx

from components.actions import copy_message_link, copy_message_text, mark_unread, open_dialog, quote_message, start_edit
from components.bridge import Item
from components.button import icon_button
from components.menu import menu, menu_item, menu_line
from rxapp.texts.var import t


def message_actions(message: Item) -> rx.Component:
    """The bar; only the active row has one, see assets/live/active_row.js."""
    return rx.el.div(
        rx.cond(
            message["mine"].to(bool) & _writable(message),
            icon_button("pencil", "message.edit", start_edit(_id(message))),
        ),
        rx.cond(
            _writable(message), icon_button("quote", "message.quote", quote_message(_id(message), _channel(message)))
        ),
        icon_button("link", "message.copy_link", copy_message_link(_id(message), _channel(message))),
        _more(message),
        role="toolbar",
        aria_label=t("message.actions"),
        class_name="message-actions",
    )


def _more(message: Item) -> rx.Component:
    return menu(
        "message.more",
        *_take(message),
        *_mark(message),
        *_change(message),
        icon="ellipsis-vertical",
    )


def _take(message: Item) -> list[rx.Component]:
    """To use it elsewhere, and to look at what it was."""
    return [
        rx.cond(
            _writable(message), menu_item("quote", "message.quote", quote_message(_id(message), _channel(message)))
        ),
        menu_item("copy", "message.copy_text", copy_message_text(_id(message))),
        menu_item("link", "message.copy_link", copy_message_link(_id(message), _channel(message))),
        menu_item("forward", "message.forward", open_dialog("forward-message", _id(message))),
        rx.cond(
            message["edited"].to(bool),
            menu_item("history", "message.history", open_dialog("message-history", _id(message))),
        ),
    ]


def _mark(message: Item) -> list[rx.Component]:
    """What it is to oneself."""
    return [rx.cond(_writable(message), menu_item("mail", "message.mark_unread", mark_unread(_id(message))))]


def _change(message: Item) -> list[rx.Component]:
    """For its author, and deleting for who administers the workspace too."""
    mine, moderates = message["mine"].to(bool), message["moderates"].to(bool)
    return [
        rx.cond(mine | moderates, menu_line()),
        rx.cond(mine & _writable(message), menu_item("pencil", "message.edit", start_edit(_id(message)))),
        rx.cond(
            mine | moderates,
            menu_item("trash-2", "message.delete", open_dialog("delete-message", _id(message)), danger=True),
        ),
    ]


def _writable(message: Item) -> rx.Var[bool]:
    """Who only looks at a channel has no composer there, and no cursor; nor has anybody in an archived one."""
    return message["writable"].to(bool)


def _id(message: Item) -> rx.Var[str]:
    return message["id"].to(str)


def _channel(message: Item) -> rx.Var[str]:
    return message["channel"].to(str)
