"""Direct conversations: their part of the sidebar, and the dialog that begins one."""

import reflex as rx

from components.actions import open_dialog
from components.avatar import avatar
from components.bridge import Item
from components.button import icon_button
from components.live import NavLink, PeoplePicker, dialog, live_each, live_value, sidebar_section
from components.sidebar_item import draft_mark, sidebar_bones, sidebar_item_class, stays
from rxapp.texts.var import t
from state.direct import OTHER_PEOPLE_LIMIT, DirectState


def directs_section() -> rx.Component:
    """One's open conversations, the newest first."""
    return sidebar_section(
        "direct",
        t("direct.heading"),
        live_each("directs", _direct),
        live_value("workspace", _none),
        action=icon_button("plus", "direct.new", open_dialog("new-message")),
    )


def _none(workspace: Item) -> rx.Component:
    return rx.cond(
        workspace["loaded"].to(bool), rx.el.li(t("direct.none"), class_name="section-empty"), sidebar_bones()
    )


def new_message_dialog() -> rx.Component:
    """Whom one wants to talk with."""
    return dialog(
        "new-message",
        t("direct.new"),
        PeoplePicker.create(
            found=DirectState.found,
            searched=DirectState.searched,
            limit=OTHER_PEOPLE_LIMIT,
            label=t("direct.search"),
            hint=t("direct.to_hint", limit=OTHER_PEOPLE_LIMIT),
            full=t("direct.full"),
            confirm=t("direct.open"),
            needs_one=False,
            on_search=DirectState.search,
            on_confirm=DirectState.open_group,
        ),
        on_open=DirectState.search(""),
    )


def direct_face(conversation: Item, size_class: str = "size-5 text-[9px]") -> rx.Component:
    """The other person's avatar, or how many others there are."""
    return rx.cond(
        conversation["group"].to(int) > 0,
        rx.el.span(
            conversation["group"].to(str),
            aria_hidden="true",
            class_name=f"grid place-items-center shrink-0 rounded-lg bg-selected font-semibold text-ink {size_class}",
        ),
        avatar(conversation, size_class),
    )


def _direct(conversation: Item) -> rx.Component:
    return rx.el.li(
        NavLink.create(
            direct_face(conversation),
            rx.el.span(conversation["title"].to(str), class_name="min-w-0 flex-1 truncate"),
            rx.cond(conversation["draft"].to(bool), draft_mark()),
            rx.cond(
                conversation["count"].to(str) != "",
                rx.el.span(
                    conversation["count"].to(str),
                    title=t("direct.unread", count=conversation["count"]),
                    aria_label=t("direct.unread", count=conversation["count"]),
                    role="img",
                    class_name="direct-count",
                ),
            ),
            to=conversation["path"].to(str),
            title=conversation["title"].to(str),
            aria_current=rx.cond(conversation["current"].to(bool), "page", "false"),
            class_name=sidebar_item_class(conversation),
        ),
        rx.el.button(
            rx.icon("x", size=14, aria_hidden="true"),
            type="button",
            aria_label=t("direct.close", title=conversation["title"]),
            title=t("direct.close_this"),
            on_click=DirectState.close(conversation["id"].to(str)),
            class_name="direct-close",
        ),
        custom_attrs=stays(conversation),
        class_name="direct",
    )
