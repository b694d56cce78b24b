"""The load tool speaks the page's protocol, and nothing is lost or doubled under a small load."""

import json
import random
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from rxapp.operator_error import OperatorError
from tests.load.acceptance import judge
from tests.load.bulk import fill
from tests.load.feed import Feed
from tests.load.figures import Figures
from tests.load.installation import own_installation
from tests.load.marks import Tally, Volley, new_base
from tests.load.reader import PING, PONG, ReadingRoom
from tests.load.run import MEASURED
from tests.load.talk import due_of, key_due

PROJECT = Path(__file__).resolve().parents[2]
FANOUT = (
    "p50_ms", "p95_ms", "p99_ms", "deliveries_per_s", "cpu_s_per_1000", "memory_kb_per_tab", "generator_bound",
    "generator_us_per_delivery", "other_cores",
)  # fmt: skip
SHARES = {"count", "p50_ms", "p95_ms", "p99_ms", "max_ms"}

pytestmark = pytest.mark.slow


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncGenerator[tuple[str, ...]]:
    """Where the short runs go: the arguments that name a server of this machine."""
    async with own_installation() as installation:
        yield "--url", installation.url, "--database-url", installation.database_url


def run_load(*arguments: str) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.load", *arguments, "--json"],
        cwd=PROJECT, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert ended.stdout, ended.stderr
    report: dict[str, Any] = json.loads(ended.stdout)
    assert report["errors"] == 0, report
    assert ended.returncode == 0, report
    return report


def test_a_small_team_at_work_loses_and_doubles_nothing_and_every_figure_is_there(server: tuple[str, ...]) -> None:
    report = run_load(
        "mixed", "--tabs", "10", "--seconds", "4", "--rate", "5", "--channels", "3", "--history", "200",
        "--switch-every", "1", "--away-seconds", "0.5", "--older-every", "1", "--reload-every", "3",
        "--edit-share", "0.5", *server,
    )  # fmt: skip
    assert (report["lost"], report["duplicated"]) == (0, 0)
    assert report["send"]["count"] == 20
    assert report["delivered"] > 20
    for name in MEASURED:
        assert report[name].keys() == SHARES
        assert report[name]["count"] > 0, name
        assert None not in report[name].values(), name
    assert report["cpu_s"].keys() == {"server", "renderers", "database", "redis", "generator", "others"}
    assert report["cpu_s"]["server"] > 0
    assert report["memory_mib"]["full"] > 0
    assert report["acceptance"].keys() == {"requests", "mean_ms", "p99_ms", "errors_percent", "accepted"}


def test_fan_out_reaches_every_member_once(server: tuple[str, ...]) -> None:
    report = run_load("fanout", "--members", "10", "--rate", "10", "--seconds", "2", *server)
    assert (report["lost"], report["duplicated"]) == (0, 0)
    assert report["delivered"] == 10 * 20
    for name in FANOUT:
        assert report[name] is not None, name


@pytest_asyncio.fixture
async def room() -> AsyncGenerator[ReadingRoom]:
    room = ReadingRoom(pytest.fail)
    yield room
    room.close()


@pytest.fixture
def sockets() -> Generator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


async def test_each_copy_is_counted_and_a_second_one_is_a_duplicate_however_the_bytes_are_cut(
    room: ReadingRoom, sockets: tuple[socket.socket, socket.socket]
) -> None:
    volley = Volley(new_base(), count=3, began=100.0, rate=1.0)
    stream = "".join(f"ö~<p>{volley.text(number)}</p>~1" for number in (0, 2, 2)).encode()
    reader = room.add(sockets[0], 1)
    for size in (1, 3, 7, 11, 12, 13, len(stream)):
        tally = Tally(volley, members=2)
        room.count_in(tally)
        for at in range(0, len(stream), size):
            room.take(reader, stream[at : at + size], now=103.0)
        assert (sorted(tally.late), tally.lost, tally.duplicated) == ([1.0, 3.0], 4, 1), size


def test_what_another_run_sent_is_not_counted() -> None:
    ours, theirs = (Volley(number * 1_000_000, count=1, began=0.0, rate=1.0) for number in (1234, 1235))
    later = Volley(ours.base, 5, 0.0, 1.0)
    assert Tally(ours, members=1).find((theirs.text(0) + later.text(4)).encode())[0] == []


async def test_a_ping_is_answered_also_when_it_comes_in_pieces(
    room: ReadingRoom, sockets: tuple[socket.socket, socket.socket]
) -> None:
    reader = room.add(sockets[0], 0)
    for pieces in ((b"x" + PING,), (PING[:1], PING[1:]), (PING[:2], PING[2:] + b"x")):
        for piece in pieces:
            room.take(reader, piece, now=1.0)
        assert sockets[1].recv(100) == PONG


def test_several_workers_of_its_own_reach_every_member_once() -> None:
    report = run_load(
        "fanout", "--members", "8", "--rate", "5", "--seconds", "1", "--workers", "2", "--generators", "2"
    )
    assert (report["workers"], report["delivered"], report["lost"], report["duplicated"]) == (2, 8 * 5, 0, 0)


def test_a_ramp_says_where_it_ended(server: tuple[str, ...]) -> None:
    report = run_load("fanout", "--ramp", "--members", "5", "--rate", "2000", "--seconds", "0.2", *server)
    assert report["deliveries_per_s"] > 0
    assert report["steps"][-1]["delivered"] == 5 * 400


def test_everybody_comes_and_comes_back_and_catches_up(server: tuple[str, ...]) -> None:
    report = run_load("storm", "--again", "--members", "10", "--history", "60", *server)
    assert (report["count"], report["again"]["count"], report["lost"]) == (10, 10, 0)
    for name in ("total_s", "p50_ms", "p95_ms", "cpu_per_tab", "other_cores"):
        assert report[name] is not None, name
        assert report["again"][name] is not None, name


def test_readers_move_their_cursors(server: tuple[str, ...]) -> None:
    report = run_load("cursors", "--members", "5", "--rate", "5", "--seconds", "2", *server)
    assert report["moves"] > 0
    for name in ("p50_ms", "p95_ms", "send_p95_ms", "send_p95_ms_without", "cpu_ms_per_move", "lost", "duplicated"):
        assert report[name] is not None, name


def test_a_long_past_is_looked_into_cold_and_warm_and_found_again(reachable_dir: Path) -> None:
    folder = reachable_dir / "load-history"
    folder.mkdir(mode=0o711)
    report = run_load("history", "--messages", "3000", "--looks", "2", "--data", str(folder))
    assert report["of_the_channel"] == 1500
    for name, places in (("open", 49), ("around", 2), ("older", 2)):
        assert report[name]["cold"]["count"] == places, name
        assert report[name]["warm"]["count"] == 5 * places, name
        assert report[name]["cpu_per_look"].keys() == {"server_ms", "database_ms"}
    assert fill(folder, 3000)[1] == 0
    with pytest.raises(OperatorError, match="take another folder"):
        fill(folder, 3001)


def test_a_run_is_accepted_within_all_limits_only() -> None:
    figures = Figures()
    for _ in range(9999):
        figures.took("send", 0.05)
    assert judge(figures, 2)["accepted"]
    assert not judge(figures, 3)["accepted"]
    figures.took("open", 9999 * 0.06)
    assert judge(figures, 0) == {
        "requests": 10000, "mean_ms": 110.0, "p99_ms": 50.0, "errors_percent": 0.0, "accepted": False
    }  # fmt: skip


def test_a_foreign_machine_is_refused() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.load", "fanout", "--url", "http://192.0.2.1:80", "--database-url", "x"],
        cwd=PROJECT, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    assert ended.returncode != 0
    assert "expected an address of this machine" in ended.stderr


def test_a_key_tells_when_its_message_was_due() -> None:
    assert due_of(str(key_due(1234.5, random.Random(1)))) == pytest.approx(1234.5, abs=1e-6)
    assert due_of("74c82f99-1618-4b1a-940d-2892c573c519") is None


def test_what_never_came_is_counted_and_asked_for() -> None:
    feed = Feed()
    page = {"k": "page", "rev": 10, "ms": [{"seq": 10}], "older": False, "read": 10, "rr": 0}
    feed.open_page(page)
    assert not feed.add({"rev": 11, "m": {"seq": 11}})
    assert feed.add({"rev": 13, "m": {"seq": 13}})
    assert feed.lacks(14) == 2
    assert not feed.catch_up({"rev": 14, "ms": [{"seq": 12}, {"seq": 14}], "read": 10, "rr": 0})
    assert feed.lacks(14) == 0
