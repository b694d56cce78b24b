"""Taking a message to another place: who may, what arrives there, and that it never says too much."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select, update

from db.models import Channel, ChannelMember, Member, Message, User, new_id
from rxapp.actor import Actor
from rxapp.errors import ConfabError, ErrorCode
from rxapp.markup import MESSAGE_LIMIT_CHARACTERS, Kind, find_stored
from rxapp.services.channel_people import leave_channel
from rxapp.services.channels import create_channel
from rxapp.services.forwarding import COMMENT_LIMIT_CHARACTERS, forward_message
from rxapp.services.messages import delete_message, read_source
from rxapp.services.views import View
from tests.hostile import TEXTS, VALUES
from tests.refusals import refused
from tests.services.test_messages import count_messages
from tests.team import Team

ADDRESS = "https://chat.example.org"


async def forward(
    team: Team, actor: Actor, view: View, channel: object, comment: object = "", key: object = None
) -> View:
    return await forward_message(
        team.backend,
        actor=actor,
        message_id=view["id"],
        channel_id=channel,
        client_key=key or new_id(),
        comment=comment,
        address=ADDRESS,
    )


async def source_of(team: Team, view: View) -> str:
    return await read_source(team.backend, actor=team.member, message_id=view["id"])


async def stored_source(team: Team, view: View) -> str:
    async with team.backend.database.session() as session:
        return (await session.scalars(select(Message.source).where(Message.id == UUID(view["id"])))).one()


async def origin(team: Team, view: View, channel: UUID, place: str) -> str:
    """The last line of what was forwarded."""
    async with team.backend.database.session() as session:
        handle = await session.scalar(select(User.handle).where(User.id == UUID(view["author"])))
    link = f"{ADDRESS}/w/{team.workspace}/c/{channel}?m={view['id']}"
    return f"— @{handle} in {place}, [{_day(view)}]({link})"


def _day(view: View) -> str:
    return datetime.fromtimestamp(view["at"] / 1000, UTC).date().isoformat()


async def test_what_arrives_is_the_comment_the_quote_and_where_it_comes_from(team: Team) -> None:
    view = await team.say(team.owner, team.general, "First *line*\n\nand another")
    sent = await forward(team, team.member, view, team.secret, "Look at this  ")
    last = await origin(team, view, team.general, "#general")
    assert await source_of(team, sent) == f"Look at this\n\n> First *line*\n>\n> and another\n\n{last}"
    assert sent["author"] == str(team.member.user_id)
    assert sent["ch"] == str(team.secret)
    without = await forward(team, team.member, view, team.secret)
    assert (await source_of(team, without)).startswith("> First *line*")


@pytest.mark.parametrize("fence", ["```", "~~~~", "``` js"])
async def test_a_comment_that_leaves_a_block_of_code_open_ends_before_the_quote(team: Team, fence: str) -> None:
    view = await team.say(team.owner, team.general, "the original")
    sent = await forward(team, team.member, view, team.secret, f"look:\n{fence}\nx = 1")
    assert sent["html"].count("<pre>") == 1
    assert "<blockquote>\n<p>the original</p>" in sent["html"]
    assert f'data-user="{team.owner.user_id}"' in sent["html"]
    closed = await forward(team, team.member, view, team.secret, f"{fence}\nx = 1\n{fence[:4].strip()}\nthat is it")
    assert (await source_of(team, closed)).count(fence[:4].strip()) == 2


async def test_a_private_channel_is_not_named_outside_of_itself(team: Team) -> None:
    view = await team.say(team.member, team.secret, "hush")
    sent = await forward(team, team.member, view, team.general)
    assert (await source_of(team, sent)).endswith(await origin(team, view, team.secret, "a private channel"))
    within = await forward(team, team.member, view, team.secret)
    assert (await source_of(team, within)).endswith(await origin(team, view, team.secret, "#secret"))


async def test_what_is_said_in_a_workspace_stays_in_it(team: Team) -> None:
    view = await team.say(team.member, team.general, "#secret plans")
    async with team.backend.database.transaction() as session:
        session.add(Member(workspace_id=team.elsewhere, user_id=team.member.user_id, role="member"))
        await session.flush()
        session.add(ChannelMember(channel_id=team.elsewhere_general, user_id=team.member.user_id))
    with refused(ErrorCode.NOT_FOUND):
        await forward(team, team.member, view, team.elsewhere_general)


@pytest.mark.parametrize("padding", range(0, 45, 9))
async def test_however_much_of_it_is_cut_a_private_channel_that_it_mentions_is_not_named(
    team: Team, padding: int
) -> None:
    original = f"{'x' * (15_800 + padding)} " + f"<#{team.secret}> " * 12
    view = await team.say(team.member, team.general, original)
    sent = await forward(team, team.member, view, team.general)
    source = await stored_source(team, sent)
    assert "secret" not in source
    assert source.count("<#") == sum(one.mention.kind is Kind.CHANNEL for one in find_stored(source))
    assert " …" in source


async def test_as_many_mentions_as_the_original_has_are_forwarded(team: Team) -> None:
    view = await team.say(team.member, team.general, "\n".join([f"<#{team.secret}>"] * 350))
    sent = await forward(team, team.member, view, team.general)
    source = await stored_source(team, sent)
    assert len(find_stored(source)) >= 350
    assert "#secret" not in source


async def test_what_the_one_who_forwards_may_not_see_is_not_told(team: Team) -> None:
    view = await team.say(team.member, team.general, "in #secret")
    # What stands for it may be something's name.
    await create_channel(team.backend, actor=team.owner, workspace_id=team.workspace, name="private-channel")
    sent = await forward(team, team.owner, view, team.general)
    assert (await stored_source(team, sent)).startswith("> in \\#private-channel\n")
    assert "<p>in #private-channel</p>" in sent["html"]


async def test_a_direct_conversation_is_called_that(team: Team) -> None:
    view = await team.say(team.member, team.secret, "between us")
    async with team.backend.database.transaction() as session:
        await session.execute(
            update(Channel).where(Channel.id == team.secret).values(kind="direct", name=None, direct_key="two")
        )
    sent = await forward(team, team.member, view, team.general)
    assert (await source_of(team, sent)).endswith(await origin(team, view, team.secret, "a direct conversation"))


async def test_who_cannot_read_the_message_forwards_nothing(team: Team) -> None:
    view = await team.say(team.member, team.secret)
    for actor, target in ((team.owner, team.general), (team.outsider, team.elsewhere_general)):
        with refused(ErrorCode.NOT_FOUND):
            await forward(team, actor, view, target)
        with refused(ErrorCode.NOT_FOUND):
            await forward(team, actor, {"id": "no id"}, target)
    assert await count_messages(team.backend) == 1


async def test_who_cannot_write_in_the_target_forwards_nothing(team: Team) -> None:
    view = await team.say(team.owner, team.general)
    for target in (team.secret, team.elsewhere_general, new_id(), "no id"):
        with refused(ErrorCode.NOT_FOUND):
            await forward(team, team.owner, view, target)
    await leave_channel(team.backend, actor=team.owner, channel_id=team.general)
    with refused(ErrorCode.NOT_JOINED):
        await forward(team, team.owner, view, team.general)
    assert await count_messages(team.backend) == 1


async def test_who_only_looks_at_a_public_channel_may_take_from_it(team: Team) -> None:
    view = await team.say(team.owner, team.general)
    own = await create_channel(
        team.backend, actor=team.bystander, workspace_id=team.workspace, name="own", private=False
    )
    assert (await forward(team, team.bystander, view, own["id"]))["ch"] == own["id"]


async def test_a_deleted_message_cannot_be_forwarded(team: Team) -> None:
    view = await team.say(team.member, team.general)
    await delete_message(team.backend, actor=team.member, message_id=view["id"])
    with refused(ErrorCode.DELETED):
        await forward(team, team.member, view, team.secret)


async def test_the_same_key_forwards_once_however_often_and_at_once(team: Team) -> None:
    view, key = await team.say(team.owner, team.general), new_id()
    sent = await asyncio.gather(*(forward(team, team.member, view, team.secret, key=key) for _ in range(4)))
    assert sent == [sent[0]] * 4
    assert await count_messages(team.backend) == 2
    with refused(ErrorCode.INVALID_REQUEST, field="client_key"):
        await forward(team, team.member, view, team.general, key=key)


@pytest.mark.parametrize("original", ["x" * MESSAGE_LIMIT_CHARACTERS, "a\n" * 8_000 + "b", "😀" * 16_000])
async def test_a_long_original_is_cut_and_its_link_stays(team: Team, original: str) -> None:
    view = await team.say(team.owner, team.general, original)
    for comment in ("", "y" * COMMENT_LIMIT_CHARACTERS):
        source = await source_of(team, await forward(team, team.member, view, team.secret, comment))
        quote, _, last = source.rpartition("\n\n")
        assert len(source) <= MESSAGE_LIMIT_CHARACTERS
        assert last == await origin(team, view, team.general, "#general")
        assert quote.startswith(comment)
        assert quote.endswith(" …")


async def test_a_comment_that_is_too_long_is_refused(team: Team) -> None:
    view = await team.say(team.owner, team.general)
    limit = COMMENT_LIMIT_CHARACTERS
    with refused(ErrorCode.TOO_LONG, field="comment", limit=limit, actual=limit + 1):
        await forward(team, team.member, view, team.secret, "z" * (limit + 1))


@pytest.mark.parametrize("kind", TEXTS)
async def test_hostile_originals_and_comments_stay_text(team: Team, kind: str) -> None:
    try:
        view = await team.say(team.owner, team.general, TEXTS[kind])
    except ConfabError:
        view = await team.say(team.owner, team.general)
    sent = await forward(team, team.member, view, team.secret)
    assert "<script" not in sent["html"]
    try:
        sent = await forward(team, team.member, view, team.secret, TEXTS[kind])
    except ConfabError as refusal:
        assert refusal.code in (ErrorCode.TOO_LONG, ErrorCode.INVALID_TEXT)
    assert "<img" not in sent["html"]


@pytest.mark.parametrize("value", VALUES, ids=repr)
async def test_a_comment_of_the_wrong_kind_is_refused(team: Team, value: object) -> None:
    view = await team.say(team.owner, team.general)
    with refused(ErrorCode.INVALID_REQUEST, field="message"):
        await forward(team, team.member, view, team.secret, value)
