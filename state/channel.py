"""The channel this tab looks at."""

from typing import Any

import reflex as rx

from rxapp.errors import ConfabError, ErrorCode
from rxapp.services.archiving import archive_channel, unarchive_channel
from rxapp.services.backend import backend
from rxapp.services.channel_people import join_channel, leave_channel
from rxapp.services.channels import create_channel, rename_channel
from rxapp.services.cursors import mark_unread, move_cursor
from rxapp.services.hiding import hide_channel
from rxapp.services.history import open_channel, read_newer, read_older
from rxapp.services.typists import say_typing
from state.command import CommandState, command
from state.workspace import WorkspaceState


class ChannelState(CommandState, rx.State):
    """The channel this tab looks at."""

    channel_id: str = ""

    @command
    async def open(self, channel_id: str, since_rev: int, to: dict[str, Any] | None = None) -> None:
        """Look at a channel: a page of it, or what the tab missed, is pushed, and from now on its ops."""
        actor = await self._actor()
        try:
            await open_channel(
                backend(), actor=actor, socket_id=self._socket_id, channel_id=channel_id, since_rev=since_rev, to=to
            )
        except ConfabError as refused:
            if refused.code is not ErrorCode.NOT_FOUND:
                raise
            await self._tell_absent(channel_id)
            return
        self.channel_id = channel_id

    @command
    async def load_older(self, channel_id: str, before_seq: int) -> None:
        """Push the page before a message."""
        actor = await self._actor()
        await self._tell(await read_older(backend(), actor=actor, channel_id=channel_id, before_seq=before_seq))

    @command
    async def load_newer(self, channel_id: str, after_seq: int) -> None:
        """Push the page after a message."""
        actor = await self._actor()
        await self._tell(await read_newer(backend(), actor=actor, channel_id=channel_id, after_seq=after_seq))

    @command
    async def read_to(self, channel_id: str, seq: int, read_rev: int) -> None:
        """Move one's read cursor on, as the tab knew it."""
        await move_cursor(backend(), actor=await self._actor(), channel_id=channel_id, seq=seq, read_rev=read_rev)

    @command
    async def typing(self, channel_id: str) -> None:
        """Say that one is writing there."""
        await say_typing(backend(), actor=await self._actor(), channel_id=channel_id)

    @command
    async def mark_unread(self, channel_id: str, seq: int) -> None:
        """Set one's read cursor back to before a message."""
        await mark_unread(backend(), actor=await self._actor(), channel_id=channel_id, seq=seq)

    @command
    async def create(self, form: dict[str, Any]) -> None:
        """Make a channel in this tab's workspace and go there."""
        workspace_id = (await self.get_state(WorkspaceState)).workspace_id
        view = await create_channel(
            backend(),
            actor=await self._actor(),
            workspace_id=workspace_id,
            name=form.get("name"),
            private=form.get("private") == "on",
        )
        await self._done(goto=f"/w/{view['ws']}/c/{view['id']}")

    @command
    async def change(self, form: dict[str, Any]) -> None:
        """Change name, topic and purpose of this tab's channel."""
        await rename_channel(
            backend(),
            actor=await self._actor(),
            channel_id=self.channel_id,
            name=form.get("name"),
            topic=form.get("topic"),
            purpose=form.get("purpose"),
        )
        await self._done()

    @command
    async def join(self, channel_id: str) -> None:
        """Come into a public channel."""
        await join_channel(backend(), actor=await self._actor(), channel_id=channel_id)

    @command
    async def go_out(self, channel_id: str) -> None:
        """Go out of any channel, and stay where one is."""
        await leave_channel(backend(), actor=await self._actor(), channel_id=channel_id)

    @command
    async def archive(self) -> None:
        """Close this tab's channel for all writing."""
        await archive_channel(backend(), actor=await self._actor(), channel_id=self.channel_id)
        await self._done()

    @command
    async def unarchive(self, channel_id: str) -> None:
        """Open an archived channel again."""
        await unarchive_channel(backend(), actor=await self._actor(), channel_id=channel_id)

    @command
    async def hide(self) -> None:
        """Make this tab's channel private."""
        await hide_channel(backend(), actor=await self._actor(), channel_id=self.channel_id)
        await self._done()

    @command
    async def leave(self) -> None:
        """Go out of this tab's channel."""
        view = await leave_channel(backend(), actor=await self._actor(), channel_id=self.channel_id)
        await self._done(goto=f"/w/{view['ws']}")
