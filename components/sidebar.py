"""The sidebar: the workspace, one's channels, oneself."""

import reflex as rx

from components.avatar import avatar
from components.live import Item, live_each, live_value, log_out, open_dialog
from rxapp.texts.var import t


def sidebar() -> rx.Component:
    """The left pane; on narrow screens it slides over the others."""
    return rx.el.nav(
        live_value("workspace", _workspace),
        rx.el.div(
            _heading(),
            rx.el.ul(live_each("channels", _channel), class_name="m-0 grid list-none gap-px p-0"),
            rx.el.button(
                rx.el.span("+", aria_hidden="true", class_name="w-4 text-center"),
                t("channels.browse"),
                type="button",
                on_click=open_dialog("browse-channels"),
                class_name=f"{_ITEM} text-ink-soft hover:bg-hover",
            ),
            class_name="min-h-0 flex-1 overflow-y-auto px-2 pb-4",
        ),
        live_value("me", _me),
        aria_label=t("sidebar.label"),
        class_name="sidebar flex h-dvh w-(--sidebar-width) shrink-0 flex-col border-r border-line bg-side",
    )


_ITEM = "flex w-full items-center gap-2 rounded-[6px] px-2 h-8 text-left text-[14px] no-underline"


def _workspace(workspace: Item) -> rx.Component:
    return rx.el.header(
        rx.cond(
            workspace["loaded"].to(bool),
            rx.el.strong(
                workspace["name"].to(str),
                class_name="truncate text-[16px] font-semibold",
                title=workspace["name"].to(str),
            ),
            rx.el.div(class_name="bone h-4 w-32"),
        ),
        rx.el.div(
            rx.el.button(
                t("members.short"),
                type="button",
                on_click=open_dialog("members"),
                class_name="icon-button text-[13px]!",
            ),
            rx.cond(
                workspace["administers"].to(bool),
                rx.el.button(
                    t("invite.short"),
                    type="button",
                    on_click=open_dialog("invite"),
                    class_name="icon-button text-[13px]!",
                ),
            ),
            class_name="flex shrink-0",
        ),
        class_name="flex h-(--header-height) items-center justify-between gap-2 border-b border-line pl-4 pr-2",
    )


def _heading() -> rx.Component:
    return rx.el.div(
        rx.el.h2(t("channels.heading"), class_name="m-0 text-[12px] font-semibold text-ink-soft"),
        rx.el.button(
            "+",
            type="button",
            aria_label=t("channels.create"),
            title=t("channels.create"),
            on_click=open_dialog("create-channel"),
            class_name="icon-button",
        ),
        class_name="flex items-center justify-between pl-2 pt-3 pb-1",
    )


def _channel(channel: Item) -> rx.Component:
    return rx.el.li(
        rx.link(
            channel_mark(channel),
            rx.el.span(channel["name"].to(str), class_name="truncate"),
            rx.cond(channel["unread"].to(bool), rx.el.span(t("channel.unread"), class_name="sr-only")),
            href=channel["path"].to(str),
            aria_current=rx.cond(channel["current"].to(bool), "page", "false"),
            class_name=rx.cond(
                channel["current"].to(bool),
                f"{_ITEM} bg-selected text-ink font-medium",
                rx.cond(
                    channel["unread"].to(bool),
                    f"{_ITEM} text-ink font-bold hover:bg-hover",
                    f"{_ITEM} text-ink-soft hover:bg-hover",
                ),
            ),
        )
    )


def channel_mark(channel: Item) -> rx.Component:
    """What stands before a channel's name."""
    return rx.cond(
        channel["private"].to(bool),
        rx.el.span(
            rx.el.span("◆", aria_hidden="true", class_name="text-[9px]"),
            rx.el.span(t("channel.private"), class_name="sr-only"),
            class_name="w-4 shrink-0 text-center",
        ),
        rx.el.span("#", aria_hidden="true", class_name="w-4 shrink-0 text-center text-ink-faint"),
    )


def _me(me: Item) -> rx.Component:
    return rx.el.footer(
        avatar(me, "size-7 text-[11px]"),
        rx.el.span(me["name"].to(str), class_name="min-w-0 flex-1 truncate text-[14px]"),
        rx.el.button(t("log_out"), type="button", on_click=log_out(), class_name="icon-button text-[13px]!"),
        class_name="flex items-center gap-2 border-t border-line px-3 py-2",
    )
