"""What stands in the place of a list until its first page is there."""

import reflex as rx

from rxapp.texts.var import t


def list_loading() -> rx.Component:
    """Rows without words."""
    return rx.el.div(
        rx.el.span(t("loading"), class_name="sr-only", role="status"),
        *(rx.el.div(class_name=f"bone h-10 {width}", aria_hidden="true") for width in ("w-full", "w-full", "w-full")),
        class_name="grid gap-2",
    )
