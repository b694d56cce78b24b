"""What one's own pages look like."""

import reflex as rx

from components.bridge import Item
from components.live import dialog, live_value
from rxapp.texts.var import t
from state.preferences import PreferencesState


def preferences_dialog() -> rx.Component:
    """Theme, colour, density and clock; each choice holds at once, on all devices."""
    return dialog(
        "preferences",
        t("preferences.heading"),
        rx.el.p(t("preferences.text"), class_name="muted m-0 text-[13px]"),
        live_value("preferences", _choices),
    )


def _choices(chosen: Item) -> rx.Component:
    return rx.el.div(
        _choice(chosen, "theme", "system", "light", "dark"),
        _accents(chosen),
        _choice(chosen, "density", "comfortable", "compact"),
        _choice(chosen, "clock", "auto", "12", "24"),
        class_name="grid gap-5",
    )


def _choice(chosen: Item, name: str, *values: str) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(t(f"preferences.{name}"), class_name="legend"),
        rx.el.div(*(_segment(chosen, name, value) for value in values), class_name="segments"),
        class_name="m-0 border-0 p-0",
    )


def _segment(chosen: Item, name: str, value: str) -> rx.Component:
    return rx.el.label(
        _radio(chosen, name, value),
        rx.el.span(t(f"preferences.{name}_{value}")),
        class_name="segment",
    )


def _accents(chosen: Item) -> rx.Component:
    accents = ("teal", "blue", "violet", "rose", "amber", "graphite")
    return rx.el.fieldset(
        rx.el.legend(t("preferences.accent"), class_name="legend"),
        rx.el.div(
            *(
                rx.el.label(
                    _radio(chosen, "accent", accent),
                    rx.el.span(class_name="swatch", aria_hidden="true", custom_attrs={"data-swatch": accent}),
                    rx.el.span(t(f"preferences.accent_{accent}"), class_name="sr-only"),
                    title=t(f"preferences.accent_{accent}"),
                    class_name="swatch-label",
                )
                for accent in accents
            ),
            class_name="flex flex-wrap gap-2",
        ),
        class_name="m-0 border-0 p-0",
    )


def _radio(chosen: Item, name: str, value: str) -> rx.Component:
    return rx.el.input(
        type="radio",
        name=f"preference-{name}",
        value=value,
        checked=chosen[name].to(str) == value,
        on_change=PreferencesState.choose(name, value),
        class_name="sr-only",
    )
