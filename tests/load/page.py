"""What the built page says when it comes up, and the names of the events it sends."""

import json
import re
from dataclasses import dataclass
from typing import Any

import httpx
from reflex.constants import Reflex
from reflex_base.utils.format import format_event_handler

from rxapp.auth.sessions import COOKIE_NAME
from state.channel import ChannelState
from state.live import LIVE_STATE_NAME
from state.workspace import WorkspaceState
from tests.load.town import Town

SUBPROTOCOL = Reflex.VERSION
LIVE_STATE = LIVE_STATE_NAME
OP = "op_rx_state_"
ENTER = format_event_handler(WorkspaceState.enter)
OPEN = format_event_handler(ChannelState.open)
LOAD_OLDER = format_event_handler(ChannelState.load_older)
READ_TO = format_event_handler(ChannelState.read_to)
HYDRATE = "reflex___state____state.hydrate_and_load"
_CONTEXT_FILE = re.compile(r"/(assets/context-[\w-]+\.js)")
# As it stands in the minified file: the hashes of the states, and after them the schema of them all.
_HASHES = re.compile(r"\[((?:[`\"][0-9a-f]{16}[`\"],?)+)\],\w+=[`\"]([0-9a-f]{32})[`\"]")


@dataclass(frozen=True, slots=True)
class Page:
    """The build that is served."""

    hashes: list[str]
    schema: str

    def boot(self, place: dict[str, Any]) -> str:
        """What goes with the connect packet."""
        event = {"name": HYDRATE, "payload": {"hashes": self.hashes}, "router_data": place}
        return json.dumps({"event": event, "state_schema": self.schema}, separators=(",", ":"))


async def read_page(url: str, town: Town) -> Page:
    """Load the page as a browser does, and find in its scripts what it will say."""
    cookies = {COOKIE_NAME: town.people[0].token}
    async with httpx.AsyncClient(base_url=url, cookies=cookies, trust_env=False, follow_redirects=True) as client:
        html = (await client.get(path_of(town, 0))).raise_for_status().text
        file = _CONTEXT_FILE.search(html)
        script = (await client.get(f"/{file[1]}")).raise_for_status().text if file else ""
    found = _HASHES.search(script)
    if found is None:
        raise RuntimeError("expected the page's context script to hold the hashes of its states: the build has changed")
    return Page(re.findall(r"[0-9a-f]{16}", found[1]), found[2])


def path_of(town: Town, channel: int) -> str:
    """The address of a channel."""
    return f"/w/{town.workspace}/c/{town.channels[channel]}"


def place_of(town: Town, channel: int) -> dict[str, Any]:
    """The same, as every event says where it comes from."""
    path = path_of(town, channel)
    query = {"workspace_id": str(town.workspace), "channel_id": str(town.channels[channel])}
    return {"pathname": path, "asPath": path, "query": query}
