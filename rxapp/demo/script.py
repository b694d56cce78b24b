"""Writes the conversations: who says what when. The same seed gives the same words and the same rhythm."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from rxapp.demo.scenes import Scene, scenes
from rxapp.demo.words import WORDS

_GAP = re.compile(r"\{(\w+)\}")
# Between two messages of one conversation.
PAUSE_SECONDS = (15, 420)
WORKING_HOURS_UTC = (7, 18)
SATURDAY = 5
WEEKEND_SHARE = 0.06
"""Of conversations that would begin on a weekend, those that do."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One message of the demo; `speaker` is an index into the people of the place."""

    speaker: int
    at: datetime
    source: str


def utterances(
    random: Random, *, subjects: Sequence[str], talks: Sequence[float], count: int, begin: datetime, end: datetime
) -> Iterator[Utterance]:
    """`count` messages by people who talk this much each, in the order of their times, all before `end`."""
    written = [scene for subject in subjects for scene in scenes()[subject]]
    chosen: list[Scene] = []
    lines = 0
    while lines < count:
        chosen.append(random.choice(written))
        lines += len(chosen[-1])
    last = begin
    left = count
    for scene, start in zip(chosen, _starts(random, len(chosen), begin, end), strict=True):
        cast = _cast(random, scene, talks)
        last = max(start, last)
        for role, template in scene[:left]:
            last = min(last + timedelta(seconds=random.randint(*PAUSE_SECONDS)), end)
            left -= 1
            yield Utterance(cast[role], last, _filled(random, template))


def _starts(random: Random, count: int, begin: datetime, end: datetime) -> list[datetime]:
    """When conversations begin, in order: most of them in working hours."""
    span_seconds = (end - begin).total_seconds()
    first, last = WORKING_HOURS_UTC
    starts: list[datetime] = []
    while len(starts) < count:
        day = begin + timedelta(seconds=random.random() * span_seconds)
        at = day.replace(hour=random.randint(first, last), minute=random.randrange(60), second=random.randrange(60))
        is_skipped = at.weekday() >= SATURDAY and random.random() > WEEKEND_SHARE
        if begin <= at < end and not is_skipped:
            starts.append(at)
    return sorted(starts)


def _cast(random: Random, scene: Scene, talks: Sequence[float]) -> dict[str, int]:
    """A different person for each role, as far as there are people."""
    cast: dict[str, int] = {}
    left = list(range(len(talks)))
    for role in dict.fromkeys(role for role, _ in scene):
        left = left or list(range(len(talks)))
        cast[role] = random.choices(left, [talks[index] for index in left])[0]
        left.remove(cast[role])
    return cast


def _filled(random: Random, template: str) -> str:
    return _GAP.sub(lambda gap: random.choice(WORDS[gap.group(1)]) if gap.group(1) in WORDS else gap.group(), template)
