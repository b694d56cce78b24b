"""What JavaScript a page loads, file by file, as it comes over the line."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession, Page

KIB = 1024


@dataclass(frozen=True, slots=True)
class Script:
    """One file; `wire_bytes` is its body as sent, compressed."""

    name: str
    wire_bytes: int


class Scripts:
    """The scripts that a tab loads from now on."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self.loaded: list[Script] = []

    @classmethod
    async def watch(cls, page: Page) -> "Scripts":
        """Begin to take note."""
        scripts = cls()
        session: CDPSession = await page.context.new_cdp_session(page)
        await session.send("Network.enable")
        session.on("Network.responseReceived", scripts._note)
        session.on("Network.loadingFinished", scripts._finish)
        return scripts

    def _note(self, event: dict[str, Any]) -> None:
        if event["type"] == "Script" or event["response"]["mimeType"].endswith("javascript"):
            self._names[str(event["requestId"])] = event["response"]["url"].rpartition("/")[2].partition("?")[0]

    def _finish(self, event: dict[str, Any]) -> None:
        name = self._names.get(str(event["requestId"]))
        if name is not None:
            self.loaded.append(Script(name, int(event["encodedDataLength"])))

    @property
    def total_kib(self) -> float:
        """All of them together."""
        return sum(script.wire_bytes for script in self.loaded) / KIB
