"""A person as initials on their colour."""

import reflex as rx

from components.live import Item


def avatar(person: Item, size_class: str = "size-9 text-[13px]") -> rx.Component:
    """`person` has `initials` and `hue` (degrees). The name stands beside it, so this says nothing of its own."""
    hue = person["hue"].to(str)
    return rx.el.span(
        person["initials"].to(str),
        aria_hidden="true",
        class_name="avatar grid place-items-center shrink-0 rounded-lg font-semibold text-white select-none "
        + size_class,
        style={"background": f"hsl({hue} 45% var(--avatar-lightness))"},
    )
