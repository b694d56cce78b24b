"""What a person's own pages look like."""

import reflex as rx

from rxapp.services.backend import backend
from rxapp.services.preferences import choose
from state.command import CommandState, command


class PreferencesState(CommandState, rx.State):
    """Commands on one's own preferences; what holds is in the browser, see assets/live/preferences.js."""

    @command
    async def choose(self, name: str, value: str) -> None:
        """Choose one thing."""
        await choose(backend(), actor=await self._actor(), name=name, value=value)
