"""Closing a channel: archiving it, what stands there where one wrote, and making it private."""

import reflex as rx

from components.bridge import Item
from components.live import live_value
from components.question import question
from rxapp.texts.var import t
from state.channel import ChannelState


def archive_channel_dialog() -> rx.Component:
    """Asks before a channel is archived."""
    return question(
        "archive-channel",
        "archive.heading",
        live_value("channel", _what_happens),
        confirm="archive.confirm",
        on_confirm=ChannelState.archive,
    )


def hide_channel_dialog() -> rx.Component:
    """Asks before a channel is made private."""
    return question(
        "hide-channel",
        "hide.heading",
        live_value("channel", _who_stays),
        confirm="hide.confirm",
        on_confirm=ChannelState.hide,
    )


def archived_bar(channel: Item) -> rx.Component:
    """Says that nothing is written here any more; who may opens the channel again."""
    return rx.cond(
        channel["open"].to(bool) & channel["archived"].to(bool),
        rx.el.div(
            rx.icon("archive", size=16, aria_hidden="true", class_name="shrink-0 text-ink-soft"),
            rx.el.p(t("archive.bar"), class_name="m-0 min-w-0 flex-1"),
            rx.cond(
                channel["manages"].to(bool),
                rx.el.button(
                    t("archive.undo"),
                    type="button",
                    on_click=ChannelState.unarchive(channel["id"].to(str)),
                    class_name="button",
                ),
            ),
            role="status",
            class_name="mx-5 mb-4 flex flex-wrap items-center gap-3 rounded-lg border border-line bg-side px-4 py-3",
        ),
    )


def _what_happens(channel: Item) -> rx.Component:
    return rx.el.p(t("archive.text", channel=channel["name"]), class_name="m-0 [overflow-wrap:anywhere]")


def _who_stays(channel: Item) -> rx.Component:
    return rx.fragment(
        rx.el.p(t("hide.text", channel=channel["name"]), class_name="m-0 [overflow-wrap:anywhere]"),
        rx.el.p(t("hide.for_good"), class_name="m-0 font-medium"),
    )
