"""Channels: making, renaming and browsing them."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from db.models import new_id
from rxapp.errors import ConfabError, ErrorCode
from rxapp.live.ops import user_room, workspace_room
from rxapp.services import channels
from rxapp.services.channel_access import access_channel, access_joined_channel
from rxapp.services.channels import check_channel_name, create_channel, list_channels, rename_channel
from tests.recording_wire import RecordingWire
from tests.refusals import refused
from tests.team import Team


async def names(team: Team, who: str, **options: Any) -> list[str]:
    found = await list_channels(team.backend, actor=getattr(team, who), workspace_id=team.workspace, **options)
    return [view["name"] for view in found["channels"]]


@pytest.mark.parametrize(
    ("who", "where", "joined"),
    [
        ("owner", "general", True),
        ("bystander", "general", False),
        ("admin", "secret", True),
        ("member", "secret", True),
        ("owner", "secret", None),
        ("bystander", "secret", None),
        ("ex_member", "general", None),
        ("ex_member", "secret", None),
        ("outsider", "general", None),
        ("outsider", "secret", None),
    ],
)
async def test_who_reads_which_channel_and_who_is_in_it(team: Team, who: str, where: str, joined: bool | None) -> None:
    actor, channel = getattr(team, who), getattr(team, where)
    async with team.backend.database.session() as session:
        if joined is None:
            with refused(ErrorCode.NOT_FOUND):
                await access_channel(session, actor=actor, channel_id=channel)
            with refused(ErrorCode.NOT_FOUND):
                await access_joined_channel(session, actor=actor, channel_id=channel)
            return
        assert (await access_channel(session, actor=actor, channel_id=channel)).joined is joined
        if not joined:
            with refused(ErrorCode.NOT_JOINED):
                await access_joined_channel(session, actor=actor, channel_id=channel)


async def test_what_is_no_id_or_of_a_deleted_workspace_is_absent(team: Team) -> None:
    async with team.backend.database.transaction() as session:
        absent: list[object] = [new_id(), "", "general", None, 7, [], "\ud800", "0" * 1_000_000]
        for channel_id in absent:
            with refused(ErrorCode.NOT_FOUND):
                await access_channel(session, actor=team.owner, channel_id=channel_id)
        await session.execute(text("update public.workspaces set deleted_at = now()"))
        with refused(ErrorCode.NOT_FOUND):
            await access_channel(session, actor=team.owner, channel_id=team.general)


@pytest.mark.parametrize("who", ["ex_member", "outsider"])
async def test_strangers_make_and_list_no_channels(team: Team, who: str) -> None:
    with refused(ErrorCode.NOT_FOUND):
        await create_channel(team.backend, actor=getattr(team, who), workspace_id=team.workspace, name="mine")
    with refused(ErrorCode.NOT_FOUND):
        await names(team, who)


async def test_a_name_is_taken_in_any_case_also_by_a_private_channel_one_cannot_see(team: Team) -> None:
    where = {"ws": str(team.workspace), "channel": str(team.general)}
    for taken, told in (("general", where), ("GENERAL", where), ("#General", where), ("secret", {})):
        with refused(ErrorCode.NAME_TAKEN, name=check_channel_name(taken), **told):
            await create_channel(team.backend, actor=team.bystander, workspace_id=team.workspace, name=taken)


async def test_the_same_name_in_another_workspace_is_free(team: Team) -> None:
    await create_channel(team.backend, actor=team.outsider, workspace_id=team.elsewhere, name="secret")


async def test_two_people_who_make_the_same_channel_at_once_get_one_and_one_refusal(team: Team) -> None:
    answers = await asyncio.gather(
        *(
            create_channel(team.backend, actor=who, workspace_id=team.workspace, name="launch")
            for who in (team.member, team.bystander)
        ),
        return_exceptions=True,
    )
    assert [answer.code for answer in answers if isinstance(answer, ConfabError)] == [ErrorCode.NAME_TAKEN]
    assert (await names(team, "owner")).count("launch") == 1


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("Launch Plan", "launch-plan"), (" ##ops ", "ops"), ("Zürich", "zürich"), ("計画", "計画"), ("👩‍👩‍👧", "👩‍👩‍👧")],
)
def test_a_channel_name_is_stored_without_hash_and_spaces_in_small_letters(typed: str, stored: str) -> None:
    assert check_channel_name(typed) == stored


@pytest.mark.parametrize("typed", ["", "#", " # ", "\u202e", "\u3164"])
def test_a_channel_name_that_shows_nothing_is_refused(typed: str) -> None:
    with pytest.raises(ConfabError) as caught:
        check_channel_name(typed)
    assert caught.value.code is ErrorCode.EMPTY


def test_a_name_that_grows_beyond_the_limit_in_small_letters_is_refused() -> None:
    with refused(ErrorCode.TOO_LONG, field="channel", limit=80, actual=160):
        check_channel_name("\u0130" * 80)


@pytest.mark.parametrize("private", ["on", 1, "false", None, [True]])
async def test_only_true_makes_a_channel_private(team: Team, private: object) -> None:
    view = await create_channel(
        team.backend, actor=team.member, workspace_id=team.workspace, name="plans", private=private
    )
    assert view["kind"] == "public"


async def test_who_makes_a_private_channel_is_in_it_and_nobody_else_sees_it(team: Team) -> None:
    view = await create_channel(
        team.backend, actor=team.bystander, workspace_id=team.workspace, name="plans", private=True
    )
    await team.say(team.bystander, view["id"])
    assert await names(team, "bystander") == ["general", "plans"]
    assert await names(team, "owner") == ["general"]
    with refused(ErrorCode.NOT_FOUND):
        await team.say(team.owner, view["id"])


async def test_channels_are_browsed_page_after_page(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "BROWSE_PAGE_CHANNELS", 2)
    for name in ("alpha", "zeta", "zürich"):
        await create_channel(team.backend, actor=team.bystander, workspace_id=team.workspace, name=name)
    seen, after = [], ""
    for _ in range(3):
        page = await list_channels(team.backend, actor=team.member, workspace_id=team.workspace, after=after)
        seen += [view["name"] for view in page["channels"]]
        after = page["after"]
    assert (seen, after) == (["alpha", "general", "secret", "zeta", "zürich"], "")


async def test_channels_are_listed_by_name_with_who_is_in_them_from_after_a_name(team: Team) -> None:
    for name in ("alpha", "zeta"):
        await create_channel(team.backend, actor=team.bystander, workspace_id=team.workspace, name=name)
    found = await list_channels(team.backend, actor=team.member, workspace_id=team.workspace)
    assert [(view["name"], view["joined"], view["people"]) for view in found["channels"]] == [
        ("alpha", False, 1),
        ("general", True, 3),
        ("secret", True, 2),
        ("zeta", False, 1),
    ]
    assert await names(team, "member", after="General") == ["secret", "zeta"]
    assert await names(team, "member", search=" ALPH ") == ["alpha"]
    assert await names(team, "member", search="%") == []
    assert await names(team, "bystander", search="secret") == []


@pytest.mark.parametrize(
    ("who", "where", "code"),
    [
        ("member", "general", ErrorCode.NOT_ALLOWED),
        ("bystander", "general", ErrorCode.NOT_JOINED),
        ("owner", "secret", ErrorCode.NOT_FOUND),
        ("ex_member", "general", ErrorCode.NOT_FOUND),
        ("ex_member", "secret", ErrorCode.NOT_FOUND),
        ("outsider", "general", ErrorCode.NOT_FOUND),
    ],
)
async def test_who_may_not_rename_a_channel(team: Team, who: str, where: str, code: ErrorCode) -> None:
    with refused(code):
        await rename_channel(
            team.backend, actor=getattr(team, who), channel_id=getattr(team, where), name="mine", topic=""
        )
    assert await names(team, "member") == ["general", "secret"]


async def test_a_new_name_that_is_taken_is_refused_and_nothing_changed(team: Team) -> None:
    with refused(ErrorCode.NAME_TAKEN, name="secret"):
        await rename_channel(team.backend, actor=team.owner, channel_id=team.general, name="Secret", topic="t")
    assert await names(team, "member") == ["general", "secret"]


async def test_a_public_channels_new_name_is_said_to_the_workspace(team: Team, wire: RecordingWire) -> None:
    for who, name in ((team.owner, "lobby"), (team.admin, "hall")):
        await rename_channel(team.backend, actor=who, channel_id=team.general, name=name, topic=" Hello \n there ")
    said = wire.said_in(workspace_room(team.workspace), "channel")
    assert [(op["rev"], op["c"]["rev"], op["c"]["name"], op["c"]["topic"]) for op in said] == [
        (2, 2, "lobby", "Hello there"),
        (3, 3, "hall", "Hello there"),
    ]


async def test_a_purpose_is_kept_until_another_is_given(team: Team, wire: RecordingWire) -> None:
    for purpose in (" What we\nplan ", None, ""):
        await rename_channel(
            team.backend, actor=team.owner, channel_id=team.general, name="general", topic="", purpose=purpose
        )
    said = wire.said_in(workspace_room(team.workspace), "channel")
    assert [op["c"]["purpose"] for op in said] == ["What we plan", ""]


@pytest.mark.parametrize(
    ("purpose", "code"),
    [("x" * 251, ErrorCode.TOO_LONG), ("\ud800", ErrorCode.INVALID_TEXT), (7, ErrorCode.INVALID_REQUEST)],
)
async def test_a_purpose_that_cannot_be_kept_is_refused(team: Team, purpose: object, code: ErrorCode) -> None:
    with pytest.raises(ConfabError) as caught:
        await rename_channel(
            team.backend, actor=team.owner, channel_id=team.general, name="general", topic="", purpose=purpose
        )
    assert caught.value.code is code


async def test_a_private_channels_new_name_is_said_to_its_people_only(team: Team, wire: RecordingWire) -> None:
    await rename_channel(team.backend, actor=team.member, channel_id=team.secret, name="hush", topic="")
    rooms = {room for room, op in wire.said if op["k"] == "channel"}
    assert rooms == {user_room(team.member.user_id), user_room(team.admin.user_id)}
