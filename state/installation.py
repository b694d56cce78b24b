"""The installation, for its owner."""

import reflex as rx

from rxapp.services.backend import backend
from rxapp.services.installation import Entrance, open_creation, open_registration, read_creation, read_entrance
from rxapp.services.workspaces import Creation
from state.command import CommandState, command


class InstallationState(CommandState, rx.State):
    """What the installation's owner decides."""

    is_open: bool = False
    anyone_creates: bool = False

    @command
    async def load(self) -> None:
        """Read who may register, and who may make workspaces."""
        creation, _ = await read_creation(backend(), actor=await self._actor())
        self.anyone_creates = creation is Creation.ANYONE
        self.is_open = await read_entrance(backend()) is Entrance.OPEN

    @command
    async def set_open(self, is_open: bool) -> None:
        """Let anybody register, or only who is invited."""
        await open_registration(backend(), actor=await self._actor(), is_open=is_open is True)
        self.is_open = is_open is True

    @command
    async def set_creation(self, is_open: bool) -> None:
        """Let anybody make workspaces, or only the installation's owner."""
        await open_creation(backend(), actor=await self._actor(), is_open=is_open is True)
        self.anyone_creates = is_open is True
