"""A labelled input."""

from typing import Any

import reflex as rx

from rxapp.texts.var import t


def field(name: str, label: str, *, hint: str = "", **props: Any) -> rx.Component:
    """An input under its label, with a hint that is read after it; texts are keys."""
    hint_id = hint.replace(".", "-")
    described = {"aria_describedby": hint_id} if hint else {}
    return rx.el.div(
        rx.el.label(
            t(label),
            rx.el.input(name=name, class_name="input", **described, **props),
            class_name="grid gap-[5px]",
        ),
        *([rx.el.span(t(hint), id=hint_id)] if hint else []),
        class_name="field",
    )


def choice(name: str, label: str, options: dict[str, str], **props: Any) -> rx.Component:
    """One of several values, each with a key for its text."""
    return rx.el.div(
        rx.el.label(
            t(label),
            rx.el.select(
                *(rx.el.option(t(text), value=value) for value, text in options.items()),
                name=name,
                class_name="input",
                **props,
            ),
            class_name="grid gap-[5px]",
        ),
        class_name="field",
    )


def search_field(label: str, on_change: Any) -> rx.Component:
    """An input that looks something up while one types, a moment later."""
    return rx.el.input(
        type="search",
        placeholder=t(label),
        aria_label=t(label),
        on_change=on_change,
        class_name="input",
        auto_focus=True,
    )


def is_empty(items: Any) -> rx.Var[bool]:
    """Whether a list of a state has nothing in it."""
    return rx.Var.create(items).to(list).length() == 0
