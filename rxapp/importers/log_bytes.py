"""Bytes of a log to lines of text, whatever wrote them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from rxapp.importers.log_refused import LogRefusal, LogRefused

LINE_LIMIT_BYTES = 65_536
"""Read at once of one line: the longest message, at four bytes a character."""

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class RawLine:
    """One decoded line without its end; `is_cut` when it went on past `LINE_LIMIT_BYTES`.

    Not `is_whole` is a last line that had no end: whoever writes the log may be in the middle of it.
    """

    number: int
    text: str
    recoded: bool
    is_cut: bool
    is_whole: bool = True


def read_lines(file: IO[bytes]) -> Iterator[RawLine]:
    """Read `file` line by line in bounded memory. Raises `OSError` as the file does.

    Lines end with LF or CRLF. Each is UTF-8 (a byte order mark is skipped) or else Windows-1252,
    whose few unassigned bytes are read as Latin-1. Raises `LogRefused` for a file in UTF-16, which
    would be misread rather than fail.
    """
    number = 0
    while chunk := file.readline(LINE_LIMIT_BYTES):
        number += 1
        is_cut = False
        rest = chunk
        while not rest.endswith(b"\n") and (more := file.readline(LINE_LIMIT_BYTES)):
            is_cut, rest = True, more
        if number == 1:
            if chunk.startswith(_UTF16_MARKS):
                raise LogRefused(LogRefusal.UTF_16, "The log is in UTF-16: save it as UTF-8 and import it again.")
            chunk = chunk.removeprefix(_UTF8_MARK)
        text, recoded = _decode(chunk.rstrip(b"\r\n"), is_cut=is_cut)
        yield RawLine(number, text, recoded, is_cut, is_whole=rest.endswith(b"\n"))


def _decode(line: bytes, *, is_cut: bool) -> tuple[str, bool]:
    if is_cut:
        # The cut may have gone through a character, which says nothing about the encoding.
        return line.decode("utf-8", "replace"), False
    try:
        return line.decode("utf-8"), False
    except UnicodeDecodeError:
        return "".join(_WINDOWS_1252[byte] for byte in line), True


def _windows_1252(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_WINDOWS_1252 = tuple(_windows_1252(byte) for byte in range(256))
