"""Taking a message to another place: a comment, the original as a quote, and where it comes from."""

import re
from datetime import UTC
from uuid import uuid4

from db.models import Channel, Message, User
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode, not_found
from rxapp.live.allowances import CHANGE
from rxapp.markup import MESSAGE_LIMIT_CHARACTERS, Kind, Mention, render_off_loop
from rxapp.services.backend import Backend
from rxapp.services.channel_access import access_joined_channel
from rxapp.services.ids import client_key as check_client_key
from rxapp.services.mentions import portable_source
from rxapp.services.message_access import access_message
from rxapp.services.messages import send_message
from rxapp.services.names import Reader
from rxapp.services.text import check_message
from rxapp.services.views import View

COMMENT_LIMIT_CHARACTERS = 8_000
# What is stored is longer than what is sent: people and channels stand in it as ids.
_SPARE_CHARACTERS = 400
_SPARE_FOR_A_NAME_CHARACTERS = 40
_CUT = " …"
_FENCES = (re.compile("`{3,}"), re.compile("~{3,}"))
_HALF_MENTION = re.compile(r"<[@#][0-9a-f-]*$")
# Part of a stored message, which is the same for every reader.
_PRIVATE_PLACE = "a private channel"
_DIRECT_PLACE = "a direct conversation"


async def forward_message(
    backend: Backend,
    *,
    actor: Actor,
    message_id: object,
    channel_id: object,
    client_key: object,
    comment: object,
    address: str,
) -> View:
    """Send a message on to a channel of its workspace that the actor is in; the same key returns what was sent first.

    `address` is where people reach this installation, as in `https://chat.example.org`: the link to the original begins
    with it. An original that is too long is cut. Raises NOT_FOUND, DELETED, NOT_JOINED, TOO_LONG (of the comment),
    INVALID_TEXT, INVALID_REQUEST, TOO_MANY_REQUESTS.
    """
    backend.limits.take_here(CHANGE, actor.user_id)  # it is counted for all workers when it is sent
    key, said = check_client_key(client_key), _check_comment(comment)
    async with backend.database.session() as session:
        message, access = await access_message(session, actor=actor, message_id=message_id)
        target = (await access_joined_channel(session, actor=actor, channel_id=channel_id)).channel
        if target.workspace_id != access.channel.workspace_id:
            raise not_found()  # people and channels are others there, and what is said here is this workspace's
        author = await session.get_one(User, message.author_id)
    origin = _origin(message, author, access.channel, target, address)
    original = await portable_source(backend, Reader(actor, access.channel.workspace_id), message.source)
    source = _composed(await _closed(said, actor), original, origin)
    return await send_message(backend, actor=actor, channel_id=target.id, client_key=key, source=source)


def _check_comment(comment: object) -> str:
    if isinstance(comment, str) and not comment.strip():
        return ""
    return _within_limit(check_message(comment))


def _within_limit(comment: str) -> str:
    if len(comment) > COMMENT_LIMIT_CHARACTERS:
        raise ConfabError(ErrorCode.TOO_LONG, field="comment", limit=COMMENT_LIMIT_CHARACTERS, actual=len(comment))
    return comment


async def _closed(comment: str, actor: Actor) -> str:
    """The comment with an end to the block of code that it leaves open: what comes after it would be code too."""
    ends = [f"\n{max(runs, key=len)}" for fence in _FENCES if (runs := fence.findall(comment))]
    if not ends:
        return comment
    after = str(Mention(Kind.PERSON, uuid4()))
    for end in ("", *ends):
        tried = await render_off_loop(
            f"{comment}{end}\n\n{after}", who=actor.user_id, with_colours=False, is_patient=True
        )
        if after in tried.mentions:
            return _within_limit(f"{comment}{end}")
    return comment


def _origin(message: Message, author: User, channel: Channel, target: Channel, address: str) -> str:
    """Who said it, where and when. What is not public is named by its kind only, unless it stays where it is."""
    if channel.kind == "direct":
        place = _DIRECT_PLACE
    elif channel.kind == "public" or channel.id == target.id:
        place = f"#{channel.name}"
    else:
        place = _PRIVATE_PLACE
    day = message.created_at.astimezone(UTC).date().isoformat()
    link = f"{address}/w/{channel.workspace_id}/c/{channel.id}?m={message.id}"
    return f"— @{author.handle} in {place}, [{day}]({link})"


def _composed(comment: str, original: str, origin: str) -> str:
    """The forwarded message's source, within the limit of one."""
    before, after = f"{comment}\n\n" if comment else "", f"\n\n{origin}"
    names = sum(comment.count(kind.value) for kind in Kind)
    spare = min(_SPARE_CHARACTERS + names * _SPARE_FOR_A_NAME_CHARACTERS, MESSAGE_LIMIT_CHARACTERS // 4)
    room = MESSAGE_LIMIT_CHARACTERS - spare - len(before) - len(after)
    return f"{before}{_quoted(original, room)}{after}"


def _quoted(original: str, room: int) -> str:
    """The text behind quote marks, cut to a number of characters."""
    lines: list[str] = []
    for line in original.split("\n"):
        quoted = f"> {line}".rstrip()
        if len(quoted) + len(_CUT) >= room:
            return "\n".join([*lines, _HALF_MENTION.sub("", quoted[: max(room - len(_CUT), 1)]) + _CUT])
        lines.append(quoted)
        room -= len(quoted) + 1
    return "\n".join(lines)
