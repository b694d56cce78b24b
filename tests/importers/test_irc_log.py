"""Reading IRC logs, the well-formed ones and the others."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest

from rxapp.importers.irc import import_key, read_log
from rxapp.importers.log_bytes import LINE_LIMIT_BYTES
from rxapp.importers.log_line import BreakReason, BrokenLine, LineKind, LogLine
from rxapp.importers.log_refused import LogRefusal, LogRefused
from rxapp.importers.report import EXAMPLES_LIMIT_LINES, Report

CHANNEL = UUID("0190a2c4-0000-7000-8000-000000000001")
DAY = date(2019, 3, 4)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "garden-2019-03-04.txt"


def written(log: Path, content: bytes | str) -> list[LogLine | BrokenLine]:
    """The lines of a log that is whole: its last line has an end."""
    lines = content.encode() if isinstance(content, str) else content
    log.write_bytes(lines if not lines or lines.endswith(b"\n") else lines + b"\n")
    return list(read_log(log))


def readable(log: Path, content: bytes | str) -> list[LogLine]:
    lines = written(log, content)
    assert all(isinstance(line, LogLine) for line in lines)
    return [line for line in lines if isinstance(line, LogLine)]


def reasons(lines: list[LogLine | BrokenLine]) -> list[BreakReason | None]:
    return [line.reason if isinstance(line, BrokenLine) else None for line in lines]


def keys(log: Path, content: str) -> list[UUID]:
    return [import_key(CHANNEL, line) for line in readable(log, content)]


@pytest.mark.parametrize(
    ("line", "kind", "nick", "text"),
    [
        ("[09:05] <ada> hello  there", LineKind.MESSAGE, "ada", "hello  there"),
        ("[09:05] <|ada|> <bob> said so", LineKind.MESSAGE, "|ada|", "<bob> said so"),
        ("[9:05:59] <@ada> hi", LineKind.MESSAGE, "ada", "hi"),
        ("[09:05] < ada> hi", LineKind.MESSAGE, "ada", "hi"),
        ("[09:05] <ada>   indented", LineKind.MESSAGE, "ada", "  indented"),
        ("[09:05] * ada waters the roses", LineKind.ACTION, "ada", "waters the roses"),
        ("[09:05]  * ada waves", LineKind.ACTION, "ada", "waves"),
        ("=== ada is now known as eve", LineKind.STATUS, "", "ada is now known as eve"),
        (
            "=== ada [~a@host]  has joined #garden",
            LineKind.STATUS,
            "",
            "ada [~a@host]  has joined #garden",
        ),
        ("[09:05] *** ada has quit (bye)", LineKind.STATUS, "", "ada has quit (bye)"),
        ("[09:05] -!- ada has left #garden", LineKind.STATUS, "", "ada has left #garden"),
        ("=== Topic for #garden is roses", LineKind.STATUS, "", "Topic for #garden is roses"),
        (
            "[09:05] <ada> \x02bold\x0f \x0304,12red\x03 \x00nul",
            LineKind.MESSAGE,
            "ada",
            "bold red nul",
        ),
        ("[09:05] <ada> a\tb", LineKind.MESSAGE, "ada", "a\tb"),
    ],
)
def test_forms_of_line(log: Path, line: str, kind: LineKind, nick: str, text: str) -> None:
    (read,) = readable(log, line)
    assert (read.kind, read.nick, read.text) == (kind, nick, text)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ada: hello", BreakReason.UNKNOWN_FORM),
        ("[09:05] -ada- a notice", BreakReason.UNKNOWN_FORM),
        ("[09:05] <ada hello", BreakReason.UNKNOWN_FORM),
        ("[09:05]", BreakReason.UNKNOWN_FORM),
        ("[25:00] <ada> hi", BreakReason.BAD_TIME),
        ("[09:60] <ada> hi", BreakReason.BAD_TIME),
        ("[09:05] <ada>", BreakReason.EMPTY_TEXT),
        ("[09:05] <ada> \u200b", BreakReason.EMPTY_TEXT),
        ("[09:05] * ada", BreakReason.EMPTY_TEXT),
        ("[09:05] <\u200b> hi", BreakReason.BAD_NICK),
        (f"[09:05] <{'a' * 81}> hi", BreakReason.BAD_NICK),
        (f"[09:05] <ada> {'a' * 16_384}", BreakReason.TOO_LONG),
        ("[09:05] <ada> hi\r[09:06] <bob> ho", BreakReason.UNKNOWN_FORM),
    ],
)
def test_broken_lines_are_reported_with_number_and_reason(log: Path, line: str, reason: BreakReason) -> None:
    before, broken, after = written(log, f"[09:00] <bob> a\n{line}\n[09:10] <bob> b\n")
    assert isinstance(before, LogLine)
    assert isinstance(broken, BrokenLine)
    assert isinstance(after, LogLine)
    assert (broken.number, broken.reason) == (2, reason)
    assert len(broken.excerpt) <= 80


def test_an_old_fashioned_action_is_one_only_of_a_person_met_before(log: Path) -> None:
    lines = readable(log, "=== ada waves\n[09:05] <ada> hi\n=== ada waves\n=== Topic is roses\n")
    assert [line.kind for line in lines] == [
        LineKind.STATUS,
        LineKind.MESSAGE,
        LineKind.ACTION,
        LineKind.STATUS,
    ]
    assert (lines[2].nick, lines[2].text, lines[2].time) == ("ada", "waves", time(9, 5))


def test_a_person_met_by_joining_or_by_a_new_name_counts(log: Path) -> None:
    lines = readable(log, "=== ada is now known as eve\n=== eve waves\n=== bob [b@h] has joined #g\n=== bob nods")
    assert [line.nick for line in lines] == ["", "eve", "", "bob"]


def test_an_empty_log_holds_nothing(log: Path) -> None:
    assert written(log, b"") == []
    assert written(log, b"\n\r\n  \n") == []


def test_line_ends_of_windows(log: Path) -> None:
    lines = readable(log, b"\xef\xbb\xbf[09:05] <ada> a\r\n\r\n[09:06] <bob> b\r\n")
    assert [(line.number, line.text) for line in lines] == [(1, "a"), (3, "b")]


@pytest.mark.parametrize(
    "half", [b"[09:06] <bob> half a se", b"[09:06] <bob> half a sentence\r", "[09:06] <zoë> caf".encode()[:-3]]
)
def test_a_last_line_without_an_end_waits_for_it(log: Path, half: bytes) -> None:
    log.write_bytes(b"[09:05] <ada> a\n" + half)
    assert reasons(list(read_log(log))) == [None, BreakReason.NO_END]
    log.write_bytes(b"[09:05] <ada> a\n[09:06] <bob> half a sentence\n")
    assert reasons(list(read_log(log))) == [None, None]


def test_a_giant_line_without_an_end_is_one_broken_line(log: Path) -> None:
    log.write_bytes(b"[09:05] <ada> " + b"x" * 2 * LINE_LIMIT_BYTES)
    assert reasons(list(read_log(log))) == [BreakReason.TOO_LONG]


def test_mixed_encodings_are_read_line_by_line_and_counted(log: Path) -> None:
    lines = readable(
        log,
        "[09:05] <zoë> café\n".encode() + "[09:06] <zoë> “café” €\n".encode("cp1252") + b"[09:07] <ada> x\x81\x8d\n",
    )
    assert [line.text for line in lines] == ["café", "“café” €", "x"]
    assert [line.nick for line in lines] == ["zoë", "zoë", "ada"]
    assert [line.recoded for line in lines] == [False, True, True]


def test_binary_is_broken_lines_and_nothing_worse(log: Path) -> None:
    lines = written(log, bytes(range(256)) * 64)
    assert lines
    assert set(reasons(lines)) <= {BreakReason.UNKNOWN_FORM}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_refused_as_a_whole(log: Path, encoding: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    with pytest.raises(LogRefused) as refused:
        written(log, mark + "[09:05] <ada> a\n".encode(encoding))
    assert refused.value.code is LogRefusal.UTF_16


def test_a_giant_line_is_one_broken_line(log: Path) -> None:
    giant = b"[09:05] <ada> " + "é".encode() * (3 * LINE_LIMIT_BYTES)
    lines = written(log, giant + b"\n[09:06] <bob> b\n")
    assert reasons(lines) == [BreakReason.TOO_LONG, None]
    assert lines[1].number == 2


def test_a_clock_that_passes_midnight_begins_the_next_day(log: Path) -> None:
    lines = readable(log, "[23:58] <a> 1\n[00:02] <a> 2\n=== a waves\n[13:00] <a> 3\n[00:30] <a> 4\n")
    assert [line.date.day for line in lines] == [4, 5, 5, 5, 6]


def test_a_clock_put_back_a_little_stays_on_its_day(log: Path) -> None:
    lines = readable(log, "[14:00] <a> 1\n[13:00] <a> 2\n[02:00] <a> 3\n")
    assert [line.date for line in lines] == [DAY] * 3


def test_lines_of_one_minute_keep_their_order(log: Path) -> None:
    lines = readable(log, "[09:05] <a> 1\n[09:05] <b> 2\n=== a waves\n[09:06] <a> 3\n")
    assert [line.order for line in lines] == [0, 1, 2, 0]
    moments = [line.sent_at() for line in lines]
    assert moments == sorted(set(moments))
    assert moments[0] == datetime(2019, 3, 4, 9, 5, tzinfo=UTC)
    assert lines[0].sent_at(timezone(timedelta(hours=2))).hour == 7


def test_the_day_is_in_the_name_or_is_given(tmp_path: Path) -> None:
    nameless = tmp_path / "2019-13-45.log"
    nameless.write_text("[09:05] <ada> a\n")
    with pytest.raises(LogRefused) as refused:
        read_log(nameless)
    assert refused.value.code is LogRefusal.DATE_UNKNOWN
    (line,) = read_log(nameless, DAY)
    assert isinstance(line, LogLine)
    assert line.date == DAY


def test_a_day_given_wins_over_the_name(log: Path) -> None:
    log.write_text("[09:05] <ada> a\n")
    (line,) = read_log(log, date(2020, 1, 1))
    assert isinstance(line, LogLine)
    assert line.date == date(2020, 1, 1)


def test_days_out_of_range_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "2999-12-31.log"
    path.write_text("[23:59] <a> 1\n[00:00] <a> 2\n")
    lines = read_log(path)
    next(lines)
    with pytest.raises(LogRefused) as refused:
        next(lines)
    assert refused.value.code is LogRefusal.DATE_OUT_OF_RANGE


def test_a_longer_version_of_a_log_gives_the_same_keys_first(log: Path) -> None:
    short = "=== ada waves\n[09:05] <ada> hi\n[09:05] <ada> hi\n=== ada waves\n"
    longer = short + "[09:05] <ada> hi\n[09:06] <ada> hi\n"
    first = keys(log, short)
    assert keys(log, short) == first
    assert keys(log, longer)[: len(first)] == first
    assert len(set(keys(log, longer))) == 6


def test_keys_differ_by_channel(log: Path) -> None:
    (line,) = readable(log, "[09:05] <ada> hi")
    assert import_key(CHANNEL, line) != import_key(UUID(int=0), line)
    assert import_key(CHANNEL, line).version == 5


def test_keys_do_not_depend_on_the_encoding(log: Path) -> None:
    (utf8,) = readable(log, "[09:05] <zoë> café".encode())
    (windows,) = readable(log, "[09:05] <zoë> café".encode("cp1252"))
    assert import_key(CHANNEL, utf8) == import_key(CHANNEL, windows)


def test_the_report_counts_every_line_and_shows_a_few_broken_ones(log: Path) -> None:
    report = Report(people_created=1, people_reused=2, already_there=1)
    content = "[09:05] <ada> a\n[09:05] * ada b\n=== x\n[09:05] <z\xeb> c\n".encode("cp1252")
    for line in written(log, content + b"what\n" * 9 + b"[99:00] <ada> d\n"):
        report.count(line)
    assert report.read == 14
    assert (report.messages, report.actions, report.status_lines) == (2, 1, 1)
    assert (report.recoded, report.imported) == (1, 2)
    assert report.broken == {BreakReason.UNKNOWN_FORM: 9, BreakReason.BAD_TIME: 1}
    assert len(report.broken_examples[BreakReason.UNKNOWN_FORM]) == EXAMPLES_LIMIT_LINES
    assert report.summary() == "\n".join(
        [
            "14 lines read: 2 messages, 1 actions, 1 status lines, 10 not understood",
            "2 imported, 1 already there",
            "1 people created, 2 known before",
            "1 lines were not UTF-8 and were read as Windows-1252",
            "Not understood, not of a known form: 9",
            *(f"  line {number}: 'what'" for number in range(5, 10)),
            "Not understood, no such time of day: 1",
            "  line 14: '[99:00] <ada> d'",
        ]
    )
