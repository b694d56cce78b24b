"""What is typed is sent once, in order, whatever server, network and browser do; or it is kept and says why not."""

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.live.moody_server import Mood, MoodyServer, moody_server
from tests.live.node_host import NodeHost, node_host
from tests.live.waiting import until


class Page:
    """A page of somebody, in a browser that keeps its storage."""

    def __init__(self, host: NodeHost) -> None:
        self._host = host
        self.close = host.kill

    def do(self, command: str, argument: object = None) -> Any:
        return self._host.call({"command": command, "argument": argument})

    def post(self, channel: str, *sources: str) -> None:
        self.do("post", {"channel": channel, "sources": sources})

    def pending(self, channel: str) -> list[tuple[str, str]]:
        """What stands below the messages, and how it fares."""
        return [(entry["source"], entry["status"]) for entry in self.do("pending", channel)]

    def key(self, channel: str) -> str:
        return str(self.do("pending", channel)[0]["key"])


Open = Callable[[str], Page]


@pytest_asyncio.fixture
async def server() -> AsyncGenerator[MoodyServer]:
    async with moody_server() as moody:
        yield moody


@pytest.fixture
def open_page(server: MoodyServer, tmp_path: Path) -> Generator[Open]:
    with ExitStack() as stack:

        def open_for(user: str) -> Page:
            page = Page(stack.enter_context(node_host("outbox_host.mjs", str(tmp_path / "storage"), server.url)))
            if user:
                page.do("wake", user)
            return page

        yield open_for


async def until_sent(page: Page, channel: str) -> None:
    """Everything was answered; it is not waited for how long the page would wait by itself."""

    def sent() -> bool:
        page.do("retry")
        return page.pending(channel) == []

    await until(sent, f"everything in {channel} is sent")


async def test_a_message_is_shown_at_once_and_is_gone_from_the_outbox_when_the_server_has_it(
    server: MoodyServer, open_page: Open
) -> None:
    server.moods = [Mood.WAIT]
    page = open_page("ada")
    page.post("general", "hello")
    assert page.pending("general") == [("hello", "pending")]
    assert page.do("kept") == ["hello"]
    server.go_on.set()
    await until_sent(page, "general")
    assert (server.asked, page.do("shown", "general"), page.do("kept")) == (["hello"], ["hello"], [])
    assert server.people == ["ada"]


@pytest.mark.parametrize("mood", [Mood.BREAK, Mood.HANG_UP, Mood.LOSE_THE_ANSWER, Mood.PORTAL])
async def test_without_a_yes_or_no_it_is_sent_again_with_the_same_key_and_stored_once(
    mood: Mood, server: MoodyServer, open_page: Open
) -> None:
    server.moods = [mood, mood]
    page = open_page("ada")
    page.post("general", "hello")
    await until_sent(page, "general")
    assert server.asked == ["hello"] * 3
    assert len(set(server.keys)) == 1
    assert server.sources("general") == ["hello"]
    assert page.do("shown", "general") == ["hello"]


async def test_it_is_sent_again_by_itself(server: MoodyServer, open_page: Open) -> None:
    server.moods = [Mood.BREAK]
    page = open_page("ada")
    page.post("general", "hello")
    await until(lambda: page.pending("general") == [], "the message is sent")
    assert server.sources("general") == ["hello"]


async def test_a_channel_keeps_its_order_whatever_fails(server: MoodyServer, open_page: Open) -> None:
    server.moods = [Mood.WAIT, Mood.BREAK, Mood.ACCEPT, Mood.HANG_UP, Mood.LOSE_THE_ANSWER]
    page = open_page("ada")
    typed = [f"line {number}" for number in range(8)]
    page.post("general", *typed[:4])
    await until(lambda: server.asked == ["line 0"], "the first is under way")
    page.post("general", *typed[4:])
    server.go_on.set()
    await until_sent(page, "general")
    assert server.sources("general") == typed
    assert page.do("shown", "general") == typed


async def test_a_slow_channel_does_not_hold_up_another(server: MoodyServer, open_page: Open) -> None:
    server.moods = [Mood.WAIT]
    page = open_page("ada")
    page.post("slow", "first")
    await until(lambda: server.asked == ["first"], "the first is under way")
    page.post("quick", "second")
    await until_sent(page, "quick")
    assert page.pending("slow") == [("first", "pending")]
    server.go_on.set()
    await until_sent(page, "slow")


async def test_a_refused_message_is_kept_with_the_reason_and_holds_up_nothing(
    server: MoodyServer, open_page: Open
) -> None:
    server.moods = [Mood.REFUSE]
    page = open_page("ada")
    page.post("general", "refused", "next")
    await until(lambda: page.pending("general") == [("refused", "failed")], "one is refused and one sent")
    assert page.do("pending", "general")[0]["error"] == {"code": "not_found"}
    assert server.sources("general") == ["next"]
    page.do("retry")
    page.do("again", page.key("general"))
    await until(lambda: page.pending("general") == [], "it is sent when tried again")
    assert server.asked == ["refused", "next", "refused"]
    assert server.keys[0] == server.keys[2]


async def test_who_is_told_to_slow_down_sees_that_messages_wait_and_nothing_is_sent_meanwhile(
    server: MoodyServer, open_page: Open
) -> None:
    server.moods, server.patience = [Mood.ACCEPT, Mood.SLOW_DOWN], 600
    page = open_page("ada")
    page.post("general", "one", "two", "three")
    await until(
        lambda: page.pending("general") == [("two", "waiting"), ("three", "waiting")], "it is said that they wait"
    )
    page.post("random", "elsewhere")  # it counts what a person sends, in whatever channel
    page.do("retry")  # a connection that is back changes nothing about it
    assert page.pending("random") == [("elsewhere", "waiting")]
    assert server.asked == ["one", "two"]
    assert page.do("kept") == ["two", "three", "elsewhere"]


async def test_who_waited_goes_on_by_itself_in_order(server: MoodyServer, open_page: Open) -> None:
    server.moods = [Mood.SLOW_DOWN, Mood.ACCEPT, Mood.SLOW_DOWN]
    page = open_page("ada")
    page.post("general", "one", "two", "three")
    await until(lambda: page.pending("general") == [], "all are sent")
    assert server.sources("general") == ["one", "two", "three"]
    assert server.asked == ["one", "one", "two", "two", "three"]
    assert len(set(server.keys)) == 3


async def test_a_refused_message_can_be_given_up_for_good(server: MoodyServer, open_page: Open) -> None:
    server.moods = [Mood.REFUSE]
    page = open_page("ada")
    page.post("general", "refused")
    await until(lambda: page.pending("general") == [("refused", "failed")], "it is refused")
    page.do("discard", page.key("general"))
    assert (page.pending("general"), page.do("kept")) == ([], [])
    page.close()
    assert open_page("ada").pending("general") == []


@pytest.mark.parametrize("mood", [Mood.WAIT, Mood.BREAK, Mood.LOSE_THE_ANSWER])
async def test_a_reload_loses_nothing_doubles_nothing_and_keeps_the_order(
    mood: Mood, server: MoodyServer, open_page: Open
) -> None:
    server.moods = [mood]
    typed = [f"line {number}" for number in range(20)]  # within one millisecond, most of them
    page = open_page("ada")
    server.moods += [Mood.HANG_UP] * 3
    page.post("general", *typed)
    await until(lambda: bool(server.asked), "the first is under way")
    page.close()
    server.moods = []
    again = open_page("ada")
    await until_sent(again, "general")
    assert server.sources("general") == typed
    server.go_on.set()
    assert open_page("ada").pending("general") == []


async def test_two_pages_with_one_storage_store_each_message_once(server: MoodyServer, open_page: Open) -> None:
    server.moods = [Mood.BREAK]
    page = open_page("ada")
    page.post("general", "one", "two")
    await until(lambda: bool(server.asked), "the first has failed")
    other = open_page("ada")
    await until_sent(other, "general")
    await until_sent(page, "general")
    assert server.sources("general") == ["one", "two"]


async def test_another_persons_messages_wait_for_them(server: MoodyServer, open_page: Open) -> None:
    server.moods = [Mood.REFUSE, Mood.BREAK]
    page = open_page("ada")
    page.post("general", "by ada")
    page.post("random", "also by ada")
    await until(lambda: len(server.asked) == 2, "both are not sent")
    page.close()
    other = open_page("bob")
    other.post("general", "by bob")
    await until_sent(other, "general")
    other.do("wake", "cyd")
    assert server.sources("general") == ["by bob"]
    other.close()
    back = open_page("ada")
    await until_sent(back, "general")
    await until_sent(back, "random")
    assert (server.sources("general"), server.sources("random")) == (["by bob", "by ada"], ["also by ada"])
    assert back.do("kept") == []


async def test_a_page_whose_person_changes_sends_nothing_of_the_first(server: MoodyServer, open_page: Open) -> None:
    server.moods = [Mood.BREAK]
    page = open_page("ada")
    page.post("general", "by ada")
    await until(lambda: bool(server.asked), "it is not sent")
    page.do("wake", "bob")
    page.post("general", "by bob")
    await until_sent(page, "general")
    assert server.sources("general") == ["by bob"]
    assert page.do("kept") == ["by ada"]


async def test_what_was_typed_before_it_is_known_by_whom_survives_a_reload(
    server: MoodyServer, open_page: Open
) -> None:
    server.moods = [Mood.BREAK, Mood.BREAK]
    page = open_page("")
    page.post("general", "early")
    page.do("wake", "ada")
    page.close()
    again = open_page("ada")
    await until_sent(again, "general")
    assert server.sources("general") == ["early"]
    assert again.do("kept") == []
