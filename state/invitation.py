"""The links that let others into this tab's workspace."""

from typing import Any

import reflex as rx

from rxapp.services.backend import backend
from rxapp.services.invitations import create_invitation, list_invitations, withdraw_invitation
from state.command import CommandState, command
from state.workspace import WorkspaceState


class InvitationState(CommandState, rx.State):
    """The living links, and the one that was just made: it is shown once, in the dialog that it was made in."""

    living: list[dict[str, Any]] = []  # noqa: RUF012 - Reflex copies the default for each client
    path: str = ""
    made_in: str = ""

    @command
    async def load(self) -> None:
        """List the living links."""
        self.path = self.made_in = ""
        await self._list()

    @command
    async def create(self, form: dict[str, Any], opening: str) -> None:
        """Make a link, for one opening of the dialog."""
        days = str(form.get("days"))
        self.path = await create_invitation(
            backend(),
            actor=await self._actor(),
            workspace_id=await self._workspace(),
            role=form.get("role"),
            days=int(days) if days in ("1", "7", "14", "30") else days,
        )
        self.made_in = str(opening)
        await self._list()

    @command
    async def withdraw(self, invitation_id: str) -> None:
        """End a link."""
        await withdraw_invitation(
            backend(),
            actor=await self._actor(),
            workspace_id=await self._workspace(),
            invitation_id=invitation_id,
        )
        await self._list()

    async def _list(self) -> None:
        actor, workspace_id = await self._actor(), await self._workspace()
        self.living = list(await list_invitations(backend(), actor=actor, workspace_id=workspace_id))

    async def _workspace(self) -> str:
        return (await self.get_state(WorkspaceState)).workspace_id
