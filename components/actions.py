"""What happens in the browser alone: events that call assets/live/*.js, and what those say."""

from typing import Any

import reflex as rx
from reflex_base.vars.function import FunctionVar

from components.bridge import action, javascript


def open_dialog(name: str, value: rx.Var[str] | str = "") -> FunctionVar[Any]:
    """An event that opens a dialog, about the thing with the given id."""
    return action("dialog.js", "openDialog", name, value)


def close_dialog() -> FunctionVar[Any]:
    """An event that closes the open dialog."""
    return action("dialog.js", "closeDialog")


def dialog_value() -> rx.vars.StringVar[str]:
    """The id that the open dialog is about."""
    return javascript("dialog.js", "dialogValue").call().to(str)


def open_pane(name: str, value: rx.Var[str] | str = "") -> FunctionVar[Any]:
    """An event that opens a pane, about the thing with the given id."""
    return action("pane.js", "openPane", name, value)


def close_pane() -> FunctionVar[Any]:
    """An event that closes the open pane."""
    return action("pane.js", "closePane")


def pane_value() -> rx.vars.StringVar[str]:
    """The id that the open pane is about."""
    return javascript("pane.js", "paneValue").call().to(str)


def close_for_pane(name: str, value: rx.Var[str] | str = "") -> FunctionVar[Any]:
    """An event that goes from an open dialog to a pane, about the thing with the given id."""
    return action("dialog.js", "closeForPane", name, value)


def zones(chosen: rx.Var[str]) -> rx.vars.ArrayVar[Any]:
    """The time zones to choose from, each with `value` and `name`."""
    return javascript("zones.js", "zones").call(chosen).to(list[dict[str, str]])


def open_drawer() -> FunctionVar[Any]:
    """An event that brings the sidebar in on a narrow screen."""
    return action("drawer.js", "openDrawer")


def jump_to(where: str) -> FunctionVar[Any]:
    """An event that goes to a place in the channel: `Latest`, `Unread`, `Beginning`, `LastWeek` or `LastMonth`."""
    return action("jump.js", f"jumpTo{where}")


def dismiss_bar() -> FunctionVar[Any]:
    """An event that takes the bar above the messages away."""
    return action("jump.js", "dismissBar")


def start_edit(message_id: rx.Var[str]) -> FunctionVar[Any]:
    """An event that turns a message's row into an editor."""
    return action("editing.js", "startEdit", message_id)


def mark_unread(message_id: rx.Var[str]) -> FunctionVar[Any]:
    """An event that sets one's cursor back to before a message."""
    return action("reading.js", "markUnread", message_id)


def mark_all_read() -> FunctionVar[Any]:
    """An event that marks all of the workspace read; asks before when that is much."""
    return action("reading.js", "markAllRead")


def copy_message_text(message_id: rx.Var[str]) -> FunctionVar[Any]:
    """An event that puts a message's Markdown on the clipboard."""
    return action("message_actions.js", "copyMessageText", message_id)


def copy_message_link(message_id: rx.Var[str], channel_id: rx.Var[str]) -> FunctionVar[Any]:
    """An event that puts a message's address on the clipboard."""
    return action("message_actions.js", "copyMessageLink", message_id, channel_id)


def quote_message(message_id: rx.Var[str], channel_id: rx.Var[str]) -> FunctionVar[Any]:
    """An event that puts a message as a quote into the composer."""
    return action("message_actions.js", "quoteMessage", message_id, channel_id)


def delete_message(message_id: rx.Var[str]) -> FunctionVar[Any]:
    """An event that deletes a message and offers to undo it."""
    return action("message_actions.js", "deleteMessage", message_id)


def format_here(name: str) -> FunctionVar[Any]:
    """An event that formats what is selected where one writes, by a name of assets/live/formatting.js."""
    return action("toolbar.js", "formatHere", name)


def emoji_here() -> FunctionVar[Any]:
    """An event that lets one choose an emoji, and types it where one writes."""
    return action("emoji_choice.js", "emojiHere")


def toggle_toolbar() -> FunctionVar[Any]:
    """An event that shows or hides the buttons that format."""
    return action("toolbar.js", "toggleToolbar")


def with_keys(label: rx.Var[str], name: str) -> rx.vars.StringVar[str]:
    """A format's name and the keys that do the same, as they are called on this machine."""
    return javascript("toolbar.js", "withKeys").call(label, name).to(str)


def send_again(key: rx.Var[str]) -> FunctionVar[Any]:
    """An event that sends a refused message once more."""
    return action("outbox.js", "sendAgain", key)


def discard(key: rx.Var[str]) -> FunctionVar[Any]:
    """An event that gives a refused message up."""
    return action("outbox.js", "discard", key)


def reload_page() -> FunctionVar[Any]:
    """An event that loads the page anew."""
    return action("version.js", "reloadPage")


def log_out() -> FunctionVar[Any]:
    """An event that ends the session."""
    return action("form.js", "logOut")


def copy_link(path: rx.Var[str] | str) -> FunctionVar[Any]:
    """An event that puts the full address of a path on the clipboard and says so."""
    return action("clipboard.js", "copyLink", path)


def now() -> rx.vars.StringVar[str]:
    """The moment at which it is asked for, as text: what is opened now is told from what was opened before."""
    return rx.Var("String(Date.now())").to(str)


def link_of(path: rx.Var[str] | str) -> rx.vars.StringVar[str]:
    """The full address of a path, as this browser sees the installation."""
    return javascript("clipboard.js", "linkOf").call(path).to(str)


def go_to(path: rx.Var[str] | str) -> FunctionVar[Any]:
    """An event that closes what is open and goes to a page without loading the app anew."""
    return action("dialog.js", "closeAndGo", path)


def command_key() -> rx.vars.StringVar[str]:
    """The name of the key that commands begin with: Ctrl, or ⌘ on a Mac."""
    return javascript("keys.js", "commandKey").call().to(str)


def exact_time(at: rx.Var[int]) -> rx.vars.StringVar[str]:
    """A moment, in milliseconds since 1970, as the reader writes it."""
    return javascript("format.js", "exactTimeOf").call(at).to(str)


def initials(name: rx.Var[Any]) -> rx.vars.StringVar[str]:
    """The letters of a person's avatar."""
    return javascript("format.js", "initialsOf").call(name).to(str)


def refusal_text(code: rx.Var[str]) -> rx.vars.StringVar[str]:
    """The sentence of a refusal's code."""
    return javascript("texts.js", "refusalText").call(code).to(str)
