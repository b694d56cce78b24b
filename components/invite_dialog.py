"""The dialog about invitation links: making one, and withdrawing those that still work."""

from typing import Any

import reflex as rx

from components.actions import copy_link, dialog_value, link_of, now, open_dialog
from components.bridge import Item
from components.field import choice, is_empty
from components.live import Moment, dialog
from rxapp.texts.var import t
from state.invitation import InvitationState


def open_invite_dialog() -> Any:
    """Each opening has a value of its own: a link is shown only in the one that it was made in."""
    return open_dialog("invite", now())


def invite_dialog() -> rx.Component:
    """A link to hand on, and the links that others have."""
    return dialog("invite", t("invite.heading"), _made_or_form(), _living(), on_open=InvitationState.load)


def _made_or_form() -> rx.Component:
    return rx.cond(
        (InvitationState.path != "") & (InvitationState.made_in == dialog_value()),
        rx.el.div(
            rx.el.div(
                rx.el.input(
                    read_only=True,
                    value=link_of(InvitationState.path),
                    aria_label=t("invite.link"),
                    class_name="input",
                ),
                rx.el.button(
                    t("copy"), type="button", on_click=copy_link(InvitationState.path), class_name="button-primary"
                ),
                class_name="flex gap-2",
            ),
            rx.el.p(t("invite.once"), class_name="muted m-0 text-[13px]"),
            class_name="grid gap-2",
        ),
        _form(),
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.p(t("invite.text"), class_name="muted m-0"),
        rx.el.div(
            choice("role", "invite.role", {"member": "role.member", "admin": "role.admin"}, default_value="member"),
            choice(
                "days",
                "invite.expires",
                {"1": "invite.days_1", "7": "invite.days_7", "14": "invite.days_14", "30": "invite.days_30"},
                default_value="14",
            ),
            class_name="grid gap-3 sm:grid-cols-2",
        ),
        rx.el.button(t("invite.create"), type="submit", class_name="button-primary justify-self-start"),
        on_submit=lambda form: InvitationState.create(form, dialog_value()),
        class_name="grid gap-4",
    )


def _living() -> rx.Component:
    return rx.cond(
        is_empty(InvitationState.living),
        rx.fragment(),
        rx.el.section(
            rx.el.h3(t("invite.living"), class_name="m-0 text-[15px] font-semibold"),
            rx.el.ul(
                rx.foreach(InvitationState.living, _invitation),
                aria_label=t("invite.living"),
                class_name="m-0 grid grid-cols-[minmax(0,1fr)] max-h-[34dvh] list-none gap-px overflow-y-auto p-0",
            ),
            class_name="grid gap-2 border-t border-line pt-4",
        ),
    )


def _invitation(invitation: Item) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(
                rx.cond(invitation["role"].to(str) == "admin", t("invite.for_admins"), t("invite.for_members")),
                " · ",
                rx.cond(
                    invitation["uses"].to(int) == 0,
                    t("invite.unused"),
                    t("invite.used", count=invitation["uses"]),
                ),
                class_name="block font-medium",
            ),
            rx.el.span(
                t("invite.by", name=invitation["by"]),
                ", ",
                t("invite.until"),
                " ",
                Moment.create(at=invitation["expires"].to(int)),
                class_name="muted block text-[13px]",
            ),
            class_name="min-w-0 flex-1 text-[14px]",
        ),
        rx.el.button(
            t("invite.withdraw"),
            type="button",
            aria_label=t("invite.withdraw_label", name=invitation["by"]),
            on_click=InvitationState.withdraw(invitation["id"].to(str)),
            class_name="button",
        ),
        class_name="flex items-center gap-3 rounded-md px-2 py-1.5 hover:bg-hover",
    )
