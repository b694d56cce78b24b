"""A menu behind a button, and what one may choose in it."""

from typing import Any

import reflex as rx

from components.button import ICON_PX
from components.live import Menu
from rxapp.texts.var import t

_ITEM_ICON_PX = 15


def menu(
    label: str | rx.Var[str],
    *items: Any,
    icon: str = "ellipsis",
    trigger: Any = None,
    class_name: str = "icon-button",
) -> Any:
    """A button that opens a menu. `label`, a key or a text, names both; `trigger` stands in the place of the icon."""
    shown = trigger if trigger is not None else rx.icon(icon, size=ICON_PX, aria_hidden="true")
    name = t(label) if isinstance(label, str) else label
    return Menu.create(*items, label=name, trigger=rx.Var.create(shown), class_name=class_name)


def menu_item(icon: str, label: str, on_click: Any, *, danger: bool = False, **props: Any) -> rx.Component:
    """One choice: an icon (a Lucide name), a key and an event. Choosing closes the menu."""
    return rx.el.button(
        rx.icon(icon, size=_ITEM_ICON_PX, aria_hidden="true", class_name="shrink-0"),
        t(label),
        type="button",
        role="menuitem",
        tab_index=-1,
        on_click=on_click,
        class_name="menu-item menu-danger" if danger else "menu-item",
        **props,
    )


def menu_line() -> rx.Component:
    """What parts two groups of choices."""
    return rx.el.div(role="separator", class_name="menu-line")
