"""What a page is to the app."""

from collections.abc import Callable
from dataclasses import dataclass

import reflex as rx

from rxapp.texts import sentence


@dataclass(frozen=True, slots=True)
class Page:
    """A route, the key of its title and the function that returns it."""

    route: str
    title_key: str
    component: Callable[[], rx.Component]

    @property
    def title(self) -> str:
        """What the browser's tab says."""
        return f"{sentence(self.title_key)} · {sentence('app.name')}"
