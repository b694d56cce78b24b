"""Storing messages of another system: in order, once, under people of their own."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import func, select

from db.models import Account, Channel, ChannelMember, Member, Message, User, new_id
from rxapp.errors import ErrorCode
from rxapp.live.ops import channel_room, workspace_room
from rxapp.markup import render
from rxapp.services.backend import Backend
from rxapp.services.heads import read_heads
from rxapp.services.history import open_channel
from rxapp.services.imported_people import imported_authors
from rxapp.services.imports import (
    ImportedPost,
    ImportTarget,
    announce_import,
    import_channel,
    list_import_targets,
    store_posts,
)
from rxapp.services.members import list_members
from rxapp.services.messages import delete_message
from rxapp.services.sidebar import enter_workspace
from tests.recording_wire import RecordingWire, connect
from tests.refusals import refused
from tests.team import Team

LONG_AGO = datetime(2004, 11, 15, 12, 18, tzinfo=UTC)


async def author(backend: Backend, workspace: UUID, nick: str) -> UUID:
    found = await imported_authors(backend, workspace_id=workspace, system="irc", nicks=[nick])
    return found.ids[nick]


def posts_of(author_id: UUID, *sources: str) -> list[ImportedPost]:
    return [
        ImportedPost(author_id, uuid5(author_id, f"{number} {source}"), LONG_AGO + timedelta(minutes=number), source)
        for number, source in enumerate(sources)
    ]


async def stored(backend: Backend, channel: UUID) -> list[Message]:
    async with backend.database.session() as session:
        query = select(Message).where(Message.channel_id == channel).order_by(Message.seq)
        return list(await session.scalars(query))


async def counters(backend: Backend, channel: UUID) -> tuple[int, int, int]:
    async with backend.database.session() as session:
        found = (await session.scalars(select(Channel).where(Channel.id == channel))).one()
        return found.last_seq, found.last_post_seq, found.rev


async def people_named(backend: Backend, name: str) -> list[User]:
    async with backend.database.session() as session:
        return list(await session.scalars(select(User).where(User.display_name == name).order_by(User.id)))


async def test_imported_messages_follow_what_is_there_and_keep_their_times(team: Team) -> None:
    await team.say(team.member, team.general)
    ada = await author(team.backend, team.workspace, "ada")
    assert await store_posts(team.backend, channel_id=team.general, posts=posts_of(ada, "a *b*", "c")) == 2
    await team.say(team.member, team.general, "after")
    messages = await stored(team.backend, team.general)
    assert [(m.seq, m.rev, m.source) for m in messages] == [
        (1, 1, "hello"), (2, 2, "a *b*"), (3, 3, "c"), (4, 4, "after"),
    ]  # fmt: skip
    assert [m.created_at for m in messages[1:3]] == [LONG_AGO, LONG_AGO + timedelta(minutes=1)]
    assert messages[1].html == render("a *b*").html
    assert await counters(team.backend, team.general) == (4, 4, 4)


async def test_the_same_posts_again_or_twice_in_one_batch_are_stored_once(team: Team) -> None:
    ada = await author(team.backend, team.workspace, "ada")
    posts = posts_of(ada, "one", "two")
    assert await store_posts(team.backend, channel_id=team.general, posts=[*posts, *posts]) == 2
    before = await counters(team.backend, team.general)
    assert await store_posts(team.backend, channel_id=team.general, posts=posts) == 0
    assert await counters(team.backend, team.general) == before
    assert await store_posts(team.backend, channel_id=team.general, posts=posts_of(ada, "one", "two", "three")) == 1
    assert [m.source for m in await stored(team.backend, team.general)] == ["one", "two", "three"]


async def test_a_deleted_message_does_not_come_back(team: Team) -> None:
    ada = await author(team.backend, team.workspace, "ada")
    await store_posts(team.backend, channel_id=team.general, posts=posts_of(ada, "one"))
    (message,) = await stored(team.backend, team.general)
    await delete_message(team.backend, actor=team.owner, message_id=message.id)
    assert await store_posts(team.backend, channel_id=team.general, posts=posts_of(ada, "one")) == 0
    (message,) = await stored(team.backend, team.general)
    assert message.deleted_at is not None


async def test_one_text_that_cannot_be_stored_keeps_its_batch_out(team: Team) -> None:
    ada = await author(team.backend, team.workspace, "ada")
    with refused(ErrorCode.INVALID_TEXT, field="message", limit=16_383, actual=2):
        await store_posts(team.backend, channel_id=team.general, posts=posts_of(ada, "fine", "a\x00"))
    assert await stored(team.backend, team.general) == []
    assert await counters(team.backend, team.general) == (0, 0, 0)


async def test_a_channel_that_is_not_there_takes_nothing(team: Team) -> None:
    ada = await author(team.backend, team.workspace, "ada")
    with refused(ErrorCode.NOT_FOUND):
        await store_posts(team.backend, channel_id=new_id(), posts=posts_of(ada, "lost"))


async def test_imports_and_senders_at_once_leave_no_gap_and_nothing_twice(team: Team) -> None:
    async def bring(nick: str) -> None:
        ada = await author(team.backend, team.workspace, nick)
        posts = posts_of(ada, *(f"{nick} {number}" for number in range(40)))
        for start in range(0, 40, 10):
            await store_posts(team.backend, channel_id=team.general, posts=posts[start : start + 10])

    sends = [team.say(team.member, team.general, f"live {number}") for number in range(20)]
    await asyncio.gather(bring("ada"), bring("ada"), bring("bob"), *sends)
    messages = await stored(team.backend, team.general)
    assert [m.seq for m in messages] == list(range(1, 101))
    assert len({m.source for m in messages}) == 100
    assert [m.source for m in messages if m.source.startswith("ada")] == [f"ada {number}" for number in range(40)]
    assert len(await people_named(team.backend, "ada")) == 1


async def test_an_open_tab_is_told_to_catch_up_and_sees_the_authors(team: Team, wire: RecordingWire) -> None:
    tab = connect(team.backend.hub, team.bystander, "tab")
    await open_channel(team.backend, actor=team.bystander, socket_id=tab, channel_id=team.general)
    ada = await author(team.backend, team.workspace, "ada")
    await store_posts(team.backend, channel_id=team.general, posts=posts_of(ada, "hi"))
    (head,) = wire.heard_by(tab, "head")
    # what a server in another process says with its next heads
    assert (await read_heads(team.backend, [channel_room(team.general)]))[channel_room(team.general)] == [
        {key: head[key] for key in ("k", "ch", "rev")}
    ]
    await open_channel(team.backend, actor=team.bystander, socket_id=tab, channel_id=team.general, since_rev=0)
    page = wire.heard_by(tab, "page")[-1]
    assert page["rev"] == head["rev"]
    assert [(user["id"], user["name"]) for user in page["us"]] == [(str(ada), "ada")]


async def test_sidebars_are_told_of_a_finished_import(team: Team, wire: RecordingWire) -> None:
    tab = connect(team.backend.hub, team.member, "tab")
    await enter_workspace(team.backend, actor=team.member, socket_id=tab, workspace_id=team.workspace)
    known = wire.heard_by(tab, "sidebar")[-1]["rev"]
    await announce_import(team.backend, workspace_id=team.workspace)
    (head,) = wire.heard_by(tab, "ws_head")
    assert head["rev"] > known
    room = workspace_room(team.workspace)
    assert (await read_heads(team.backend, [room]))[room][0]["rev"] == head["rev"]


async def test_a_nick_is_the_same_person_in_a_workspace_and_another_one_elsewhere(team: Team) -> None:
    first = await imported_authors(team.backend, workspace_id=team.workspace, system="irc", nicks=["ada", "bob"])
    again = await imported_authors(team.backend, workspace_id=team.workspace, system="irc", nicks=["bob", "eve", "Ada"])
    assert (set(first.created), set(again.created)) == ({"ada", "bob"}, {"eve", "Ada"})
    assert again.ids["bob"] == first.ids["bob"]
    elsewhere = await author(team.backend, team.elsewhere, "ada")
    other_system = await imported_authors(team.backend, workspace_id=team.workspace, system="other", nicks=["ada"])
    assert len({first.ids["ada"], again.ids["Ada"], elsewhere, other_system.ids["ada"]}) == 4


async def test_a_nick_never_becomes_somebody_who_is_here(team: Team) -> None:
    async with team.backend.database.transaction() as session:
        session.add(User(id=(real := new_id()), handle="ada", display_name="ada"))
    ada = await author(team.backend, team.workspace, "ada")
    person, imported = await people_named(team.backend, "ada")
    assert (person.id, person.handle, person.kind) == (real, "ada", "person")
    assert (imported.id, imported.handle, imported.kind) == (ada, "ada2", "imported")


async def test_an_imported_author_is_in_nothing_and_cannot_sign_in(team: Team) -> None:
    before = await list_members(team.backend, actor=team.owner, workspace_id=team.workspace)
    ada = await author(team.backend, team.workspace, "ada")
    await store_posts(team.backend, channel_id=team.general, posts=posts_of(ada, "hi"))
    assert await list_members(team.backend, actor=team.owner, workspace_id=team.workspace) == before
    async with team.backend.database.session() as session:
        for table in (Member, ChannelMember, Account):
            assert await session.scalar(select(func.count()).where(table.user_id == ada)) == 0


async def test_nicks_of_any_writing_get_handles(team: Team) -> None:
    nicks = ["|trey|", "__", "Ünï", "日本", "a" * 80, "a" * 79, "robert'); drop table users;--"]
    found = await imported_authors(team.backend, workspace_id=team.workspace, system="irc", nicks=nicks)
    assert list(found.ids) == nicks
    async with team.backend.database.session() as session:
        query = select(User.display_name, User.handle).where(User.kind == "imported").order_by(User.id)
        handles = {row.display_name: row.handle for row in await session.execute(query)}
    assert set(handles) == set(nicks)
    assert len(set(handles.values())) == len(nicks)


async def test_a_channel_is_found_by_its_name_or_made_by_the_owner(team: Team) -> None:
    target = ImportTarget(team.workspace, "Team", team.owner)
    assert await import_channel(team.backend, target=target, name="#General") == team.general
    assert await import_channel(team.backend, target=target, name="secret") == team.secret
    made = await import_channel(team.backend, target=target, name="Old Times")
    assert await import_channel(team.backend, target=target, name="old-times") == made
    async with team.backend.database.session() as session:
        channel = (await session.scalars(select(Channel).where(Channel.id == made))).one()
    assert (channel.kind, channel.name, channel.created_by) == ("public", "old-times", team.owner.user_id)


async def test_targets_are_the_workspaces_with_their_first_owner(team: Team) -> None:
    targets = await list_import_targets(team.backend)
    assert {(target.workspace_id, target.name, target.owner.user_id) for target in targets} == {
        (team.workspace, "Team", team.owner.user_id),
        (team.elsewhere, "Elsewhere", team.outsider.user_id),
    }
