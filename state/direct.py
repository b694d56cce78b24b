"""Direct conversations: opening and closing them."""

from typing import Any

import reflex as rx

from rxapp.services.backend import backend
from rxapp.services.direct import CONVERSATION_MAX_PEOPLE, close_direct, open_direct
from rxapp.services.members import list_members
from state.channel import ChannelState
from state.command import CommandState, command
from state.workspace import WorkspaceState

# Besides oneself.
OTHER_PEOPLE_LIMIT = CONVERSATION_MAX_PEOPLE - 1


class DirectState(CommandState, rx.State):
    """Commands on direct conversations, and whom one may choose for a new one."""

    found: list[dict[str, Any]] = []  # noqa: RUF012 - Reflex copies the default for each client
    searched: str = ""

    @command
    async def search(self, search: str = "") -> None:
        """List the members of this tab's workspace whose names match."""
        workspace_id = (await self.get_state(WorkspaceState)).workspace_id
        found = await list_members(backend(), actor=await self._actor(), workspace_id=workspace_id, search=search)
        self.found, self.searched = list(found), str(search)

    @command
    async def open_with(self, user_id: str) -> None:
        """Go to the conversation with one person of this tab's workspace; with oneself it is one's notes."""
        await self._open([user_id])

    @command
    async def open_group(self, user_ids: list[str]) -> None:
        """Go to the conversation with several people."""
        await self._open(user_ids)

    @command
    async def close(self, channel_id: str) -> None:
        """Take a conversation out of one's sidebar until something new is said in it."""
        view = await close_direct(backend(), actor=await self._actor(), channel_id=channel_id)
        is_looked_at = (await self.get_state(ChannelState)).channel_id == view["id"]
        await self._done(goto=f"/w/{view['ws']}" if is_looked_at else "")

    async def _open(self, user_ids: object) -> None:
        workspace_id = (await self.get_state(WorkspaceState)).workspace_id
        view = await open_direct(backend(), actor=await self._actor(), workspace_id=workspace_id, user_ids=user_ids)
        await self._done(goto=f"/w/{view['ws']}/c/{view['id']}")
