"""The sheet of formatting: what one types, and what others then read."""

import reflex as rx

from components.live import dialog
from rxapp.texts.var import t

MARKS = (
    ("**", "format.bold", "**", "strong"),
    ("*", "format.italic", "*", "em"),
    ("~~", "format.strike", "~~", "s"),
    ("`", "format.code", "`", "code"),
    ("[", "format.link", "](https://example.org)", "a"),
    ("> ", "format.quote", "", "blockquote"),
    ("- ", "format.bullets", "", "ul"),
    ("1. ", "format.numbers", "", "ol"),
    ("- [x] ", "formatting.task", "", "task"),
)
"""What stands before and behind a text, its key, and the element that it becomes."""

CODE = "print(21 * 2)"
FENCED = f"```python\n{CODE}\n```"
TABLE = "| a | b |\n|---|---|\n| 1 | 2 |"
EMOJI = {":tada:": "🎉"}
MENTION = "@ada"
CHANNEL = "#plans"


def formatting_dialog() -> rx.Component:
    """A table of what Markdown does here, each row in the look that it has in a message."""
    return dialog(
        "formatting",
        t("formatting.heading"),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(t("formatting.typed"), scope="col"),
                    rx.el.th(t("formatting.shown"), scope="col"),
                )
            ),
            rx.el.tbody(
                *(_row(before + t(key) + behind, _element(tag, t(key))) for before, key, behind, tag in MARKS),
                _row(MENTION, rx.el.span(rx.el.span(MENTION, class_name="px-[3px] font-[550]"), class_name="mention")),
                _row(CHANNEL, rx.el.span(rx.el.span(CHANNEL, class_name="px-[3px] font-[550]"), class_name="mention")),
                *(_row(name, rx.el.span(emoji)) for name, emoji in EMOJI.items()),
                _row(FENCED, rx.el.pre(rx.el.code(CODE))),
                _row(TABLE, _table()),
            ),
            class_name="formatting-sheet",
        ),
        rx.el.p(t("formatting.plain"), class_name="muted m-0 text-[13px]"),
    )


def _row(typed: str | rx.Var[str], shown: rx.Component) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.el.code(typed)),
        rx.el.td(rx.el.div(shown, class_name="message-text")),
    )


def _element(tag: str, text: rx.Var[str]) -> rx.Component:
    if tag == "a":
        return rx.el.a(text, href="https://example.org", target="_blank", rel="noopener noreferrer")
    if tag == "task":
        box = rx.el.input(type="checkbox", checked=True, disabled=True, aria_hidden="true")
        return rx.el.ul(rx.el.li(rx.el.label(box, text), class_name="task"))
    if tag in {"ul", "ol"}:
        return getattr(rx.el, tag)(rx.el.li(text))
    return getattr(rx.el, tag)(text)


def _table() -> rx.Component:
    head, row = ("a", "b"), ("1", "2")
    return rx.el.table(
        rx.el.thead(rx.el.tr(*(rx.el.th(cell, scope="col") for cell in head))),
        rx.el.tbody(rx.el.tr(*(rx.el.td(cell) for cell in row))),
    )
