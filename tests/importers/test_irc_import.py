"""Lines of a log as messages in a channel."""

import re
from datetime import UTC
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from db.engine import Database
from db.models import Message
from rxapp.importers.irc import read_log
from rxapp.importers.irc_import import BATCH_LINES, IrcImport
from rxapp.importers.log_line import BreakReason
from rxapp.importers.log_refused import LogRefused
from rxapp.importers.report import Report
from rxapp.markup import render
from rxapp.services.backend import Backend, make_backend
from tests.team import Team, make_team

HOSTILE = [
    "*bold* _under_ **more** ~~gone~~ `code`",
    "# heading",
    "> quote",
    "- item",
    "1. item",
    "```rm -rf /```",
    "<script>alert(1)</script> &amp; [x](javascript:alert(1))",
    "C:\\temp\\*.* \\",
    "</em></p><img src=x onerror=alert(1)>",
    "see http://example.org/a_b_*c*_ and _that_",
]


@pytest.fixture
def backend(database: Database) -> Backend:
    return make_backend(database)


@pytest_asyncio.fixture
async def team(backend: Backend) -> Team:
    return await make_team(backend)


async def imported(team: Team, path: Path) -> Report:
    log = IrcImport(team.backend, workspace_id=team.workspace, channel_id=team.general, zone=UTC)
    await log.run(read_log(path))
    return log.report


async def messages_of(team: Team) -> list[Message]:
    async with team.backend.database.session() as session:
        query = select(Message).where(Message.channel_id == team.general).order_by(Message.seq)
        return list(await session.scalars(query))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "2019-03-04.log"


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_lines_are_shown_as_typed(team: Team, log: Path, text: str) -> None:
    log.write_text(f"[09:00] <eve> {text}\n[09:01] * eve {text}\n")
    await imported(team, log)
    said, done = await messages_of(team)
    for message in (said, done):
        assert render(message.source).html == message.html
        assert render(message.source).plain_text == text
    assert set(re.findall(r"<(\w+)", said.html)) <= {"p", "a"}
    assert done.html.startswith("<p><em>")
    assert done.html.endswith("</em></p>\n")
    assert set(re.findall(r"<(\w+)", done.html)) <= {"p", "em", "a"}


async def test_status_lines_are_counted_and_not_stored(team: Team, log: Path) -> None:
    log.write_text("=== bob has joined #x\n[09:00] <bob> hi\n[09:01] *** bob has quit (bye)\n")
    report = await imported(team, log)
    assert (report.read, report.status_lines, report.imported) == (3, 2, 1)
    assert [message.source for message in await messages_of(team)] == ["hi"]


async def test_every_line_is_stored_or_counted_over_many_batches(team: Team, log: Path) -> None:
    lines = BATCH_LINES * 2 + 7
    log.write_text("".join(f"[09:00] <n{n % 7}> {n}\n" if n % 5 else f"broken {n}\n" for n in range(lines)))
    report = await imported(team, log)
    spoken = [str(n) for n in range(lines) if n % 5]
    assert [message.source for message in await messages_of(team)] == spoken
    assert (report.read, report.imported) == (lines, len(spoken))
    assert report.broken == {BreakReason.UNKNOWN_FORM: lines - len(spoken)}
    assert (report.people_created, report.people_reused) == (7, 0)
    times = [message.created_at for message in await messages_of(team)]
    assert times == sorted(set(times))


async def test_people_who_were_known_before_are_counted_once(team: Team, log: Path) -> None:
    log.write_text("[09:00] <ada> hi\n[09:01] <bob> hi\n")
    await imported(team, log)
    log.write_text("[10:00] <ada> hi\n" * (BATCH_LINES + 1) + "[10:01] <eve> hi\n")
    report = await imported(team, log)
    assert (report.people_created, report.people_reused) == (1, 1)


async def test_a_text_that_would_be_too_long_as_typed_is_reported(team: Team, log: Path) -> None:
    log.write_text("[09:00] <ada> " + "*" * 9_000 + "\n[09:01] <ada> hi\n")
    report = await imported(team, log)
    assert report.broken == {BreakReason.TOO_LONG: 1}
    assert [message.source for message in await messages_of(team)] == ["hi"]


async def test_what_came_before_a_refusal_is_stored_and_counted(team: Team, tmp_path: Path) -> None:
    path = tmp_path / "2999-12-31.log"
    path.write_text("[23:59] <ada> last\n[00:00] <ada> beyond\n")
    log = IrcImport(team.backend, workspace_id=team.workspace, channel_id=team.general, zone=UTC)
    with pytest.raises(LogRefused, match="reaches 3000-01-01"):
        await log.run(read_log(path))
    assert log.report.imported == 1
    assert [message.source for message in await messages_of(team)] == ["last"]


async def test_an_empty_log_changes_nothing(team: Team, log: Path) -> None:
    log.write_bytes(b"\n")
    assert (await imported(team, log)).read == 0
    assert await messages_of(team) == []
