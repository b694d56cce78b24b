"""A person as initials on their colour."""

import reflex as rx

from components.bridge import Item


def avatar(person: Item, size_class: str = "size-9 text-[13px]") -> rx.Component:
    """`person` has `initials` and `hue` (degrees). The name stands beside it, so this says nothing of its own.

    The initials are drawn, as a picture would be: a button with an avatar in it shows the name, and is called by it.
    """
    hue = person["hue"].to(str)
    return rx.el.span(
        aria_hidden="true",
        custom_attrs={"data-initials": person["initials"].to(str)},
        class_name="avatar grid place-items-center shrink-0 rounded-lg font-semibold text-white select-none "
        + size_class,
        style={"background": f"hsl({hue} 45% var(--avatar-lightness))"},
    )
