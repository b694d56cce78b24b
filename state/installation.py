"""The installation, for its owner."""

import reflex as rx

from rxapp.services.backend import backend
from rxapp.services.installation import Entrance, open_registration, read_entrance
from state.command import CommandState, command


class InstallationState(CommandState, rx.State):
    """What the installation's owner decides."""

    is_open: bool = False

    @command
    async def load(self) -> None:
        """Read who may register."""
        await self._actor()
        self.is_open = await read_entrance(backend()) is Entrance.OPEN

    @command
    async def set_open(self, is_open: bool) -> None:
        """Let anybody register, or only who is invited."""
        await open_registration(backend(), actor=await self._actor(), is_open=is_open is True)
        self.is_open = is_open is True
