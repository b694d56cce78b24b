"""The workspaces that one could have besides: made, or brought back."""

from typing import Any

import reflex as rx

from rxapp.services.backend import backend
from rxapp.services.installation import read_creation
from rxapp.services.sidebar import wait_for_workspaces
from rxapp.services.workspace_removal import list_deleted, restore_workspace
from state.command import CommandState, command


class MoreWorkspacesState(CommandState, rx.State):
    """What the page and the dialog for one more workspace show."""

    is_loaded: bool = False
    may_create: bool = False
    deleted: list[dict[str, Any]] = []  # noqa: RUF012 - Reflex copies the default for each client

    @command
    async def load(self) -> None:
        """Read what one may do; who is in no workspace hears from now on when they come into one."""
        actor = await self._actor()
        _, self.may_create = await read_creation(backend(), actor=actor)
        self.deleted = list(await list_deleted(backend(), actor=actor))
        self.is_loaded = True
        await wait_for_workspaces(backend(), actor=actor, socket_id=self._socket_id)

    @command
    async def restore(self, workspace_id: str) -> None:
        """Bring a deleted workspace back, and go there."""
        view = await restore_workspace(backend(), actor=await self._actor(), workspace_id=workspace_id)
        await self._done(goto=f"/w/{view['id']}")
