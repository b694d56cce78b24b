"""The sidebar: the workspace, one's channels, oneself."""

import reflex as rx

from components.actions import command_key, log_out, open_dialog, open_pane
from components.avatar import avatar
from components.bridge import Item
from components.button import icon_button
from components.direct import directs_section
from components.invite_dialog import open_invite_dialog
from components.live import NavLink, live_each, live_value, sidebar_section
from components.menu import menu, menu_item, menu_line
from components.reading import mark_all_read_button
from components.sidebar_item import SIDEBAR_ITEM, draft_mark, sidebar_bones, sidebar_item_class, stays
from components.workspace_menu import workspace_menu
from rxapp.texts.var import t


def sidebar() -> rx.Component:
    """The left pane; on narrow screens it slides over the others."""
    return rx.el.nav(
        live_value("workspace", _workspace),
        _jump(),
        rx.el.div(
            sidebar_section(
                "channels",
                t("channels.heading"),
                live_each("channels", _channel),
                live_value("workspace", _expected),
                action=icon_button("plus", "channels.create", open_dialog("create-channel")),
            ),
            rx.el.button(
                rx.icon("search", size=15, aria_hidden="true", class_name="shrink-0"),
                t("channels.browse"),
                type="button",
                on_click=open_dialog("browse-channels"),
                class_name=f"{SIDEBAR_ITEM} text-ink-soft hover:bg-hover",
            ),
            directs_section(),
            class_name="min-h-0 flex-1 overflow-x-hidden overflow-y-auto px-2 pb-4",
        ),
        live_value("me", _me),
        aria_label=t("sidebar.label"),
        class_name="sidebar flex h-dvh w-(--sidebar-width) shrink-0 flex-col border-r border-line bg-side",
    )


def _workspace(workspace: Item) -> rx.Component:
    return rx.el.header(
        rx.cond(workspace["loaded"].to(bool), workspace_menu(workspace), rx.el.div(class_name="bone ml-2 h-5 w-32")),
        rx.el.div(
            icon_button("users", "members.heading", open_dialog("members")),
            rx.cond(
                workspace["administers"].to(bool),
                icon_button("user-plus", "invite.heading", open_invite_dialog()),
            ),
            class_name="flex shrink-0",
        ),
        class_name="flex h-(--header-height) items-center justify-between gap-1 border-b border-line px-2",
    )


def _expected(workspace: Item) -> rx.Component:
    return rx.cond(workspace["loaded"].to(bool), rx.fragment(), sidebar_bones())


def _jump() -> rx.Component:
    return rx.el.div(
        rx.el.button(
            rx.icon("search", size=15, aria_hidden="true", class_name="shrink-0"),
            rx.el.span(t("switcher.heading"), class_name="flex-1 truncate text-left"),
            rx.el.kbd(command_key(), " K", aria_hidden="true", class_name="text-[12px] pointer-coarse:hidden"),
            type="button",
            on_click=open_dialog("switcher"),
            class_name="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-[6px] border border-line bg-ground px-2 "
            "text-[14px] text-ink-soft hover:bg-hover",
        ),
        mark_all_read_button(),
        class_name="flex items-center gap-1 px-2 pt-3",
    )


def _channel(channel: Item) -> rx.Component:
    return rx.el.li(
        NavLink.create(
            channel_mark(channel),
            rx.el.span(channel["name"].to(str), class_name="truncate"),
            rx.cond(channel["draft"].to(bool), draft_mark()),
            rx.cond(channel["unread"].to(bool), rx.el.span(t("channel.unread"), class_name="sr-only")),
            to=channel["path"].to(str),
            aria_current=rx.cond(channel["current"].to(bool), "page", "false"),
            class_name=sidebar_item_class(channel),
        ),
        custom_attrs=stays(channel),
    )


def channel_mark(channel: Item) -> rx.Component:
    """What stands before a channel's name."""
    return rx.cond(
        channel["private"].to(bool),
        rx.el.span(
            rx.icon("lock", size=15, aria_hidden="true"),
            rx.el.span(t("channel.private"), class_name="sr-only"),
            class_name="shrink-0",
        ),
        rx.icon("hash", size=15, aria_hidden="true", class_name="shrink-0 opacity-70"),
    )


def _me(me: Item) -> rx.Component:
    return rx.el.footer(
        menu(
            t("me.menu", name=me["name"]),
            menu_item("user-round", "profile.heading", open_pane("profile", me["id"].to(str))),
            menu_item("settings-2", "preferences.heading", open_dialog("preferences")),
            menu_line(),
            menu_item("keyboard", "shortcuts.heading", open_dialog("shortcuts")),
            menu_item("type", "formatting.heading", open_dialog("formatting")),
            menu_line(),
            menu_item("log-out", "log_out", log_out()),
            trigger=rx.el.span(
                rx.cond(
                    me["id"].to(str) != "",
                    avatar(me, "size-7 text-[11px]"),
                    rx.el.span(class_name="bone size-7 shrink-0 rounded-lg"),
                ),
                rx.el.bdi(me["name"].to(str), class_name="min-w-0 flex-1 truncate text-left text-[14px]"),
                rx.icon("chevrons-up-down", size=14, aria_hidden="true", class_name="shrink-0 text-ink-soft"),
                class_name="flex min-w-0 items-center gap-2",
            ),
            class_name="block w-full min-w-0 rounded-md px-2 py-1.5 hover:bg-hover",
        ),
        class_name="border-t border-line px-1 py-1",
    )
