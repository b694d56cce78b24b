"""The rail: all workspaces one is in, beside the sidebar. With one workspace there is none."""

import reflex as rx

from components.actions import open_dialog
from components.bridge import Item
from components.button import icon_button
from components.live import NavLink, live_each, live_value
from components.workspace_sign import workspace_sign
from rxapp.texts.var import t


def rail() -> rx.Component:
    """A square for each workspace, and the way to more of them."""
    return live_value("rail", _rail)


def _rail(of: Item) -> rx.Component:
    return rx.cond(
        of["shown"].to(bool),
        rx.el.nav(
            rx.el.ul(live_each("workspaces", _place)),
            icon_button("plus", "workspaces.add", open_dialog("add-workspace"), class_name="size-10 shrink-0"),
            aria_label=t("workspaces.label"),
            class_name="rail",
        ),
    )


def _place(place: Item) -> rx.Component:
    return rx.el.li(
        NavLink.create(
            workspace_sign(place),
            rx.el.span(place["name"].to(str), class_name="sr-only"),
            rx.cond(
                place["unread"].to(bool),
                rx.fragment(
                    rx.el.span(aria_hidden="true", class_name="rail-dot"),
                    rx.el.span(" ", t("channel.unread"), class_name="sr-only"),
                ),
            ),
            to=place["path"].to(str),
            title=place["name"].to(str),
            aria_current=rx.cond(place["current"].to(bool), "page", "false"),
            class_name="rail-place",
        )
    )
