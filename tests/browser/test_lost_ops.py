"""The socket only carries hints: what it loses comes back, by the heads of every few seconds or by connecting anew."""

import re

from playwright.async_api import WebSocketRoute, expect

from tests.browser.people import Person, change_profile, message, sees, send, texts_of
from tests.browser.team import Team

SOCKET = re.compile(r"/_event/")
# Heads are said every 10 s; then the tab asks after a short random wait.
HEALED_MS = 30_000
# An unanswered socket is given up after 10 s, and opened anew.
RECONNECTED_MS = 40_000


async def test_a_lost_last_op_is_noticed_by_the_next_head_and_fetched(team: Team) -> None:
    ada, bob = team.ada, team.bob
    dropped = await drop_the_first_frame_with(bob, "never seen on the wire")
    await send(ada, "Before")
    await sees(bob, "Before")

    await send(ada, "This one is never seen on the wire")
    await sees(ada, "This one is never seen on the wire")
    await expect(message(bob, "never seen on the wire")).to_have_count(1, timeout=HEALED_MS)
    assert len(dropped) == 1
    assert '"new"' in dropped[0]
    assert await texts_of(bob.page) == ["Before", "This one is never seen on the wire"]


async def test_a_lost_change_of_a_name_is_noticed_too(team: Team) -> None:
    ada, bob = team.ada, team.bob
    await send(bob, "From Bob")
    await sees(ada, "From Bob")
    dropped = await drop_the_first_frame_with(ada, "Bobby")
    await ada.page.reload()
    await sees(ada, "From Bob")

    await change_profile(bob, {"Name": "Bobby"})
    author = message(ada, "From Bob").get_by_role("button", name="Bobby", exact=True)
    await expect(author).to_be_visible(timeout=HEALED_MS)
    assert len(dropped) == 1
    assert '"person"' in dropped[0]


async def test_a_half_open_socket_is_replaced_and_nothing_is_missing_or_doubled(team: Team) -> None:
    ada, bob = team.ada, team.bob
    line = HalfOpenLine()
    await line.cut_in(bob)
    await send(ada, "Before")
    await sees(bob, "Before")

    line.is_dead = True
    await send(ada, "Ada to a dead line")
    await sees(ada, "Ada to a dead line")
    await send(bob, "Bob into a dead line")
    await sees(ada, "Bob into a dead line")
    await expect(message(bob, "Ada to a dead line")).to_have_count(1, timeout=RECONNECTED_MS)
    assert line.sockets >= 2
    for person in (ada, bob):
        await sees(person, "Bob into a dead line")
        assert await texts_of(person.page) == ["Before", "Ada to a dead line", "Bob into a dead line"]
    stored = await team.server.query(
        "select count(*) from public.chat m join public.users u on u.id = m.author_id where u.display_name = %s",
        bob.name,
    )
    assert stored == [(1,)]
    await send(bob, "And on")
    await sees(ada, "And on")


async def drop_the_first_frame_with(person: Person, text: str) -> list[str]:
    """Pass the socket's frames on, but the first that carries the text; gives what was dropped."""
    dropped: list[str] = []

    async def route(page_side: WebSocketRoute) -> None:
        server_side = page_side.connect_to_server()

        def to_page(frame: str | bytes) -> None:
            if not dropped and isinstance(frame, str) and text in frame:
                dropped.append(frame)
            else:
                page_side.send(frame)

        page_side.on_message(lambda frame: server_side.send(frame))
        server_side.on_message(to_page)

    await person.page.route_web_socket(SOCKET, route)
    await _come_again(person)
    return dropped


class HalfOpenLine:
    """A person's socket that can fall silent in both directions without being closed; a later one works."""

    def __init__(self) -> None:
        self.is_dead = False
        self.sockets = 0

    async def cut_in(self, person: Person) -> None:
        """Stand between the person's page and the server from the next load on."""
        await person.page.route_web_socket(SOCKET, self._route)
        await _come_again(person)

    async def _route(self, page_side: WebSocketRoute) -> None:
        self.sockets += 1
        is_first = self.sockets == 1
        server_side = page_side.connect_to_server()

        def pass_on(frame: str | bytes, to: WebSocketRoute) -> None:
            if not (is_first and self.is_dead):
                to.send(frame)

        page_side.on_message(lambda frame: pass_on(frame, server_side))
        server_side.on_message(lambda frame: pass_on(frame, page_side))


async def _come_again(person: Person) -> None:
    await person.page.reload()
    await expect(person.page.get_by_role("textbox", name="Message #general")).to_be_editable()
