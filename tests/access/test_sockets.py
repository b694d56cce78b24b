"""Who gets a socket, when it is closed, and what is no longer heard on it."""

import pytest

from db.models import new_id
from rxapp.auth.sessions import COOKIE_NAME
from rxapp.services.messages import send_message
from tests.access.server import Server
from tests.access.tab import Refused, Tab, Tabs
from tests.access.test_handlers import (
    CHANNEL,
    DIRECT,
    INVITATION,
    MORE,
    PEOPLE,
    PREFERENCES,
    PROFILE,
    WORKSPACE,
)
from tests.team import Team

FOREIGN = [None, "null", "http://evil.example", "https://127.0.0.1", "http://127.0.0.1:1", "http://["]
WRONG_TOKENS = ["made-up", "x" * 4000, "%00", '"quoted"', "01a2109b-fd6d-7ad8-b175-5b5b98f253f2"]
MALFORMED: list[object] = [
    ["event"],
    ["event", None],
    ["event", []],
    ["event", "text"],
    ["event", {}],
    ["event", {"name": None}],
    ["event", {"name": 7, "payload": {}}],
    ["event", {"name": "nothing", "payload": {}}],
    ["event", {"name": f"{CHANNEL}.nothing", "payload": {}}],
    ["event", {"name": f"{CHANNEL}._actor", "payload": {}}],
    ["event", {"name": f"{CHANNEL}.open", "payload": []}],
    ["event", {"name": f"{CHANNEL}.open", "payload": None}],
    ["event", {"name": f"{CHANNEL}.open", "payload": {}, "router_data": None}],
    ["event", {"name": f"{CHANNEL}.open", "payload": {}, "router_data": {"pathname": 7}}],
    ["event", {"name": f"{CHANNEL}.open", "payload": {}}],
    ["event", {"name": f"{CHANNEL}.open", "payload": {"channel_id": [], "since_rev": {}}}],
    ["event", {"name": f"{CHANNEL}.open", "payload": {"self": 1, "channel_id": "x", "since_rev": 0}}],
    ["event", {"name": f"{CHANNEL}.create", "payload": {"form": []}}],
    ["event", {"name": f"{CHANNEL}.create", "payload": {"form": "text"}}],
    ["event", {"name": f"{CHANNEL}.create", "payload": {"form": {"name": {"a": 1}}}}],
    ["event", {"name": f"{WORKSPACE}.rename", "payload": {"form": None}}],
    ["nothing", {}],
]


async def look(tab: Tab, team: Team, channel: object) -> None:
    """Come into the workspace and look at a channel."""
    await tab.send(f"{WORKSPACE}.enter", {"workspace_id": str(team.workspace)})
    await tab.send(f"{CHANNEL}.open", {"channel_id": str(channel), "since_rev": 0})
    await tab.settle()
    assert [op["k"] for op in tab.ops if op["k"] in ("sidebar", "page")] == ["sidebar", "page"]
    tab.deltas.clear()


async def say(server: Server, team: Team, who: str, channel: object) -> None:
    """Send a message over HTTP: it is said to those who look before the answer comes."""
    async with server.client((await server.sign_in(getattr(team, who))).token) as client:
        answer = await client.post(
            f"/api/channels/{channel}/messages", json={"client_key": str(new_id()), "source": "hello"}
        )
    assert answer.status_code == 201


async def heard(tab: Tab) -> list[str]:
    """What a tab heard, besides the answers to its own questions."""
    await tab.settle()
    return [op["k"] for op in tab.ops if op["k"] != "absent"]


@pytest.mark.parametrize("origin", FOREIGN)
async def test_a_socket_from_another_or_no_origin_is_refused_with_and_without_a_session(
    server: Server, tabs: Tabs, team: Team, origin: str | None
) -> None:
    for token in ((await server.sign_in(team.member)).token, ""):
        with pytest.raises(Refused, match="HTTP 403"):
            await tabs.open(token, origin=origin)


@pytest.mark.parametrize("token", WRONG_TOKENS)
async def test_a_made_up_cookie_is_refused(tabs: Tabs, token: str) -> None:
    with pytest.raises(Refused, match="HTTP 403"):
        await tabs.open(token)


async def test_a_session_id_in_place_of_the_cookie_opens_nothing(server: Server, tabs: Tabs, team: Team) -> None:
    """The id stands behind the guard in the cookie's place, so nobody else may put it there."""
    session_id = str((await server.sign_in(team.member)).id)
    with pytest.raises(Refused, match="HTTP 403"):
        await tabs.open(session_id)
    for headers in ({"Cookie": session_id}, {"Cookie": f"other={session_id}"}, {"X-Session": session_id}):
        tab = await tabs.open(headers=headers, query=f"&session={session_id}&confab.session={session_id}")
        await tab.send(f"{CHANNEL}.leave")
        await tab.hydrate()
        assert len(tab.deltas) == 1, "only the page came up, for somebody without a session"


async def test_the_first_of_two_cookies_of_a_name_does_not_hide_that_one_is_made_up(
    server: Server, tabs: Tabs, team: Team
) -> None:
    token = (await server.sign_in(team.member)).token
    with pytest.raises(Refused, match="HTTP 403"):
        await tabs.open(headers={"Cookie": f"{COOKIE_NAME}={token}; {COOKIE_NAME}=made-up"})


async def test_a_session_that_was_ended_is_refused(server: Server, tabs: Tabs, team: Team) -> None:
    opened = await server.sign_in(team.member)
    async with server.client(opened.token) as client:
        assert (await client.delete("/api/session")).status_code == 204
    with pytest.raises(Refused, match="HTTP 403"):
        await tabs.open(opened.token)


@pytest.mark.parametrize("path", ["/_event", "/_event/", "/_event/?EIO=4&transport=polling", "/_upload", "/ping"])
async def test_there_is_no_way_around_the_socket(server: Server, path: str) -> None:
    async with server.client() as client:
        for method in ("GET", "POST"):
            assert (await client.request(method, path)).status_code == 404


async def test_logging_out_closes_the_tabs_of_that_session_and_no_others(
    server: Server, tabs: Tabs, team: Team
) -> None:
    laptop, phone = await server.sign_in(team.member), await server.sign_in(team.member)
    gone = [await tabs.open(laptop.token) for _ in range(2)]
    stays = [await tabs.open(phone.token), await tabs.open((await server.sign_in(team.admin)).token)]
    for tab in (*gone, *stays):
        await look(tab, team, team.general)
    async with server.client(laptop.token) as client:
        assert (await client.delete("/api/session")).status_code == 204
    await say(server, team, "owner", team.general)
    for tab in gone:
        await tab.until_closed()
        assert [op["k"] for op in tab.ops] == ["signed_out"]
    for tab in stays:
        kinds = await heard(tab)
        assert "new" in kinds
        assert "signed_out" not in kinds


async def test_who_is_removed_from_the_workspace_hears_nothing_that_is_said_after_it(
    server: Server, tabs: Tabs, team: Team
) -> None:
    token = (await server.sign_in(team.member)).token
    gone = [await tabs.open(token), await tabs.open(token)]
    for tab, channel in zip(gone, (team.general, team.secret), strict=True):
        await look(tab, team, channel)
    admin = await tabs.open((await server.sign_in(team.admin)).token)
    await look(admin, team, team.general)
    await admin.send(f"{PEOPLE}.remove_member", {"user_id": str(team.member.user_id)})
    await admin.settle()
    for channel in (team.general, team.secret):
        await say(server, team, "admin", channel)
    for tab in gone:
        assert await heard(tab) == ["gone"]
    assert "new" in await heard(admin)


async def test_who_is_taken_out_of_a_private_channel_hears_nothing_that_is_said_in_it_after_that(
    server: Server, tabs: Tabs, team: Team
) -> None:
    gone = await tabs.open((await server.sign_in(team.admin)).token)
    await look(gone, team, team.secret)
    member = await tabs.open((await server.sign_in(team.member)).token)
    await look(member, team, team.secret)
    await member.send(f"{PEOPLE}.take_out", {"user_id": str(team.admin.user_id)})
    await member.settle()
    await say(server, team, "member", team.secret)
    assert await heard(gone) == ["left"]
    assert "new" in await heard(member)


async def test_what_is_said_in_a_private_channel_is_heard_by_nobody_else(
    server: Server, tabs: Tabs, team: Team
) -> None:
    others = [await tabs.open((await server.sign_in(who)).token) for who in (team.owner, team.bystander)]
    for tab in others:
        await look(tab, team, team.general)
        await tab.send(f"{CHANNEL}.open", {"channel_id": str(team.secret), "since_rev": 0})
        await tab.settle()
    anonymous = await tabs.open()
    await anonymous.send(f"{CHANNEL}.open", {"channel_id": str(team.secret), "since_rev": 0})
    await anonymous.hydrate()
    await say(server, team, "member", team.secret)
    for tab in others:
        assert await heard(tab) == []
    await anonymous.hydrate()
    assert anonymous.ops == []


async def test_a_cursor_is_moved_for_those_who_may_read(server: Server, tabs: Tabs, team: Team) -> None:
    await send_message(server.backend, actor=team.owner, channel_id=team.general, client_key=new_id(), source="hello")
    tab = await tabs.open((await server.sign_in(team.member)).token)
    await look(tab, team, team.general)
    general, elsewhere = str(team.general), str(team.elsewhere_general)
    for payload in (
        {},
        {"channel_id": "x", "seq": 1, "read_rev": 0},
        {"channel_id": elsewhere, "seq": 1, "read_rev": 0},
        {"channel_id": general, "seq": 1},
        {"channel_id": general, "seq": 1, "read_rev": "0"},
        {"channel_id": general, "seq": 1, "read_rev": -1},
        {"channel_id": general, "seq": 1, "read_rev": 2**63},
    ):
        await tab.send(f"{CHANNEL}.read_to", payload)
    await tab.send(f"{CHANNEL}.read_to", {"channel_id": general, "seq": 1, "read_rev": 0})
    await tab.until_heard("read")
    assert [op["seq"] for op in tab.ops if op["k"] == "read"] == [1]


async def test_who_writes_is_said_by_those_who_may(server: Server, tabs: Tabs, team: Team) -> None:
    """Taken off the socket before any state is loaded; who may not is not said, and hears nothing of it."""
    reader = await tabs.open((await server.sign_in(team.admin)).token)
    await look(reader, team, team.general)
    for actor in (team.bystander, team.ex_member, team.outsider, team.member):
        tab = await tabs.open((await server.sign_in(actor)).token)
        for payload in ({}, {"channel_id": "x"}, {"channel_id": str(team.general)}):
            await tab.send(f"{CHANNEL}.typing", payload)
        if actor is team.member:
            await reader.until_heard("typing")
        await tab.settle()
        assert "refusal" not in [op["k"] for op in tab.ops]
    assert {op["u"]["id"] for op in reader.ops if op["k"] == "typing"} == {str(team.member.user_id)}


@pytest.mark.parametrize("number", range(len(MALFORMED)))
async def test_a_malformed_event_breaks_nothing(server: Server, tabs: Tabs, team: Team, number: int) -> None:
    for token in ((await server.sign_in(team.member)).token, ""):
        tab = await tabs.open(token)
        await tab.send_raw(MALFORMED[number])
        await (tab.settle() if token else tab.hydrate())
        assert not tab.is_closed
        assert tab.frontend_events == []


HOSTILE = {
    "nul": "\x00",
    "lone surrogate": "\ud800",
    "script": "<script>alert(1)</script>",
    "link": "javascript:alert(1)",
    "turned around": "\u202eabc",
    "long word": "x" * 16_384,
    # two of them still fit what a socket takes at once
    "large": "x" * 400_000,
    "sql": "'; drop table public.users; --",
    "wildcard": "%",
    "format": "{0.__class__} %s",
    "joined emoji": "👩‍👩‍👧‍👦",
}


@pytest.mark.parametrize("kind", list(HOSTILE))
async def test_any_text_over_the_socket_is_refused_in_words_or_taken_as_text(
    server: Server, tabs: Tabs, team: Team, kind: str
) -> None:
    tab, text = await tabs.open((await server.sign_in(team.owner)).token), HOSTILE[kind]
    await look(tab, team, team.general)
    for event, payload in (
        (f"{CHANNEL}.open", {"channel_id": text, "since_rev": 0}),
        (f"{CHANNEL}.open", {"channel_id": str(team.general), "since_rev": text}),
        (f"{CHANNEL}.open", {"channel_id": str(team.general), "since_rev": 0, "to": text}),
        (f"{CHANNEL}.open", {"channel_id": str(team.general), "since_rev": 0, "to": {"m": text}}),
        (f"{CHANNEL}.open", {"channel_id": str(team.general), "since_rev": 0, "to": {"at": text, "ask": text}}),
        (f"{CHANNEL}.load_older", {"channel_id": text, "before_seq": text}),
        (f"{CHANNEL}.load_newer", {"channel_id": text, "after_seq": text}),
        (f"{CHANNEL}.go_out", {"channel_id": text}),
        (f"{CHANNEL}.unarchive", {"channel_id": text}),
        (f"{CHANNEL}.join", {"channel_id": text}),
        (f"{CHANNEL}.create", {"form": {"name": text, "private": text}}),
        (f"{CHANNEL}.change", {"form": {"name": text, "topic": text}}),
        (f"{PEOPLE}.search", {"search": text}),
        (f"{PROFILE}.change", {"form": {"name": text, "handle": "x"}}),
        (f"{PROFILE}.change", {"form": {"name": "x", "handle": text, "hue": text}}),
        (f"{PEOPLE}.add", {"user_ids": text}),
        (f"{PEOPLE}.add", {"user_ids": [text]}),
        (f"{PEOPLE}.take_out", {"user_id": text}),
        (f"{PEOPLE}.change_role", {"user_id": text, "role": text}),
        (f"{PEOPLE}.remove_member", {"user_id": text}),
        (f"{WORKSPACE}.create", {"form": {"name": text}}),
        (f"{WORKSPACE}.rename", {"form": {"name": text}}),
        (f"{WORKSPACE}.enter", {"workspace_id": text}),
        (f"{WORKSPACE}.enter", {"workspace_id": str(team.workspace), "since_rev": text}),
        (f"{WORKSPACE}.enter_other", {"workspace_id": text, "since_rev": text}),
        (f"{WORKSPACE}.follow_link", {"form": {"link": text}}),
        (f"{WORKSPACE}.delete", {"form": {"name": text}}),
        (f"{CHANNEL}.read_to", {"channel_id": text, "seq": text, "read_rev": 0}),
        (f"{CHANNEL}.typing", {"channel_id": text}),
        (f"{CHANNEL}.mark_unread", {"channel_id": str(team.general), "seq": text}),
        (f"{CHANNEL}.unarchive", {"channel_id": text}),
        (f"{DIRECT}.search", {"search": text}),
        (f"{DIRECT}.open_with", {"user_id": text}),
        (f"{DIRECT}.open_group", {"user_ids": text}),
        (f"{DIRECT}.open_group", {"user_ids": [text, {}, None]}),
        (f"{DIRECT}.close", {"channel_id": text}),
        (f"{INVITATION}.create", {"form": {"role": text, "days": text}, "opening": "1"}),
        (f"{INVITATION}.withdraw", {"invitation_id": text}),
        (f"{MORE}.restore", {"workspace_id": text}),
        (f"{PREFERENCES}.choose", {"name": text, "value": text}),
        (f"{PREFERENCES}.choose", {"name": "theme", "value": [text]}),
    ):
        await tab.send(event, payload)
        await tab.settle()
        assert not tab.is_closed, event
        assert tab.frontend_events == [], event
