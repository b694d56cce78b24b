"""Mentions in a text: names become ids when it is stored, and names again when somebody reads its source."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.markup import (
    MESSAGE_LIMIT_CHARACTERS,
    Kind,
    Mention,
    Rendered,
    find_names,
    find_stored,
    find_typed,
    reads_back,
    render_off_loop,
    replaced,
)
from rxapp.services.backend import Backend
from rxapp.services.channel_access import access_channel
from rxapp.services.names import Reader, names_of
from rxapp.services.names_typed import Name, known_by_name, private_channels

MENTIONS_LIMIT = 200
"""Names looked up for one message; what is typed beyond stays text, unless it is the name of a private channel."""

HIDDEN_NAMES = {Kind.PERSON: "somebody", Kind.CHANNEL: "private-channel"}
"""What stands in a source for whom or what its reader may not see. No name of anything real is told."""

_ESCAPE = "\\"
_ID_CHARACTERS = len(str(Mention(Kind.PERSON, UUID(int=0))))
_PARTS_MAX = 8
_NEAR_CHARACTERS = 100  # around a name, to see whether it can be read there


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it is stored."""

    source: str
    rendered: Rendered


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a mention may stand in a source, and what it would be."""

    start: int
    end: int
    mention: Mention
    is_typed: bool
    is_allowed: bool = True
    # As text it would tell everybody a name that only some may know.
    is_private: bool = False


async def write_text(
    backend: Backend, *, actor: Actor, channel_id: object, text: str, before: str | None = None
) -> Written:
    """A checked text with `@handle` and `#channel` as ids, and rendered.

    Handles of members and names of channels that the actor may read are mentions, wherever Markdown shows text: not in
    code, not in links. An id typed by hand is one if it is such a member or channel, and stays text if not. In an edit,
    `before` is the source that the message had: what it mentions may stay, also what the actor may not see. The name of
    a channel that is not public becomes an id, or the text is refused.

    Raises NOT_FOUND for who may not read the channel, and TOO_LONG.
    """
    typed, stored = list(find_typed(text)), find_stored(text)
    if not typed and not stored and Kind.CHANNEL.value not in text:
        return Written(text, await render_off_loop(text, who=actor.user_id))
    async with backend.database.session() as session:
        channel = (await access_channel(session, actor=actor, channel_id=channel_id)).channel
    reader = Reader(actor, channel.workspace_id)
    if before and text == await readable_source(backend, reader, before):
        return Written(before, await render_off_loop(before, who=actor.user_id))
    kept = await _kept(backend, reader, before) if before else {}
    async with backend.database.session() as session:
        private = await private_channels(session, reader, text)
        known = await known_by_name(session, reader, typed[:MENTIONS_LIMIT]) | private
        allowed = set(await names_of(session, reader, [one.mention for one in stored]))
    allowed.update(one for queue in kept.values() for one in queue)
    places = [_Place(one.start, one.end, one.mention, False, one.mention in allowed) for one in stored]
    for number, one in enumerate(typed):
        for name in one.names:
            key = one.kind, name.lower()
            queue = kept.get(key)
            looked_up = (known if number < MENTIONS_LIMIT else private).get(key)
            mention = (queue.popleft() if len(queue) > 1 else queue[0]) if queue else looked_up
            if mention is not None:
                is_private = bool(queue) or key in private
                places.append(_Place(one.start, one.start + 1 + len(name), mention, True, is_private=is_private))
                break
    source = await _resolved(reader, text, _with_all_told(text, places, private))
    if len(source) > MESSAGE_LIMIT_CHARACTERS:
        raise ConfabError(ErrorCode.TOO_LONG, field="message", limit=MESSAGE_LIMIT_CHARACTERS, actual=len(source))
    return Written(source, await render_off_loop(source, who=actor.user_id))


async def readable_source(backend: Backend, reader: Reader, source: str) -> str:
    """A stored source with names in place of ids, as the reader may know them.

    Stored again unchanged, it is the same source: an id whose name would not be read back stays an id, and so do all
    while there is no time to see which stand in code, where a name would stay.
    """
    places = await _mentioned(reader, source, or_all=False)
    names = await _names(backend, reader, places)
    shown, end = "", 0
    for place in places:
        shown += source[end : place.start]
        kind, name, end = place.mention.kind, names.get(place.mention, HIDDEN_NAMES[place.mention.kind]), place.end
        near = shown[-_NEAR_CHARACTERS:]
        reads = reads_back(f"{near}{kind.value}{name}{source[end : end + _NEAR_CHARACTERS]}", len(near), name)
        shown += f"{kind.value}{name}" if reads else str(place.mention)
    return shown + source[end:]


async def portable_source(backend: Backend, reader: Reader, source: str) -> str:
    """A stored source that may be stored elsewhere in the workspace: ids of what the reader may see, and no others.

    Not the names: the copy may be cut, or have no room for all ids, and a private channel's name would stay as text.
    """
    places = await _mentioned(reader, source, or_all=True)
    names = await _names(backend, reader, places)
    hidden = [place for place in places if place.mention not in names]
    # Escaped: somebody's handle, or a channel's name, may be just that.
    return replaced(
        source,
        [(one.start, one.end, f"{_ESCAPE}{one.mention.kind.value}{HIDDEN_NAMES[one.mention.kind]}") for one in hidden],
    )


def _with_all_told(text: str, places: Sequence[_Place], private: Mapping[Name, Mention]) -> list[_Place]:
    """The places, and where a private channel's name stands that nobody would take for a mention: it would be told."""
    by_start = {place.start: place for place in places}
    taken = {position for place in places for position in range(place.start, place.end)}
    for start, name in find_names(text, {name for _, name in private}):
        end = start + 1 + len(name)
        shorter = by_start.get(start)
        span = range(shorter.end if shorter else start, end)
        if span and taken.isdisjoint(span):
            by_start[start] = _Place(start, end, private[Kind.CHANNEL, name], True, is_private=True)
            taken.update(span)
    return sorted(by_start.values(), key=lambda place: place.start)


async def _kept(backend: Backend, reader: Reader, before: str) -> dict[tuple[Kind, str], deque[Mention]]:
    """What a text mentioned before an edit, by the names that its writer read there, in their order."""
    places = await _mentioned(reader, before, or_all=True)
    names = await _names(backend, reader, places)
    kept: dict[tuple[Kind, str], deque[Mention]] = defaultdict(deque)
    for place in places:
        kind = place.mention.kind
        kept[kind, names.get(place.mention, HIDDEN_NAMES[kind])].append(place.mention)
    return kept


async def _mentioned(reader: Reader, source: str, *, or_all: bool) -> list[_Place]:
    """The mentions of a stored source; all of its ids, or none, where there is no time to see which are mentions."""
    places = [_Place(one.start, one.end, one.mention, False, is_private=or_all) for one in find_stored(source)]
    return await _shown(reader, source, places) if places else []


async def _names(backend: Backend, reader: Reader, places: Sequence[_Place]) -> Mapping[Mention, str]:
    if not places:
        return {}
    async with backend.database.session() as session:
        return await names_of(session, reader, [place.mention for place in places])


async def _resolved(reader: Reader, text: str, places: Sequence[_Place]) -> str:
    """Names as ids and strangers' ids as text, where Markdown shows them; as many names as there is room for.

    What is private, or an edit keeps, has to have room: as text its name would be told to everybody. TOO_LONG.
    """
    room = _room(text, places)
    if room < 0:
        seen = await _shown_in_parts(reader, text, [one for one in places if one.is_private])
        places = [one for one in places if not one.is_private or one in seen]
        room = _room(text, places)
    if room < 0:
        actual = MESSAGE_LIMIT_CHARACTERS - room
        raise ConfabError(ErrorCode.TOO_LONG, field="message", limit=MESSAGE_LIMIT_CHARACTERS, actual=actual)
    fitting = []
    for place in places:
        if place.is_private or not place.is_typed:
            fitting.append(place)
        elif (growth := _growth(place)) <= room:
            room -= growth
            fitting.append(place)
    if all(place.is_allowed and not place.is_typed for place in fitting):
        return text
    return replaced(
        text,
        [
            (place.start, place.end, f"{'' if place.is_allowed else _ESCAPE}{place.mention}")
            for place in await _shown(reader, text, fitting)
        ],
    )


def _room(text: str, places: Sequence[_Place]) -> int:
    """Characters that are left when all is put in that has to be; negative when they do not fit."""
    strangers = sum(not place.is_allowed for place in places)
    return MESSAGE_LIMIT_CHARACTERS - len(text) - strangers - sum(_growth(one) for one in places if one.is_private)


def _growth(place: _Place) -> int:
    return len(str(place.mention)) - (place.end - place.start)


async def _shown_in_parts(reader: Reader, text: str, places: Sequence[_Place]) -> list[_Place]:
    """Like `_shown`, in a text that has no room for all of them at once; all, where that would take too long."""
    at_once = (MESSAGE_LIMIT_CHARACTERS - len(text)) // _ID_CHARACTERS
    if not places or at_once * _PARTS_MAX < len(places):
        return list(places)
    parts = [places[first : first + at_once] for first in range(0, len(places), at_once)]
    return [one for part in parts for one in await _shown(reader, text, part)]


async def _shown(reader: Reader, source: str, places: Sequence[_Place]) -> list[_Place]:
    """The places where Markdown reads a mention: each is tried with an id of its own."""
    trials = [Mention(place.mention.kind, UUID(int=number)) for number, place in enumerate(places)]
    trial = replaced(source, [(place.start, place.end, str(one)) for place, one in zip(places, trials, strict=True)])
    rendered = await render_off_loop(trial, who=reader.actor.user_id, with_colours=False)
    seen = set(rendered.mentions)
    # Where there was no time to see, what is private is an id: better one in code than a name that is told. And an id
    # of who or what the writer may not see is text.
    return [
        place
        for place, one in zip(places, trials, strict=True)
        if str(one) in seen or (rendered.fallback and (place.is_private or not place.is_allowed))
    ]
