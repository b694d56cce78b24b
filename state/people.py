"""People: those of the channel, those who could come into it, and the members of the workspace."""

from typing import Any

import reflex as rx

from rxapp.services.backend import backend
from rxapp.services.channel_people import ADDED_AT_ONCE_PEOPLE, add_people, remove_person
from rxapp.services.members import change_role, list_members, remove_member
from state.channel import ChannelState
from state.command import CommandState, command
from state.workspace import WorkspaceState

__all__ = ["ADDED_AT_ONCE_PEOPLE", "PeopleState"]


class PeopleState(CommandState, rx.State):
    """Who may be added, how often somebody came or went, and the newest role that was given in a dialog."""

    found: list[dict[str, Any]] = []  # noqa: RUF012 - Reflex copies the default for each client
    searched: str = ""
    changes: int = 0
    role_given: dict[str, Any] = {}  # noqa: RUF012

    @command
    async def search(self, search: str = "") -> None:
        """List who could be added to this tab's channel."""
        actor, channel_id, workspace_id = await self._actor(), await self._channel(), await self._workspace()
        found = await list_members(
            backend(), actor=actor, workspace_id=workspace_id, search=search, but_channel=channel_id
        )
        self.found, self.searched = list(found), str(search)

    @command
    async def add(self, user_ids: list[str]) -> Any:
        """Bring people into this tab's channel."""
        actor, channel_id = await self._actor(), await self._channel()
        await add_people(backend(), actor=actor, channel_id=channel_id, user_ids=user_ids)
        return self._changed()

    @command
    async def take_out(self, user_id: str) -> Any:
        """Take somebody out of this tab's channel."""
        actor, channel_id = await self._actor(), await self._channel()
        await remove_person(backend(), actor=actor, channel_id=channel_id, user_id=user_id)
        return self._changed()

    @command
    async def change_role(self, user_id: str, role: str) -> None:
        """Give a member another role; the directory that is open here shows it."""
        actor, workspace_id = await self._actor(), await self._workspace()
        await change_role(backend(), actor=actor, workspace_id=workspace_id, user_id=user_id, role=role)
        self.role_given = {"id": str(user_id), "role": str(role), "number": self.role_given.get("number", 0) + 1}

    @command
    async def remove_member(self, user_id: str) -> None:
        """Take a member out of the workspace."""
        actor, workspace_id = await self._actor(), await self._workspace()
        await remove_member(backend(), actor=actor, workspace_id=workspace_id, user_id=user_id)
        await self._done()

    async def _workspace(self) -> str:
        return (await self.get_state(WorkspaceState)).workspace_id

    async def _channel(self) -> str:
        return (await self.get_state(ChannelState)).channel_id

    def _changed(self) -> Any:
        """Somebody came or went: both lists are read anew."""
        self.changes += 1
        return PeopleState.search("")
