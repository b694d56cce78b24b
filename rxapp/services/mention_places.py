"""Where names stand in a text, and whom and what they would be there."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rxapp.markup import Kind, Mention, TypedMention, find_names, small
from rxapp.services.names_typed import Name

MENTIONS_LIMIT = 200
"""Names looked up for one message; what is typed beyond stays text, unless it is the name of a private channel."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mention may stand in a source, and what it would be."""

    start: int
    end: int
    mention: Mention
    is_typed: bool
    is_allowed: bool = True
    # As text it would tell everybody a name that only some may know.
    is_private: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """What the names in a text mean to its writer."""

    known: Mapping[Name, Mention]
    private: Mapping[str, Mention]
    """Channels that are not public, by their `small` names."""
    kept: Mapping[Name, deque[Mention]]
    """What an edit keeps, in its order."""

    def private_channel(self, name: str) -> Mention | None:
        """Such a channel by its name as typed."""
        if not self.private:
            return None
        return self.private.get(small(name)) or self.private.get(small(name.lower()))


def typed_places(text: str, typed: Sequence[TypedMention], names: Names, others: Sequence[Place]) -> list[Place]:
    """Where names were typed: as mentions, and where a private channel's name would be told that is none."""
    places = {}
    for number, one in enumerate(typed):
        for name in one.names:
            key = one.kind, name.lower()
            queue = names.kept.get(key)
            told = names.private_channel(name) if one.kind is Kind.CHANNEL else None
            looked_up = told or (names.known.get(key) if number < MENTIONS_LIMIT else None)
            mention = (queue.popleft() if len(queue) > 1 else queue[0]) if queue else looked_up
            if mention is not None:
                is_private = bool(queue) or told is not None
                end = one.start + 1 + len(name)
                places[one.start] = Place(one.start, end, mention, True, is_private=is_private)
                break
    if names.private:
        taken = {position for place in (*others, *places.values()) for position in range(place.start, place.end)}
        for start, name in find_names(text, names.private.keys()):
            end = start + 1 + len(name)
            shorter = places.get(start)
            span = range(shorter.end if shorter else start, end)
            if span and taken.isdisjoint(span):
                places[start] = Place(start, end, names.private[name], True, is_private=True)
                taken.update(span)
    return list(places.values())
