"""What one does with a message. Sending and editing go over HTTP, which says yes or no: see assets/live/outbox.js."""

import reflex as rx

from rxapp.services.backend import backend
from rxapp.services.messages import delete_message
from state.command import CommandState, command


class MessageState(CommandState, rx.State):
    """Commands on messages."""

    @command
    async def delete(self, message_id: str) -> None:
        """Delete a message."""
        await delete_message(backend(), actor=await self._actor(), message_id=message_id)
        await self._done()
