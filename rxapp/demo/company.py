"""Fills a workspace with the company: its people, its channels, and what they said in the weeks until now."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations, islice
from random import Random
from uuid import UUID

from rxapp.actor import Actor
from rxapp.demo.cast import CAST
from rxapp.demo.places import PLACES, Place
from rxapp.demo.script import utterances
from rxapp.services.backend import Backend
from rxapp.services.channels import create_channel
from rxapp.services.demo_people import Newcomer, describe_channels, move_in, read_all_but, sit_down, take_stock
from rxapp.services.direct import open_direct
from rxapp.services.ids import object_id
from rxapp.services.imports import ImportedPost, ImportTarget, import_channel, store_posts

DIRECT_SHARE = 0.04
"""Of all messages, those in direct conversations."""

DIRECT_CONVERSATIONS = 8
UNREAD_MESSAGES = (1, 12)
BATCH_MESSAGES = 5_000
SAID_EVERY_MESSAGES = 20_000

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to make. Times are spread over `weeks` until `now` (UTC); the same seed says the same."""

    messages: int
    weeks: int
    seed: int
    now: datetime
    password: str | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A channel or a direct conversation, and what will be said in it."""

    channel_id: UUID
    people: tuple[UUID, ...]
    talks: tuple[float, ...]
    subjects: tuple[str, ...]
    count: int


async def fill(backend: Backend, *, target: ImportTarget, plan: Plan, say: Say) -> dict[UUID, str]:
    """Make people, channels and messages in an empty workspace; gives the people's ids and addresses."""
    random = Random(plan.seed)  # noqa: S311 - words, not secrets
    begin = plan.now - timedelta(weeks=plan.weeks)
    newcomers = [Newcomer(one.name, one.title, one.pronouns, one.time_zone, one.hue) for one in CAST]
    addresses = await move_in(
        backend, workspace_id=target.workspace_id, newcomers=newcomers, joined_at=begin, password=plan.password
    )
    people = list(addresses)
    conversations = [
        *[await _channel(backend, target, place, people, plan, begin) for place in PLACES],
        *await _direct_conversations(backend, target, random, people, plan),
    ]
    stored = said = 0
    for conversation in conversations:
        posts = _posts(random, conversation, begin, plan.now)
        while batch := list(islice(posts, BATCH_MESSAGES)):
            stored += await store_posts(backend, channel_id=conversation.channel_id, posts=batch)
            if stored - said >= SAID_EVERY_MESSAGES:
                said = stored
                say(f"{stored:,} of about {plan.messages:,} messages")
    await _leave_some_unread(backend, target, random, conversations)
    await take_stock(backend)
    return addresses


async def _channel(
    backend: Backend, target: ImportTarget, place: Place, people: Sequence[UUID], plan: Plan, begin: datetime
) -> Conversation:
    if place.private:
        made = await create_channel(
            backend, actor=target.owner, workspace_id=target.workspace_id, name=place.name, private=True
        )
        channel_id = object_id(made["id"])
    else:
        channel_id = await import_channel(backend, target=target, name=place.name)
    indices = place.people or tuple(range(len(CAST)))
    seated = tuple(people[index] for index in indices)
    await sit_down(backend, channel_id=channel_id, user_ids=[target.owner.user_id, *seated])
    await describe_channels(backend, texts={channel_id: (place.topic, place.purpose)}, made_at=begin)
    count = round(plan.messages * (1 - DIRECT_SHARE) * place.share)
    return Conversation(channel_id, seated, tuple(CAST[index].talks for index in indices), place.subjects, count)


async def _direct_conversations(
    backend: Backend, target: ImportTarget, random: Random, people: Sequence[UUID], plan: Plan
) -> list[Conversation]:
    """Some of the owner's, with whom they work most, and some between others."""
    owner = target.owner.user_id
    pairs = [(owner, person) for person in people[: DIRECT_CONVERSATIONS // 2]]
    pairs += random.sample(list(combinations(people, 2)), DIRECT_CONVERSATIONS - len(pairs))
    count = round(plan.messages * DIRECT_SHARE / len(pairs))
    made = []
    for one, other in pairs:
        view = await open_direct(backend, actor=Actor(one), workspace_id=target.workspace_id, user_ids=[str(other)])
        made.append(Conversation(object_id(view["id"]), (one, other), (1.0, 1.0), ("direct",), count))
    return made


def _posts(random: Random, conversation: Conversation, begin: datetime, end: datetime) -> Iterator[ImportedPost]:
    said = utterances(
        random,
        subjects=conversation.subjects,
        talks=conversation.talks,
        count=conversation.count,
        begin=begin,
        end=end,
    )
    for one in said:
        key = UUID(int=random.getrandbits(128), version=4)
        yield ImportedPost(conversation.people[one.speaker], key, one.at, one.source)


async def _leave_some_unread(
    backend: Backend, target: ImportTarget, random: Random, conversations: Sequence[Conversation]
) -> None:
    """The owner finds some news; the others have read all."""
    unread = {
        (conversation.channel_id, target.owner.user_id): random.randint(*UNREAD_MESSAGES)
        for conversation in random.sample(list(conversations), len(conversations) // 3)
    }
    await read_all_but(backend, workspace_id=target.workspace_id, unread=unread)


def now_utc() -> datetime:
    """This moment, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
