"""An HTTP server that takes messages, or does what else servers and networks do."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any


class Mood(Enum):
    """What becomes of a request."""

    ACCEPT = auto()
    BREAK = auto()  # 500
    REFUSE = auto()  # 404
    SLOW_DOWN = auto()  # 429
    HANG_UP = auto()  # before anything is stored
    LOSE_THE_ANSWER = auto()  # after the message is stored
    PORTAL = auto()  # somebody else's page
    WAIT = auto()  # answer when told to


@dataclass(slots=True)
class MoodyServer:
    """Its moods come in turn, then it accepts."""

    url: str = ""
    patience: int = 1  # seconds that a request which came too soon has to wait
    moods: list[Mood] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)  # the source of each request
    keys: list[str] = field(default_factory=list)  # the client key of each request
    people: list[str] = field(default_factory=list)  # in whose name each was made
    stored: dict[str, dict[str, Any]] = field(default_factory=dict)  # by client key
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    def sources(self, channel: str) -> list[str]:
        """What a channel holds, in order."""
        return [row["source"] for row in self.stored.values() if row["ch"] == channel]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, and hang up."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].split("\r\n")[0])
        body = json.loads(await reader.readexactly(length))
        self.people.append(head.partition("confab-person: ")[2].split("\r\n")[0])
        answer = await self._answer(head.split()[1].split("/")[3], body)
        if answer is not None:
            status, kind, text = answer
            writer.write(
                f"HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {len(text)}\r\n"
                f"retry-after: {self.patience}\r\nconnection: close\r\n\r\n{text}".encode()
            )
            await writer.drain()
        writer.close()
        await writer.wait_closed()

    async def _answer(self, channel: str, body: dict[str, str]) -> tuple[int, str, str] | None:
        self.asked.append(body["source"])
        self.keys.append(body["client_key"])
        mood = self.moods.pop(0) if self.moods else Mood.ACCEPT
        if mood is Mood.WAIT:
            await self.go_on.wait()
        match mood:
            case Mood.HANG_UP:
                return None
            case Mood.BREAK:
                return 500, "text/plain", "broken"
            case Mood.REFUSE:
                return 404, "application/json", json.dumps({"error": {"code": "not_found"}})
            case Mood.SLOW_DOWN:
                return 429, "application/json", json.dumps({"error": {"code": "too_many_requests"}})
            case Mood.PORTAL:
                return 200, "text/html", "<p>Welcome to our hotel</p>"
        row = self._store(channel, body)
        return None if mood is Mood.LOSE_THE_ANSWER else (201, "application/json", json.dumps(row))

    def _store(self, channel: str, body: dict[str, str]) -> dict[str, Any]:
        number = len(self.stored) + 1
        row = {"id": f"m{number}", "ch": channel, "seq": number, "rev": number, "author": "ada", "at": number}
        return self.stored.setdefault(body["client_key"], {**row, "key": body["client_key"], "source": body["source"]})


@asynccontextmanager
async def moody_server() -> AsyncGenerator[MoodyServer]:
    """Start one on a free port."""
    moody = MoodyServer()
    server = await asyncio.start_server(moody.serve, "127.0.0.1", 0)
    moody.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield moody
