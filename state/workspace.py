"""The workspace this tab is in."""

from typing import Any

import reflex as rx

from rxapp.errors import ConfabError, ErrorCode
from rxapp.services.backend import backend
from rxapp.services.cursors import mark_all_read
from rxapp.services.invitations import follow_link
from rxapp.services.members import remove_member
from rxapp.services.sidebar import enter_workspace, tell_gone
from rxapp.services.workspace_removal import delete_workspace
from rxapp.services.workspaces import create_workspace, rename_workspace
from state.command import CommandState, command


class WorkspaceState(CommandState, rx.State):
    """The workspace this tab is in."""

    workspace_id: str = ""

    @command
    async def enter(self, workspace_id: str, since_rev: int = 0) -> None:
        """Come into a workspace: its sidebar is pushed with who changed since the tab's `rev`; from now on its ops."""
        if await self._enter(workspace_id, since_rev):
            self.workspace_id = workspace_id

    @command
    async def enter_other(self, workspace_id: str, since_rev: int = 0) -> None:
        """Come into another of one's workspaces too: its sidebar is pushed as by `enter`, and from now on its ops.

        The one that is shown, which commands are about, stays the same.
        """
        await self._enter(workspace_id, since_rev)

    @command
    async def create(self, form: dict[str, Any]) -> None:
        """Make a workspace and go there."""
        view = await create_workspace(
            backend(), actor=await self._actor(), name=form.get("name"), icon=form.get("icon", "")
        )
        await self._done(goto=f"/w/{view['id']}")

    @command
    async def follow_link(self, form: dict[str, Any]) -> None:
        """Go where an invitation link leads."""
        await self._actor()
        await self._done(goto=await follow_link(backend(), link=form.get("link")))

    @command
    async def rename(self, form: dict[str, Any]) -> None:
        """Give this workspace another name, icon and hue."""
        actor = await self._actor()
        await rename_workspace(
            backend(),
            actor=actor,
            workspace_id=self.workspace_id,
            name=form.get("name"),
            icon=form.get("icon"),
            hue=form.get("hue"),
        )
        await self._done()

    @command
    async def mark_all_read(self) -> None:
        """Say that everything in this workspace was read."""
        await mark_all_read(backend(), actor=await self._actor(), workspace_id=self.workspace_id)
        await self._done()

    @command
    async def leave(self) -> None:
        """Go out of this workspace; its tabs hear that they are out."""
        actor = await self._actor()
        await remove_member(backend(), actor=actor, workspace_id=self.workspace_id, user_id=actor.user_id)
        await self._done()

    @command
    async def delete(self, form: dict[str, Any]) -> None:
        """Delete this workspace, for who typed its name."""
        actor = await self._actor()
        await delete_workspace(backend(), actor=actor, workspace_id=self.workspace_id, name=form.get("name"))
        await self._done()

    async def _enter(self, workspace_id: str, since_rev: int) -> bool:
        """Whether the tab is in; it is told when its person has no place there."""
        actor = await self._actor()
        try:
            await enter_workspace(
                backend(), actor=actor, socket_id=self._socket_id, workspace_id=workspace_id, since_rev=since_rev
            )
        except ConfabError as refused:
            if refused.code is not ErrorCode.NOT_FOUND:
                raise
            await tell_gone(backend(), socket_id=self._socket_id, workspace_id=workspace_id)
            return False
        return True
