"""A workspace as its icon, or as initials on its colour."""

import reflex as rx

from components.bridge import Item


def workspace_sign(workspace: Item, size_class: str = "size-10 text-[14px]") -> rx.Component:
    """`workspace` has `icon`, `initials` and `hue` (degrees). The name stands beside it, so this says nothing."""
    hue = workspace["hue"].to(str)
    return rx.cond(
        workspace["icon"].to(str) != "",
        rx.el.span(
            workspace["icon"].to(str),
            aria_hidden="true",
            class_name=f"workspace-sign bg-hover text-[22px]! {size_class}",
        ),
        rx.el.span(
            workspace["initials"].to(str),
            aria_hidden="true",
            class_name=f"workspace-sign text-white {size_class}",
            style={"background": f"hsl({hue} 45% var(--avatar-lightness))"},
        ),
    )
