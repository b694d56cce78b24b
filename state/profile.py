"""One's own profile."""

from typing import Any

import reflex as rx

from rxapp.services.backend import backend
from rxapp.services.profiles import change_profile
from state.command import CommandState, command

FIELDS = ("name", "handle", "title", "pronouns", "time_zone", "hue")


class ProfileState(CommandState, rx.State):
    """What one says of oneself. Reading it goes over HTTP, see assets/live/profile.js."""

    @command
    async def change(self, form: dict[str, Any]) -> None:
        """Change one's own profile."""
        await change_profile(backend(), actor=await self._actor(), **{field: form.get(field) for field in FIELDS})
        await self._done()
