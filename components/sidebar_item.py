"""What every line of the sidebar looks like."""

from typing import Any

import reflex as rx

from components.bridge import Item
from rxapp.texts.var import t

SIDEBAR_ITEM = "flex w-full items-center gap-2 rounded-[6px] px-2 h-8 text-left text-[14px] no-underline"


def sidebar_item_class(item: Item) -> Any:
    """The classes of a line that is `current`, `unread`, or neither."""
    return rx.cond(
        item["current"].to(bool),
        # One's own mark holds while one looks: then also the current one is unread.
        rx.cond(
            item["unread"].to(bool),
            f"{SIDEBAR_ITEM} bg-selected text-ink font-bold",
            f"{SIDEBAR_ITEM} bg-selected text-ink font-medium",
        ),
        rx.cond(
            item["unread"].to(bool),
            f"{SIDEBAR_ITEM} text-ink font-bold hover:bg-hover",
            f"{SIDEBAR_ITEM} text-ink-soft hover:bg-hover",
        ),
    )


def stays(item: Item) -> dict[str, Any]:
    """Marks a line that is seen in a folded section too."""
    return {"data-stays": (item["current"].to(bool) | item["unread"].to(bool)).to_string()}


def draft_mark() -> rx.Component:
    """Says that something is written here and not sent."""
    return rx.el.span(
        rx.icon("pencil", size=13, aria_hidden="true"),
        rx.el.span(t("channel.draft"), class_name="sr-only"),
        title=t("channel.draft"),
        class_name="ml-auto shrink-0 text-ink-faint",
    )


def sidebar_bones() -> rx.Component:
    """What stands in a section until its items are here."""
    return rx.el.li(
        *(rx.el.span(class_name=f"bone block h-3 {width}") for width in ("w-3/5", "w-2/5", "w-1/2")),
        aria_hidden="true",
        class_name="grid gap-4 px-2 py-2",
    )
