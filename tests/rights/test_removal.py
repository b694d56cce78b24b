"""Who loses a place hears nothing more of it, from the moment the removal is answered."""

from typing import Any

import httpx
import pytest
from reflex_base.utils.format import format_event_handler

from db.models import new_id
from rxapp.services.backend import Backend
from state.channel import ChannelState
from state.people import PeopleState
from state.workspace import WorkspaceState
from tests.browser.server import Server
from tests.rights.people import come
from tests.rights.raw_tab import RawTab
from tests.team import make_team

ENTER, OPEN = (format_event_handler(handler) for handler in (WorkspaceState.enter, ChannelState.open))


@pytest.mark.asyncio(loop_scope="package")
@pytest.mark.parametrize(
    ("remove", "channel"), [(PeopleState.take_out, "secret"), (PeopleState.remove_member, "general")]
)
async def test_a_removed_persons_open_tab_hears_nothing_more(
    server: Server, served: Backend, remove: Any, channel: str
) -> None:
    team = await make_team(served)
    place = str(getattr(team, channel))
    remover, removed = ("member", "admin") if channel == "secret" else ("admin", "member")
    by, out = await come(served, team, remover), await come(served, team, removed)
    assert out.actor is not None
    async with RawTab(server.url, by.headers) as mine, RawTab(server.url, out.headers) as theirs:
        for tab in (mine, theirs):
            await tab.ops_of(ENTER, workspace_id=str(team.workspace))
            pages = await tab.ops_of(OPEN, channel_id=place, since_rev=0)
            assert [op["k"] for op in pages] == ["page"]
        await mine.ops_of(format_event_handler(remove), user_id=str(out.actor.user_id))
        message = {"client_key": str(new_id()), "source": "not for them"}
        async with httpx.AsyncClient(base_url=server.url, headers={"origin": server.url, **by.headers}) as client:
            answer = await client.post(f"/api/channels/{place}/messages", json=message)
        assert answer.status_code == 201
        heard = await theirs.heard_before_pong()
        assert not [op for op in heard if op["k"] == "new"], heard
        assert [op["k"] for op in heard if op["k"] in ("left", "gone")], "expected to be told of the removal"
