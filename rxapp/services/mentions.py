"""Mentions in a text: names become ids when it is stored, and names again when somebody reads its source."""

import asyncio
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
    find_stored,
    find_typed,
    reads_back,
    render_off_loop,
    replaced,
)
from rxapp.services.backend import Backend
from rxapp.services.channel_access import access_channel
from rxapp.services.mention_places import MENTIONS_LIMIT, Names, Place, typed_places
from rxapp.services.names import Reader, names_of
from rxapp.services.names_typed import Name, known_by_name, private_channels

HIDDEN_NAMES = {Kind.PERSON: "somebody", Kind.CHANNEL: "private-channel"}
"""What stands in a source for whom or what its reader may not see. No name of anything real is told."""

_ESCAPE = "\\"
_ID_CHARACTERS = len(str(Mention(Kind.PERSON, UUID(int=0))))
_PARTS_MAX = 8


@dataclass(frozen=True, slots=True)
class Written:
    """A text as it is stored."""

    source: str
    rendered: Rendered


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
        known = await known_by_name(session, reader, typed[:MENTIONS_LIMIT])
        allowed = set(await names_of(session, reader, [one.mention for one in stored]))
    allowed.update(one for queue in kept.values() for one in queue)
    places = [Place(one.start, one.end, one.mention, False, one.mention in allowed) for one in stored]
    names = Names(known, private, kept)
    if max(len(typed), text.count(Kind.CHANNEL.value)) > MENTIONS_LIMIT:  # thousands take a while
        places += await asyncio.to_thread(typed_places, text, typed, names, places)
    else:
        places += typed_places(text, typed, names, places)
    source = await _resolved(reader, text, sorted(places, key=lambda place: place.start))
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
        # To the blanks around it: all that is written together may be an address.
        before, after = shown.rsplit(None, 1)[-1:], source[end:].split(None, 1)[:1]
        near = "".join(before) if not shown[-1:].isspace() else ""
        far = "".join(after) if not source[end : end + 1].isspace() else ""
        reads = reads_back(f"{near}{kind.value}{name}{far}", len(near), name)
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


async def _kept(backend: Backend, reader: Reader, before: str) -> dict[Name, deque[Mention]]:
    """What a text mentioned before an edit, by the names that its writer read there, in their order."""
    places = await _mentioned(reader, before, or_all=True)
    names = await _names(backend, reader, places)
    kept: dict[Name, deque[Mention]] = defaultdict(deque)
    for place in places:
        kind = place.mention.kind
        kept[kind, names.get(place.mention, HIDDEN_NAMES[kind])].append(place.mention)
    return kept


async def _mentioned(reader: Reader, source: str, *, or_all: bool) -> list[Place]:
    """The mentions of a stored source; all of its ids, or none, where there is no time to see which are mentions."""
    places = [Place(one.start, one.end, one.mention, False, is_private=or_all) for one in find_stored(source)]
    return await _shown(reader, source, places) if places else []


async def _names(backend: Backend, reader: Reader, places: Sequence[Place]) -> Mapping[Mention, str]:
    if not places:
        return {}
    async with backend.database.session() as session:
        return await names_of(session, reader, [place.mention for place in places])


async def _resolved(reader: Reader, text: str, places: Sequence[Place]) -> str:
    """Names as ids and strangers' ids as text, where Markdown shows them; as many names as there is room for.

    What is private, or an edit keeps, has to have room: as text its name would be told to everybody. TOO_LONG.
    """
    room = _room(text, places)
    if room < 0:
        seen = {one.start for one in await _shown_in_parts(reader, text, [one for one in places if one.is_private])}
        places = [one for one in places if not one.is_private or one.start in seen]
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


def _room(text: str, places: Sequence[Place]) -> int:
    """Characters that are left when all is put in that has to be; negative when they do not fit."""
    strangers = sum(not place.is_allowed for place in places)
    return MESSAGE_LIMIT_CHARACTERS - len(text) - strangers - sum(_growth(one) for one in places if one.is_private)


def _growth(place: Place) -> int:
    return _ID_CHARACTERS - (place.end - place.start)


async def _shown_in_parts(reader: Reader, text: str, places: Sequence[Place]) -> list[Place]:
    """Like `_shown`, in a text that has no room for all of them at once; all, where that would take too long."""
    at_once = (MESSAGE_LIMIT_CHARACTERS - len(text)) // _ID_CHARACTERS
    if not places or at_once * _PARTS_MAX < len(places):
        return list(places)
    parts = [places[first : first + at_once] for first in range(0, len(places), at_once)]
    return [one for part in parts for one in await _shown(reader, text, part)]


async def _shown(reader: Reader, source: str, places: Sequence[Place]) -> list[Place]:
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
