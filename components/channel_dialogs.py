"""The dialogs about channels: making one, finding one, changing one."""

from typing import Any

import reflex as rx

from components.actions import go_to, open_dialog
from components.bridge import Item
from components.field import field
from components.list_loading import list_loading
from components.live import channel_browser, dialog, live_value
from components.question import answers
from components.sidebar import channel_mark
from rxapp.texts.var import t
from state.channel import ChannelState

SEARCH_AFTER_MS = 200


def create_channel_dialog() -> rx.Component:
    """A name, and who may see it."""
    return dialog(
        "create-channel",
        t("channels.create"),
        rx.el.form(
            live_value("dialog", _new_name),
            rx.el.label(
                rx.el.input(type="checkbox", name="private", class_name="mt-1 size-4 accent-(--accent)"),
                rx.el.span(
                    t("channel.make_private"),
                    rx.el.span(t("channel.make_private_hint"), class_name="muted block text-[13px]"),
                ),
                class_name="flex items-start gap-3 text-[14px]",
            ),
            answers("channel.create_confirm"),
            on_submit=ChannelState.create,
            class_name="grid gap-4",
        ),
    )


def _new_name(opened: Item) -> rx.Component:
    """The field, with what one has looked for in vain."""
    return field(
        "name",
        "channel.name",
        hint="channel.name_hint",
        default_value=opened["value"].to(str),
        required=True,
        max_length=80,
        auto_focus=True,
    )


def browse_channels_dialog() -> rx.Component:
    """The channels one may read, and coming into them."""
    return dialog(
        "browse-channels",
        t("channels.browse"),
        channel_browser(_found_channel, loading=list_loading()),
        rx.el.div(
            rx.el.button(
                t("channels.create"), type="button", on_click=open_dialog("create-channel"), class_name="button"
            ),
            class_name="dialog-actions",
        ),
    )


def channel_settings_dialog() -> rx.Component:
    """Name and topic, and the way out."""
    return dialog(
        "channel-settings",
        t("channel.settings_heading"),
        live_value("channel", _settings),
    )


def _found_channel(channel: Item) -> rx.Component:
    joined, is_archived = channel["joined"].to(bool), channel["archived"].to(bool)
    return rx.el.li(
        rx.el.button(
            channel_mark(channel),
            rx.el.span(t("channel.open_label", channel=channel["name"]), class_name="sr-only"),
            rx.el.span(
                rx.el.span(
                    rx.el.bdi(channel["name"].to(str), aria_hidden="true", class_name="min-w-0 truncate font-medium"),
                    rx.cond(is_archived, rx.el.span(t("archive.tag"), class_name="tag")),
                    class_name="flex min-w-0 items-center gap-2",
                ),
                rx.el.span(
                    t("channel.people", count=channel["people"]),
                    rx.cond(channel["about"].to(str) != "", rx.el.bdi(" · ", channel["about"].to(str))),
                    class_name="muted block truncate text-[13px]",
                ),
                class_name="grid min-w-0 flex-1",
            ),
            type="button",
            on_click=go_to(channel["path"].to(str)),
            class_name="flex min-w-0 flex-1 items-center gap-3 rounded-md text-left",
        ),
        rx.cond(
            joined,
            _small_button("channel.go_out", "channel.go_out_label", channel, ChannelState.go_out),
            rx.cond(
                is_archived,
                rx.fragment(),
                _small_button("channel.come_in", "channel.join_label", channel, ChannelState.join),
            ),
        ),
        class_name="flex items-center gap-3 rounded-md px-2 py-2 hover:bg-hover",
    )


def _small_button(text: str, label: str, channel: Item, handler: Any) -> rx.Component:
    return rx.el.button(
        t(text),
        type="button",
        aria_label=t(label, channel=channel["name"]),
        on_click=handler(channel["id"].to(str)),
        class_name="button shrink-0",
    )


def _settings(channel: Item) -> rx.Component:
    manages, is_archived = channel["manages"].to(bool), channel["archived"].to(bool)
    closes = manages & ~is_archived & ~channel["first"].to(bool)
    return rx.fragment(
        rx.cond(manages & ~is_archived, _settings_form(channel), live_value("about", channel_about)),
        rx.el.div(
            rx.el.button(t("channel.leave"), type="button", on_click=ChannelState.leave, class_name="button"),
            rx.cond(
                closes & ~channel["private"].to(bool),
                rx.el.button(t("hide.open"), type="button", on_click=open_dialog("hide-channel"), class_name="button"),
            ),
            rx.cond(
                closes,
                rx.el.button(
                    t("archive.open"), type="button", on_click=open_dialog("archive-channel"), class_name="button"
                ),
            ),
            class_name="flex flex-wrap gap-2 border-t border-line pt-4",
        ),
    )


def channel_about(about: Item) -> rx.Component:
    """What the channel is for, what it is about now, and who made it when."""
    return rx.el.dl(
        _fact("channel.purpose", about["purpose"].to(str), "channel.purpose_none"),
        _fact("channel.topic", about["topic"].to(str), "channel.topic_none"),
        _fact("channel.made", about["made"].to(str), "channel.made_unknown"),
        class_name="m-0 grid gap-3 text-[14px]",
    )


def _fact(label: str, value: rx.Var[str], nothing: str) -> rx.Component:
    return rx.el.div(
        rx.el.dt(t(label), class_name="muted text-[13px]"),
        rx.el.dd(
            rx.cond(value != "", rx.el.bdi(value), rx.el.span(t(nothing), class_name="muted")),
            class_name="m-0 [overflow-wrap:anywhere]",
        ),
    )


def _settings_form(channel: Item) -> rx.Component:
    return rx.el.form(
        field("name", "channel.name", default_value=channel["name"].to(str), required=True, max_length=80),
        field(
            "topic", "channel.topic", hint="channel.topic_hint", default_value=channel["topic"].to(str), max_length=250
        ),
        field(
            "purpose",
            "channel.purpose",
            hint="channel.purpose_hint",
            default_value=channel["purpose"].to(str),
            max_length=250,
        ),
        answers("save"),
        on_submit=ChannelState.change,
        class_name="grid gap-4",
    )
