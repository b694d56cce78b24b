"""Who somebody is, in the two lines of a list."""

import reflex as rx

from components.bridge import Item


def person_lines(person: Item) -> rx.Component:
    """The name; under it handle and title. `person` has `name handle title`."""
    return rx.el.span(
        rx.el.span(rx.el.bdi(person["name"].to(str)), class_name="block truncate font-medium"),
        rx.el.span(
            "@",
            person["handle"].to(str),
            rx.cond(person["title"].to(str) != "", rx.el.bdi(" · ", person["title"].to(str))),
            class_name="muted block truncate text-[13px]",
        ),
        class_name="grid min-w-0 flex-1",
    )
