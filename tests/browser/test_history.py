"""A long channel opens at its end, keeps the place while older pages come in above, and has a beginning."""

import re

from playwright.async_api import Locator, WebSocketRoute, expect

from tests.browser.people import Person, channel_id, create_channel
from tests.browser.server import Server
from tests.browser.team import Team
from tests.browser.waiting import until

MESSAGES = 2000
PAGES_WATCHED = 5
# Heights are measured in fractions of a pixel.
STILL_PX = 3.0
WHEEL_PX = 300

# Where the rows on the screen stand, once two frames in a row agree: a list of [number, distance from the list's top].
ROWS = """async (list) => {
    const frame = () => new Promise(requestAnimationFrame);
    const measure = () => [...list.querySelectorAll('article')].map((row) => [
        Number(row.textContent.match(/Number (\\d+)\\./)[1]),
        row.getBoundingClientRect().top - list.getBoundingClientRect().top,
    ]);
    let [before, now] = [null, JSON.stringify(measure())];
    while (now !== before) {
        await frame();
        await frame();
        [before, now] = [now, JSON.stringify(measure())];
    }
    return measure();
}"""


async def test_a_long_channel_opens_at_its_end_and_keeps_the_place_back_to_its_beginning(team: Team) -> None:
    ada = team.ada
    await create_channel(ada, "archive")
    await fill(team.server, channel_id(ada), MESSAGES)
    line = HoldingLine()
    await ada.page.route_web_socket(re.compile(r"/_event/"), line.route)
    await ada.page.reload()
    await expect(numbered(ada, MESSAGES)).to_be_in_viewport(ratio=1)

    await log(ada).hover()
    moves = [await how_far_a_page_from_above_moves_the_rows(ada, line) for _ in range(PAGES_WATCHED)]
    assert max(moves) < STILL_PX, f"the row under the eye moved by {moves} pixels"

    line.let_all_pass()
    beginning = ada.page.get_by_role("heading", name="This is the beginning of #archive")
    await until(lambda: brings(ada, "Home", beginning), "the beginning of the channel is on the screen")
    await expect(numbered(ada, 1)).to_be_in_viewport()
    await until(lambda: brings(ada, "End", numbered(ada, MESSAGES)), "the newest message is on the screen again")


async def how_far_a_page_from_above_moves_the_rows(person: Person, line: "HoldingLine") -> float:
    """Scroll up to the oldest row there is, and watch the topmost row on the screen while a page comes in above."""

    async def is_at_the_oldest_row() -> bool:
        await person.page.mouse.wheel(0, -WHEEL_PX)
        return bool(line.held) and min(await rows_on_screen(person)) <= line.oldest + 1  # the oldest is not shown yet

    await until(is_at_the_oldest_row, "an older page is on its way at the oldest row")
    rows = await rows_on_screen(person)
    eye, stood_at = next((number, top) for number, top in rows.items() if top >= 0)
    length = await length_of(person)
    line.let_pass()

    async def has_come_in() -> bool:
        return await length_of(person) > length

    await until(has_come_in, "the page has come in")
    return abs((await rows_on_screen(person))[eye] - stood_at)


class HoldingLine:
    """A person's socket on which older pages wait until they are let pass."""

    def __init__(self) -> None:
        self.held: list[str] = []
        self.oldest = 0
        self._holds = True
        self._page_side: WebSocketRoute | None = None

    async def route(self, page_side: WebSocketRoute) -> None:
        server_side = page_side.connect_to_server()
        self._page_side = page_side

        def to_page(frame: str | bytes) -> None:
            if isinstance(frame, str) and self._holds and '"k":"older"' in frame:
                self.held.append(frame)
                return
            self._note(frame)
            page_side.send(frame)

        page_side.on_message(lambda frame: server_side.send(frame))
        server_side.on_message(to_page)

    def let_pass(self) -> None:
        """The page that waits."""
        assert self._page_side is not None
        while self.held:
            frame = self.held.pop(0)
            self._note(frame)
            self._page_side.send(frame)

    def let_all_pass(self) -> None:
        """From now on."""
        self._holds = False
        self.let_pass()

    def _note(self, frame: str | bytes) -> None:
        """Remember the number of the oldest message that the page was given."""
        if isinstance(frame, str) and re.search(r'"k":"(page|older)"', frame):
            self.oldest = min(int(seq) for seq in re.findall(r'"seq":(\d+)', frame))


async def rows_on_screen(person: Person) -> dict[int, float]:
    """From the numbers of the rendered messages to how far below the list's top they stand."""
    found: list[tuple[int, float]] = await log(person).evaluate(ROWS)
    return {int(number): top for number, top in found}


async def length_of(person: Person) -> int:
    """How far one could scroll."""
    return int(await log(person).evaluate("(list) => list.scrollHeight"))


async def brings(person: Person, key: str, wanted: Locator) -> bool:
    """Press a key; whether it brought the wanted onto the screen."""
    await log(person).press(key)
    await rows_on_screen(person)
    if not await wanted.count():
        return False
    box, frame = await wanted.bounding_box(), await log(person).bounding_box()
    return bool(box and frame and frame["y"] <= box["y"] and box["y"] + box["height"] <= frame["y"] + frame["height"])


def log(person: Person) -> Locator:
    return person.page.get_by_role("log", name="Messages")


def numbered(person: Person, number: int) -> Locator:
    return log(person).get_by_role("article").filter(has_text=re.compile(rf"Number {number}\."))


async def fill(server: Server, channel: str, count: int, *, first: int = 1) -> None:
    """Messages as the services store them: numbered without a hole, a minute apart, and of many heights."""
    await server.query(
        "insert into public.chat"
        " (id, channel_id, author_id, seq, rev, client_key, source, html, render_version, created_at) "
        "select gen_random_uuid(), c.id, c.created_by, n, n, gen_random_uuid(), words, '<p>' || words || '</p>', 1, "
        "now() - make_interval(mins => %s::int - n) from public.channels c, generate_series(%s::int, %s::int) n, "
        "lateral (select 'Number ' || n || '.' || repeat(' and some more words', n %% 17 * 3)) texts(words) "
        "where c.id = %s",
        count,
        first,
        count,
        channel,
    )
    await server.query(
        "update public.channels set last_seq = %s, last_post_seq = %s, rev = %s where id = %s",
        count,
        count,
        count,
        channel,
    )
