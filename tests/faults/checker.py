"""Judges a run: from what was asked, what was heard, what the database holds and what the screens show."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.faults.history import Act, History, Outcome, What
from tests.faults.truth import Row, Truth

# A badge counts so far.
COUNTED = 100
# So long may a request that was never answered still be on its way.
LINGERING_SECONDS = 60.0


@dataclass(slots=True)
class Screen:
    """What a person's tab shows in the end: the feed of each channel that was looked at, and the badges."""

    who: int
    person: str
    feeds: dict[str, dict[str, Any]] = field(default_factory=dict)
    badges: dict[str, dict[str, Any]] = field(default_factory=dict)
    regressions: list[str] = field(default_factory=list)


def check(history: History, truth: Truth, screens: list[Screen], people: list[str]) -> list[str]:
    """Everything that is wrong, in words; nothing when all is well. `people` are ids by number."""
    return [
        *check_stored(history, truth),
        *check_order(history, truth),
        *check_contents(history, truth),
        *check_numbers(truth),
        *check_removals(history, people),
        *(wrong for screen in screens for wrong in check_screen(screen, truth)),
    ]


def check_stored(history: History, truth: Truth) -> Iterator[str]:
    """What was acknowledged is stored once, nothing is stored twice, and nothing that nobody sent."""
    stored = Counter(row.key for row in truth.rows)
    by_key = {row.key: row for row in truth.rows}
    sends = history.of(What.SEND)
    for act in sends:
        count = stored[act.key]
        row = by_key.get(act.key)
        if act.outcome is Outcome.OK and count == 0:
            yield f"lost: message {act.seq} of {act.channel}, key {act.key}, was acknowledged and is not stored"
        if count > 1:
            yield f"doubled: key {act.key} is stored {count} times"
        if act.outcome is Outcome.REFUSED and act.tries == 1 and count:
            yield f"key {act.key} was refused with {act.status} and is stored"
        if act.outcome is Outcome.OK and row and (row.id, row.channel, row.seq) != (act.message, act.channel, act.seq):
            yield f"key {act.key} was acknowledged as {act.message} at {act.seq} and is stored as {row.id} at {row.seq}"
    for act in history.again:
        row = by_key.get(act.key)
        if row and (row.id, row.seq) != (act.message, act.seq):
            yield f"key {act.key}, sent again, was answered with {act.message} at {act.seq} and not with {row.id}"
    for key in stored.keys() - {act.key for act in sends}:
        yield f"key {key} is stored and nobody sent it"


def check_order(history: History, truth: Truth) -> Iterator[str]:
    """What was sent after something was acknowledged stands behind it."""
    seqs = {row.key: row.seq for row in truth.rows}
    for channel, acts in _by_channel(history.of(What.SEND)).items():
        done = sorted((act for act in acts if act.outcome is Outcome.OK and act.ended), key=lambda act: act.ended or 0)
        newest, number = 0, 0
        for act in sorted((act for act in acts if act.key in seqs), key=lambda act: act.begun):
            while number < len(done) and (done[number].ended or 0) < act.begun:
                newest = max(newest, done[number].seq)
                number += 1
            if seqs[act.key] < newest:
                yield (
                    f"order of {channel}: key {act.key} stands at {seqs[act.key]}, before {newest}, which was "
                    "acknowledged before it was sent"
                )


def check_contents(history: History, truth: Truth) -> Iterator[str]:
    """Each message says what was last written, and is deleted when that was acknowledged."""
    changes = defaultdict(list)
    for act in history.of(What.EDIT, What.DELETE):
        changes[act.key].append(act)
    first = {act.key: act for act in history.of(What.SEND)}
    for row in truth.rows:
        sent, own = first.get(row.key), changes[row.id]
        deletions = [act for act in own if act.what is What.DELETE]
        if row.is_deleted:
            if not [act for act in deletions if act.outcome is not Outcome.REFUSED]:
                yield f"message {row.id} is deleted and nobody deleted it"
            continue
        if any(act.outcome is Outcome.OK for act in deletions):
            yield f"message {row.id} is there although its deletion was acknowledged"
        if sent is None:
            continue
        edits = [act for act in own if act.what is What.EDIT and act.outcome is not Outcome.REFUSED]
        writers = [act for act in (sent, *edits) if act.text == row.source]
        if not writers:
            yield f"message {row.id} says {row.source!r}, which nobody wrote"
        elif all(_is_replaced(writer, edits) for writer in writers):
            yield f"message {row.id} says {row.source!r} although a later text was acknowledged"


def _is_replaced(writer: Act, edits: list[Act]) -> bool:
    """Whether another text was asked for after this one was done, and acknowledged."""
    if writer.ended is None:
        return False
    return any(edit.outcome is Outcome.OK and edit.begun > writer.ended for edit in edits if edit is not writer)


def check_numbers(truth: Truth) -> Iterator[str]:
    """Numbers have no holes, and the channel's own say what its messages say."""
    for channel, place in truth.places.items():
        rows = truth.rows_of(channel)
        if [row.seq for row in rows] != list(range(1, place.last_seq + 1)):
            missing = set(range(1, place.last_seq + 1)) - {row.seq for row in rows}
            yield f"numbers of {channel}: {len(rows)} messages up to {place.last_seq}, without {sorted(missing)[:10]}"
        revs = [row.rev for row in rows]
        if len(set(revs)) != len(revs) or max(revs, default=0) != place.rev:
            yield f"revs of {channel}: the highest is {max(revs, default=0)}, the channel's is {place.rev}"
        newest = max((row.seq for row in rows if not row.is_deleted), default=0)
        if newest != place.last_post_seq:
            yield f"{channel} says that {place.last_post_seq} is its newest message: it is {newest}"


def check_removals(history: History, people: list[str]) -> Iterator[str]:
    """Who was taken out hears nothing of what was asked for after that was acknowledged.

    Of what was on its way before, nothing can be said: a slow line may bring it later.
    """
    caused = {
        (act.channel, act.rev): act.begun
        for act in history.of(What.SEND, What.EDIT, What.DELETE)
        if act.outcome is Outcome.OK
    }
    added = history.of(What.ADD)
    for out in history.of(What.TAKE_OUT):
        if out.outcome is not Outcome.OK or out.ended is None:
            continue
        back = [act for act in added if (act.channel, act.key) == (out.channel, out.key)]
        if any(_lingers(act, out) for act in back):
            continue  # they may have been brought back at any moment
        until = min((act.begun for act in back if act.begun > out.begun), default=float("inf"))
        for heard in history.heard:
            if heard.channel != out.channel or people[heard.who] != out.key or heard.at >= until:
                continue
            for rev in heard.revs:
                if caused.get((heard.channel, rev), 0.0) > out.ended:
                    yield (
                        f"person {heard.who} heard {heard.kind} with rev {rev} of {heard.channel}, which was asked for "
                        f"{caused[heard.channel, rev] - out.ended:.3f} s after the removal was acknowledged"
                    )


def _lingers(addition: Act, out: Act) -> bool:
    return addition.outcome is Outcome.UNKNOWN and 0 < out.begun - addition.begun < LINGERING_SECONDS


def check_screen(screen: Screen, truth: Truth) -> Iterator[str]:
    """A tab shows what is stored, its badges say what cursors and messages say, and nothing went backwards."""
    yield from (f"tab {screen.who}: {words}" for words in screen.regressions)
    for channel, feed in screen.feeds.items():
        for words in check_feed(feed, truth, channel):
            yield f"tab {screen.who}: {words}"
    yield from (f"tab {screen.who}: {words}" for words in check_badges(screen, truth))


def check_feed(feed: dict[str, Any], truth: Truth, channel: str) -> Iterator[str]:
    """One channel on one screen."""
    if not feed["isOpen"]:
        yield f"{channel} is not open"
        return
    if feed["rev"] != truth.places[channel].rev:
        yield f"{channel} is at rev {feed['rev']} and not at {truth.places[channel].rev}"
    ceiling = feed["ceiling"]
    wanted = [
        row
        for row in truth.rows_of(channel)
        if not row.is_deleted and row.seq >= feed["floor"] and (ceiling is None or row.seq <= ceiling)
    ]
    shown = [(row["seq"], row["id"], row["rev"], row["author"], row["key"], row["html"]) for row in feed["list"]]
    if shown != (stored := [_shown(row) for row in wanted]):
        missing, surplus = [row for row in stored if row not in shown], [row for row in shown if row not in stored]
        yield f"{channel} lacks {missing[:5]} and has {surplus[:5]}" if missing or surplus else f"{channel} is unsorted"


def check_badges(screen: Screen, truth: Truth) -> Iterator[str]:
    """The sidebar."""
    here = truth.channels_of(screen.person)
    if here != screen.badges.keys():
        yield f"the sidebar has {sorted(screen.badges)} and not {sorted(here)}"
    for channel in here & screen.badges.keys():
        place, read = truth.places[channel], truth.seats[screen.person, channel]
        unread = place.last_post_seq > read
        newest = [row.seq for row in truth.rows_of(channel) if not row.is_deleted][-COUNTED:]
        count = len([seq for seq in newest if seq > read]) if place.kind == "direct" and unread else 0
        badge = screen.badges[channel]
        if (badge["unread"], badge["count"]) != (unread, count):
            yield f"the badge of {channel} is {badge}: read to {read} of {place.last_post_seq}, {count} to count"


def _shown(row: Row) -> tuple[int, str, int, str, str, str]:
    return (row.seq, row.id, row.rev, row.author, row.key, row.html)


def _by_channel(acts: list[Act]) -> dict[str, list[Act]]:
    found = defaultdict(list)
    for act in acts:
        found[act.channel].append(act)
    return found
