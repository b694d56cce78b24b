"""What stands around pages."""

from typing import Any

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary

from rxapp.texts.var import t


def entrance(heading: rx.Var[str] | str, *children: rx.Component | rx.Var[Any]) -> rx.Component:
    """The frame of the pages before the log-in: one card in the middle."""
    return rx.el.main(
        rx.el.div(
            wordmark(),
            rx.el.div(
                rx.el.h1(heading, class_name="text-[22px] font-semibold leading-snug m-0"),
                *children,
                class_name="grid gap-5 rounded-xl border border-line bg-raised p-7 shadow-sm",
            ),
            class_name="grid gap-6 w-full max-w-[420px]",
        ),
        class_name="min-h-dvh grid place-items-center bg-side px-4 py-10",
    )


def wordmark() -> rx.Component:
    """The product's name as it signs."""
    return rx.el.p(
        rx.el.span(aria_hidden="true", class_name="inline-block size-3.5 rounded-[4px_4px_4px_0] bg-accent"),
        t("app.name"),
        class_name="flex items-center justify-center gap-2 text-[19px] font-semibold tracking-tight m-0",
    )


def error_boundary() -> rx.Component:
    """What people see when a page breaks: what to do, not what broke; the server's log has that."""
    return ErrorBoundary.create(
        fallback_render=entrance(
            t("broken.heading"),
            rx.el.p(t("broken.text"), class_name="muted m-0"),
            rx.el.a(t("broken.again"), href="/", class_name="button-primary"),
        )
    )
