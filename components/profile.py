"""Who somebody is: the card in the pane on the right, and the dialog in which one says it of oneself."""

from typing import Any

import reflex as rx

from components.actions import open_dialog, zones
from components.avatar import avatar
from components.bridge import Item
from components.field import field
from components.live import dialog, pane, profile
from components.question import answers
from rxapp.texts.var import t
from state.direct import DirectState
from state.profile import ProfileState

# Hues in degrees that can be told apart, with the keys of their names.
_HUES = {
    0: "colour.red",
    30: "colour.orange",
    55: "colour.yellow",
    85: "colour.lime",
    125: "colour.green",
    155: "colour.mint",
    180: "colour.teal",
    205: "colour.azure",
    230: "colour.blue",
    265: "colour.violet",
    295: "colour.magenta",
    330: "colour.pink",
}


def profile_pane() -> rx.Component:
    """The card of whoever one asked about."""
    return pane("profile", t("profile.heading"), profile(_card, loading=_loading()))


def edit_profile_dialog() -> rx.Component:
    """Everything that one says of oneself."""
    return dialog("edit-profile", t("profile.edit"), profile(_form, own=True, loading=_loading()))


def role_name(person: Item) -> rx.Var[Any]:
    """What somebody is in the workspace."""
    return rx.match(person["role"].to(str), ("owner", t("role.owner")), ("admin", t("role.admin")), t("role.member"))


def _card(person: Item) -> rx.Component:
    return rx.el.div(
        avatar(person, "size-28 text-[38px] rounded-2xl!"),
        rx.el.div(
            rx.el.h3(rx.el.bdi(person["name"].to(str)), class_name="m-0 text-[20px] font-semibold leading-snug"),
            _line(person["pronouns"]),
            rx.el.p(
                "@",
                person["handle"].to(str),
                rx.cond(person["imported"].to(bool), rx.el.span(t("person.imported"), class_name="tag")),
                class_name="muted m-0 flex flex-wrap items-center gap-2 text-[14px]",
            ),
            class_name="grid gap-0.5",
        ),
        rx.cond(
            person["title"].to(str) != "",
            rx.el.p(rx.el.bdi(person["title"].to(str)), class_name="m-0 text-[15px]"),
        ),
        rx.el.ul(
            rx.cond(
                person["role"].to(str) != "",
                _fact("shield", role_name(person)),
                rx.cond(person["imported"].to(bool), rx.fragment(), _fact("door-open", t("profile.left"))),
            ),
            rx.cond(person["clock"].to(str) != "", _fact("clock", person["clock"].to(str))),
            rx.cond(person["since"].to(str) != "", _fact("calendar", t("profile.since", date=person["since"].to(str)))),
            class_name="m-0 grid list-none gap-2 p-0 text-[14px]",
        ),
        rx.cond(person["imported"].to(bool), rx.el.p(t("profile.imported"), class_name="muted m-0 text-[13px]")),
        rx.cond(
            ~person["mine"].to(bool) & ~person["imported"].to(bool) & (person["role"].to(str) != ""),
            rx.el.button(
                rx.icon("message-circle", size=15, aria_hidden="true"),
                t("profile.message"),
                type="button",
                on_click=DirectState.open_with(person["id"].to(str)),
                class_name="button justify-self-start",
            ),
        ),
        rx.cond(
            person["mine"].to(bool),
            rx.el.button(
                rx.icon("pencil", size=15, aria_hidden="true"),
                t("profile.edit"),
                type="button",
                on_click=open_dialog("edit-profile"),
                class_name="button justify-self-start",
            ),
        ),
        class_name="grid gap-4",
    )


def _line(value: Any) -> rx.Component:
    return rx.cond(value.to(str) != "", rx.el.p(rx.el.bdi(value.to(str)), class_name="muted m-0 text-[14px]"))


def _fact(icon: str, what: Any) -> rx.Component:
    return rx.el.li(
        rx.icon(icon, size=15, aria_hidden="true", class_name="shrink-0 text-ink-soft"),
        what,
        class_name="flex items-center gap-2",
    )


def _form(person: Item) -> rx.Component:
    return rx.el.form(
        rx.el.div(
            field(
                "name",
                "profile.name",
                default_value=person["name"].to(str),
                required=True,
                max_length=80,
                auto_focus=True,
            ),
            field(
                "handle",
                "profile.handle",
                hint="profile.handle_hint",
                default_value=person["handle"].to(str),
                required=True,
                max_length=33,
                auto_complete="off",
                auto_capitalize="none",
                spell_check=False,
            ),
            field("title", "profile.title", hint="profile.title_hint", default_value=person["title"].to(str)),
            field("pronouns", "profile.pronouns", default_value=person["pronouns"].to(str)),
            class_name="grid items-start gap-4 sm:grid-cols-2",
        ),
        _zone(person),
        _hues(person),
        answers("save"),
        on_submit=ProfileState.change,
        class_name="grid gap-4",
    )


def _zone(person: Item) -> rx.Component:
    return rx.el.div(
        rx.el.label(
            t("profile.zone"),
            rx.el.select(
                rx.el.option(t("profile.zone_none"), value=""),
                rx.foreach(
                    zones(person["zone"].to(str)),
                    lambda zone: rx.el.option(zone["name"].to(str), value=zone["value"].to(str)),
                ),
                name="time_zone",
                default_value=person["zone"].to(str),
                aria_describedby="profile-zone_hint",
                class_name="input",
            ),
            class_name="grid gap-[5px]",
        ),
        rx.el.span(t("profile.zone_hint"), id="profile-zone_hint"),
        class_name="field",
    )


def _hues(person: Item) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(t("profile.colour"), class_name="mb-2 p-0 text-[14px] font-[550]"),
        rx.el.div(
            _hue(person, person["hue"].to(str), "profile.colour_now", checked=True),
            *(_hue(person, str(hue), label) for hue, label in _HUES.items()),
            class_name="hues",
        ),
        class_name="m-0 border-0 p-0",
    )


def _hue(person: Item, hue: Any, label: str, *, checked: bool = False) -> rx.Component:
    shown = {"initials": person["initials"], "hue": rx.Var.create(hue)}
    return rx.el.label(
        avatar(shown, "size-9 text-[13px]"),  # type: ignore[arg-type]
        rx.el.input(type="radio", name="hue", value=hue, default_checked=checked, aria_label=t(label), title=t(label)),
        class_name="hue",
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.span(t("loading"), class_name="sr-only", role="status"),
        rx.el.div(class_name="bone size-28 rounded-2xl"),
        rx.el.div(class_name="bone h-5 w-3/5"),
        rx.el.div(class_name="bone h-4 w-2/5"),
        class_name="grid gap-4",
    )
