"""The pane of messages: the list, what stands in its place, and the dialog that deletes."""

import reflex as rx

from components.actions import delete_message, dialog_value
from components.bridge import Item
from components.channel_closing import archived_bar
from components.composer import composer, typing_line
from components.jump import day_menu, landing_bar, latest_button
from components.live import live_value, message_list
from components.message import message_row
from components.question import question
from rxapp.texts.var import t
from state.channel import ChannelState


def messages_pane() -> rx.Component:
    """The list and where one writes."""
    return rx.el.section(
        landing_bar(),
        rx.el.div(
            message_list(
                message_row,
                day_menu,
                loading=_loading(),
                absent=_absent(),
                beginning=live_value("channel", _beginning),
                on_older=ChannelState.load_older,
                on_newer=ChannelState.load_newer,
                on_read=ChannelState.read_to,
            ),
            latest_button(),
            class_name="relative min-h-0 flex-1",
        ),
        live_value("channel", _not_joined),
        live_value("channel", archived_bar),
        composer(),
        typing_line(),
        aria_label=t("messages.pane"),
        class_name="flex min-h-0 flex-1 flex-col",
    )


def delete_message_dialog() -> rx.Component:
    """Asks before a message is deleted."""
    return question(
        "delete-message",
        "message.delete_heading",
        rx.el.p(t("message.delete_text"), class_name="m-0"),
        confirm="message.delete_confirm",
        on_confirm=delete_message(dialog_value()),
    )


def _loading() -> rx.Component:
    widths = ("w-3/5", "w-2/5", "w-4/5", "w-1/2", "w-3/4", "w-1/3")
    return rx.el.div(
        rx.el.span(t("loading"), class_name="sr-only", role="status"),
        *(
            rx.el.div(
                rx.el.div(class_name="bone size-9 rounded-lg"),
                rx.el.div(
                    rx.el.div(class_name="bone h-3 w-28"),
                    rx.el.div(class_name=f"bone h-3 {width}"),
                    class_name="grid flex-1 gap-2",
                ),
                aria_hidden="true",
                class_name="flex gap-3",
            )
            for width in widths
        ),
        class_name="flex h-full flex-col justify-end gap-5 px-5 pb-6",
    )


def _absent() -> rx.Component:
    return rx.el.div(
        rx.el.h2(t("channel.absent_heading"), class_name="m-0 text-lg font-semibold"),
        rx.el.p(t("channel.absent_text"), class_name="muted m-0"),
        rx.el.a(t("channel.absent_back"), href="/", class_name="button"),
        class_name="grid h-full place-content-center justify-items-center gap-3 px-6 text-center",
    )


def _beginning(channel: Item) -> rx.Component:
    return rx.el.div(
        rx.el.h2(
            rx.cond(
                channel["direct"].to(bool),
                rx.cond(
                    channel["notes"].to(bool),
                    channel["title"].to(str),
                    t("direct.beginning", title=channel["title"]),
                ),
                t("channel.beginning", channel=channel["name"]),
            ),
            class_name="m-0 text-[20px] font-semibold",
        ),
        rx.el.p(
            rx.cond(
                channel["direct"].to(bool),
                rx.cond(channel["notes"].to(bool), t("direct.beginning_notes"), t("direct.beginning_text")),
                rx.cond(channel["private"].to(bool), t("channel.beginning_private"), t("channel.beginning_public")),
            ),
            class_name="muted m-0",
        ),
        rx.cond(
            channel["purpose"].to(str) != "",
            rx.el.p(channel["purpose"].to(str), class_name="m-0 max-w-[70ch] [overflow-wrap:anywhere]"),
        ),
        class_name="grid gap-1 px-5 pt-10 pb-4",
    )


def _not_joined(channel: Item) -> rx.Component:
    return rx.cond(
        channel["open"].to(bool) & ~channel["joined"].to(bool) & ~channel["archived"].to(bool),
        rx.el.div(
            rx.el.p(t("channel.not_joined", channel=channel["name"]), class_name="m-0"),
            rx.el.button(
                t("channel.join"),
                type="button",
                on_click=ChannelState.join(channel["id"].to(str)),
                class_name="button-primary",
            ),
            class_name="mx-5 mb-4 flex flex-wrap items-center justify-between gap-3 rounded-lg border border-line "
            "bg-side px-4 py-3",
        ),
    )
