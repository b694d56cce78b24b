"""What an import did, for the person who ran it."""

from collections import Counter
from dataclasses import dataclass, field

from rxapp.importers.log_line import BreakReason, BrokenLine, LineKind, LogLine

EXAMPLES_LIMIT_LINES = 5
"""Broken lines shown for each reason; all of them are counted."""


@dataclass(slots=True)
class Report:
    """Counts of one import, in lines unless named otherwise.

    `count` fills what the file says; the importer itself adds `already_there` and the people.
    """

    read: int = 0
    messages: int = 0
    actions: int = 0
    status_lines: int = 0
    recoded: int = 0
    already_there: int = 0
    people_created: int = 0
    people_reused: int = 0
    broken: Counter[BreakReason] = field(default_factory=Counter)
    broken_examples: dict[BreakReason, list[BrokenLine]] = field(default_factory=dict)

    @property
    def imported(self) -> int:
        """Messages and actions that were not there before."""
        return self.messages + self.actions - self.already_there

    def count(self, line: LogLine | BrokenLine) -> None:
        """Count one line that was read."""
        self.read += 1
        self.recoded += line.recoded
        if isinstance(line, BrokenLine):
            self.broken[line.reason] += 1
            examples = self.broken_examples.setdefault(line.reason, [])
            if len(examples) < EXAMPLES_LIMIT_LINES:
                examples.append(line)
            return
        match line.kind:
            case LineKind.MESSAGE:
                self.messages += 1
            case LineKind.ACTION:
                self.actions += 1
            case LineKind.STATUS:
                self.status_lines += 1

    def summary(self) -> str:
        """Return the report as lines of plain text."""
        rows = [
            f"{self.read:,} lines read: {self.messages:,} messages, {self.actions:,} actions, "
            f"{self.status_lines:,} status lines, {self.broken.total():,} not understood",
            f"{self.imported:,} imported, {self.already_there:,} already there",
            f"{self.people_created:,} people created, {self.people_reused:,} known before",
        ]
        if self.recoded:
            rows.append(f"{self.recoded:,} lines were not UTF-8 and were read as Windows-1252")
        for reason, lines in self.broken.most_common():
            rows.append(f"Not understood, {reason.value}: {lines:,}")
            rows.extend(f"  line {line.number:,}: {line.excerpt!r}" for line in self.broken_examples[reason])
        return "\n".join(rows)
