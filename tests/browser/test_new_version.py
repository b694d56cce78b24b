"""A tab that runs an older page than the server serves is told so."""

import re
from dataclasses import dataclass, field

from playwright.async_api import WebSocketRoute, expect

from tests.browser.people import is_in_channel
from tests.browser.team import Team
from tests.browser.waiting import until

SOCKET = re.compile(r"/_event/")
BUILD = re.compile(r'"build":\s*"[^"]*"')
# A closed socket is opened anew after a moment, which grows.
RECONNECTED_SECONDS = 40.0


@dataclass
class Line:
    """The way to the server, which may be upgraded in between."""

    is_upgraded: bool = False
    sockets: list[WebSocketRoute] = field(default_factory=list)
    builds_told: int = 0

    async def open(self, page_side: WebSocketRoute) -> None:
        self.sockets.append(page_side)
        server_side = page_side.connect_to_server()

        def to_page(frame: str | bytes) -> None:
            text, builds = BUILD.subn('"build":"newer"', str(frame))
            self.builds_told += builds
            page_side.send(text if self.is_upgraded and builds else frame)

        page_side.on_message(server_side.send)
        server_side.on_message(to_page)

    async def reconnect(self) -> None:
        """Break the socket, and wait until the tab has come into its workspace by another one."""
        told = self.builds_told
        await self.sockets[-1].close()

        async def came_back() -> bool:
            return self.builds_told > told

        await until(came_back, lambda: "the tab came back", within=RECONNECTED_SECONDS)


async def test_after_an_upgrade_the_tab_offers_to_load_itself_anew(team: Team) -> None:
    bob, line = team.bob, Line()
    bob.expect_an_outage()
    await bob.page.route_web_socket(SOCKET, line.open)
    await bob.page.reload()
    await is_in_channel(bob, "general")
    notice = bob.page.get_by_role("status").filter(has_text="A new version of Confab is here.")
    await line.reconnect()
    await is_in_channel(bob, "general")
    await expect(notice).to_have_count(0)

    line.is_upgraded = True
    await line.reconnect()
    await expect(notice).to_be_visible()
    async with bob.page.expect_navigation():
        await notice.get_by_role("button", name="Reload").click()
    await is_in_channel(bob, "general")
    await expect(notice).to_have_count(0)
