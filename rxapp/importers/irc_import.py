"""Carry the lines of an IRC log into a channel."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from itertools import islice
from uuid import UUID

from rxapp.importers.irc import EXCERPT_LIMIT_CHARACTERS, import_key
from rxapp.importers.log_line import BreakReason, BrokenLine, LineKind, LogLine
from rxapp.importers.log_refused import LogRefused
from rxapp.importers.report import Report
from rxapp.markup import MESSAGE_LIMIT_CHARACTERS, literal, literal_emphasis
from rxapp.services.backend import Backend
from rxapp.services.imported_people import imported_authors
from rxapp.services.imports import ImportedPost, announce_import, store_posts

SYSTEM = "irc"
BATCH_LINES = 500
"""Stored in one transaction, which a sender in the same channel may have to wait for."""


class IrcImport:
    """The import of one log into one channel. `report` is true at any moment, when it failed on the way too."""

    def __init__(self, backend: Backend, *, workspace_id: UUID, channel_id: UUID, zone: tzinfo) -> None:
        self.report = Report()
        self._backend = backend
        self._workspace_id = workspace_id
        self._channel_id = channel_id
        self._zone = zone
        self._authors: dict[str, UUID] = {}

    async def run(self, lines: Iterator[LogLine | BrokenLine]) -> None:
        """Store what the lines say; what was stored before stays as it is.

        Raises `LogRefused` and `OSError` as the lines do, after storing what came before.
        """
        refusal = None
        while refusal is None:
            batch, refusal = await asyncio.to_thread(_take, lines)
            if not batch:
                break
            await self._store([_within_limit(line) for line in batch])
        if self.report.imported:
            await announce_import(self._backend, workspace_id=self._workspace_id)
        if refusal is not None:
            raise refusal

    async def _store(self, batch: Sequence[LogLine | BrokenLine]) -> None:
        said = [line for line in batch if isinstance(line, LogLine) and line.kind is not LineKind.STATUS]
        await self._meet(dict.fromkeys(line.nick for line in said))
        posts = [
            ImportedPost(
                author_id=self._authors[line.nick],
                key=import_key(self._channel_id, line),
                sent_at=line.sent_at(self._zone),
                source=_source(line),
            )
            for line in said
        ]
        new = await store_posts(self._backend, channel_id=self._channel_id, posts=posts) if posts else 0
        for line in batch:
            self.report.count(line)
        self.report.already_there += len(posts) - new

    async def _meet(self, nicks: Iterable[str]) -> None:
        unmet = [nick for nick in nicks if nick not in self._authors]
        found = await imported_authors(self._backend, workspace_id=self._workspace_id, system=SYSTEM, nicks=unmet)
        self._authors |= found.ids
        self.report.people_created += len(found.created)
        self.report.people_reused += len(found.ids) - len(found.created)


def _take(lines: Iterator[LogLine | BrokenLine]) -> tuple[list[LogLine | BrokenLine], LogRefused | OSError | None]:
    """The next lines, and why there are no more of them if something went wrong."""
    batch: list[LogLine | BrokenLine] = []
    try:
        for line in islice(lines, BATCH_LINES):
            batch.append(line)  # one by one: what was read before an error counts
    except (LogRefused, OSError) as refusal:
        return batch, refusal
    return batch, None


def _source(line: LogLine) -> str:
    """The Markdown that shows what was typed."""
    return literal_emphasis(line.text) if line.kind is LineKind.ACTION else literal(line.text)


def _within_limit(line: LogLine | BrokenLine) -> LogLine | BrokenLine:
    """The line, or why it cannot be stored: shown as typed, a text of thousands of marks is longer than a message."""
    if isinstance(line, BrokenLine) or line.kind is LineKind.STATUS or len(_source(line)) <= MESSAGE_LIMIT_CHARACTERS:
        return line
    return BrokenLine(line.number, BreakReason.TOO_LONG, line.text[:EXCERPT_LIMIT_CHARACTERS], line.recoded)
