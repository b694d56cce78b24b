"""The sheet of keys."""

import reflex as rx

from components.actions import command_key
from components.live import dialog
from rxapp.texts.var import t

COMMAND = "command"
"""Ctrl, or the command key on a Mac."""
CLICK = "click"

GROUPS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "shortcuts.going": (
        ("shortcuts.switcher", (COMMAND, "K")),
        ("shortcuts.next", ("Alt", "↓")),
        ("shortcuts.previous", ("Alt", "↑")),
        ("shortcuts.next_unread", ("Alt", "Shift", "↓")),
        ("shortcuts.sheet", ("?",)),
    ),
    "shortcuts.reading": (
        ("shortcuts.latest", ("End",)),
        ("shortcuts.mark_read", ("Esc",)),
        ("shortcuts.mark_all_read", ("Shift", "Esc")),
        ("shortcuts.mark_unread", ("Alt", CLICK)),
    ),
    "shortcuts.writing": (
        ("shortcuts.send", ("Enter",)),
        ("shortcuts.line", ("Shift", "Enter")),
        ("shortcuts.edit_last", ("↑",)),
        ("shortcuts.complete", ("@  #  :",)),
    ),
    "format.label": (
        ("format.bold", (COMMAND, "B")),
        ("format.italic", (COMMAND, "I")),
        ("format.strike", (COMMAND, "Shift", "X")),
        ("format.code", (COMMAND, "E")),
        ("format.block", (COMMAND, "Alt", "Shift", "C")),
        ("format.link", (COMMAND, "Shift", "U")),
        ("format.numbers", (COMMAND, "Shift", "7")),
        ("format.bullets", (COMMAND, "Shift", "8")),
        ("format.quote", (COMMAND, "Shift", "9")),
    ),
    "shortcuts.message": (
        ("shortcuts.message_walk", ("↓", "↑")),
        ("shortcuts.message_edit", ("E",)),
        ("shortcuts.message_quote", ("Q",)),
        ("shortcuts.message_copy", ("C",)),
        ("shortcuts.message_forward", ("F",)),
        ("shortcuts.message_unread", ("U",)),
        ("shortcuts.message_delete", ("Del",)),
    ),
}
"""Groups of (what it does, its keys)."""


def shortcuts_dialog() -> rx.Component:
    """What keys do."""
    return dialog(
        "shortcuts",
        t("shortcuts.heading"),
        *(_group(heading, keys) for heading, keys in GROUPS.items()),
    )


def _group(heading: str, shortcuts: tuple[tuple[str, tuple[str, ...]], ...]) -> rx.Component:
    return rx.el.section(
        rx.el.h3(t(heading), class_name="m-0 text-[13px] font-semibold text-ink-soft"),
        rx.el.dl(*(_shortcut(label, keys) for label, keys in shortcuts), class_name="m-0 grid gap-px"),
        class_name="grid gap-1",
    )


def _shortcut(label: str, keys: tuple[str, ...]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(t(label)),
        rx.el.dd(
            *(rx.el.kbd(_name(key), class_name="key") for key in keys),
            class_name="m-0 flex shrink-0 gap-1",
        ),
        class_name="flex items-center justify-between gap-4 py-1 text-[14px]",
    )


def _name(key: str) -> rx.Var[str] | str:
    return {COMMAND: command_key(), CLICK: t("shortcuts.click")}.get(key, key)
