"""The head of the channel's pane."""

import reflex as rx

from components.actions import open_dialog, open_drawer, open_pane
from components.bridge import Item
from components.button import icon_button
from components.direct import direct_face
from components.live import live_value
from components.sidebar import channel_mark

_HEADING = "m-0 flex min-w-0 items-center text-[16px] font-semibold"


def channel_header() -> rx.Component:
    """Name, topic and people of the channel that is looked at."""
    return rx.el.header(
        icon_button("panel-left", "sidebar.open", open_drawer(), class_name="drawer-toggle"),
        live_value("channel", _channel),
        class_name="flex h-(--header-height) shrink-0 items-center gap-2 border-b border-line px-3 md:px-5",
    )


def _channel(channel: Item) -> rx.Component:
    return rx.cond(
        channel["open"].to(bool) & ~channel["absent"].to(bool),
        rx.el.div(
            rx.el.h1(
                rx.cond(channel["direct"].to(bool), direct_face(channel, "size-6 text-[10px]"), channel_mark(channel)),
                rx.el.span(channel["title"].to(str), class_name="truncate"),
                title=channel["title"].to(str),
                class_name=rx.cond(channel["direct"].to(bool), f"{_HEADING} gap-2", f"{_HEADING} gap-1"),
            ),
            rx.el.p(
                channel["topic"].to(str),
                title=channel["topic"].to(str),
                class_name="m-0 hidden min-w-0 flex-1 truncate text-[13px] text-ink-soft md:block",
            ),
            rx.cond(
                channel["joined"].to(bool) & ~channel["direct"].to(bool),
                rx.el.div(
                    icon_button("users", "people.heading", open_dialog("people")),
                    icon_button("settings-2", "channel.settings_heading", open_dialog("channel-settings")),
                    class_name="ml-auto flex shrink-0",
                ),
            ),
            rx.cond(
                channel["person"].to(str) != "",
                rx.el.div(
                    icon_button("user-round", "profile.heading", open_pane("profile", channel["person"].to(str))),
                    class_name="ml-auto flex shrink-0",
                ),
            ),
            class_name="flex min-w-0 flex-1 items-center gap-4",
        ),
        rx.el.div(class_name="min-w-0 flex-1"),
    )
