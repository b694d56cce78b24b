"""Whatever is typed: a refusal with a clear code, or it is stored and shown as what it is."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from db.models import new_id
from rxapp.errors import ConfabError, ErrorCode
from rxapp.services.channel_people import add_people, list_people, remove_person
from rxapp.services.channels import create_channel, list_channels, rename_channel
from rxapp.services.invitations import accept_invitation
from rxapp.services.members import list_members, remove_member
from rxapp.services.messages import edit_message, read_source, send_message
from rxapp.services.sidebar import read_sidebar
from rxapp.services.workspaces import rename_workspace
from tests.hostile import TEXTS, VALUES
from tests.refusals import refused
from tests.team import Team

REFUSALS = {ErrorCode.EMPTY, ErrorCode.TOO_LONG, ErrorCode.INVALID_TEXT}
ACTIVE = ("<script", "<img src=x", 'href="javascript', 'href="java&', 'src="data')
COUNT_USERS = text("select count(*) from public.users")
Use = Callable[[Team, object], Awaitable[object]]


async def name_channel(team: Team, value: object) -> object:
    view = await create_channel(team.backend, actor=team.owner, workspace_id=team.workspace, name=value)
    return view["name"]


async def set_topic(team: Team, value: object) -> object:
    await rename_channel(team.backend, actor=team.owner, channel_id=team.general, name="general", topic=value)
    op = await read_sidebar(team.backend, actor=team.owner, workspace_id=team.workspace)
    return op["channels"][0]["c"]["topic"]


async def name_workspace(team: Team, value: object) -> object:
    await rename_workspace(team.backend, actor=team.owner, workspace_id=team.workspace, name=value)
    return (await read_sidebar(team.backend, actor=team.owner, workspace_id=team.workspace))["w"]["name"]


LINES: list[Use] = [name_channel, set_topic, name_workspace]


async def send(team: Team, value: object) -> str:
    view = await send_message(
        team.backend, actor=team.member, channel_id=team.general, client_key=new_id(), source=value
    )
    return str(view["html"])


async def edit(team: Team, value: object) -> str:
    message = await team.say(team.member, team.general)
    return str((await edit_message(team.backend, actor=team.member, message_id=message["id"], source=value))["html"])


async def search_channels(team: Team, value: object) -> object:
    return await list_channels(team.backend, actor=team.member, workspace_id=team.workspace, search=value)


async def page_channels(team: Team, value: object) -> object:
    return await list_channels(team.backend, actor=team.member, workspace_id=team.workspace, after=value)


async def search_members(team: Team, value: object) -> object:
    return await list_members(team.backend, actor=team.member, workspace_id=team.workspace, search=value)


SEARCHES: list[Use] = [search_channels, page_channels, search_members]


async def people_of(team: Team, value: object) -> object:
    return await list_people(team.backend, actor=team.member, channel_id=value)


async def add(team: Team, value: object) -> None:
    await add_people(team.backend, actor=team.member, channel_id=team.general, user_ids=[value])


async def remove(team: Team, value: object) -> None:
    await remove_member(team.backend, actor=team.owner, workspace_id=team.workspace, user_id=value)


async def take_out(team: Team, value: object) -> None:
    await remove_person(team.backend, actor=team.owner, channel_id=team.general, user_id=value)


async def source_of(team: Team, value: object) -> object:
    return await read_source(team.backend, actor=team.member, message_id=value)


IDS: list[Use] = [people_of, add, remove, take_out, source_of]


async def nothing_is_lost(team: Team) -> None:
    """The tables are there, and so is everybody."""
    async with team.backend.database.session() as session:
        assert await session.scalar(COUNT_USERS) == 6


@pytest.mark.parametrize("use", LINES)
async def test_a_name_is_refused_or_stored_on_one_line_without_tricks(team: Team, use: Use) -> None:
    for kind, value in TEXTS.items():
        try:
            stored = str(await use(team, value))
        except ConfabError as error:
            assert error.code in REFUSALS, kind
            assert error.parameters["limit"] in (80, 250), kind
            continue
        assert stored, kind
        assert len(stored) <= 250, kind
        assert not set(stored) & set("\x00\n\ud800\u202e\u2066"), kind
    await nothing_is_lost(team)


@pytest.mark.parametrize("use", [send, edit])
async def test_a_message_is_refused_or_shown_as_harmless(team: Team, use: Use) -> None:
    for kind, value in TEXTS.items():
        try:
            html = str(await use(team, value))
        except ConfabError as error:
            assert error.code in REFUSALS, kind
            continue
        assert html, kind
        assert not [active for active in ACTIVE if active in html.lower()], (kind, html[:200])
    await nothing_is_lost(team)


@pytest.mark.parametrize("use", SEARCHES)
async def test_a_search_is_refused_or_finds_what_it_says(team: Team, use: Use) -> None:
    for kind, value in TEXTS.items():
        try:
            await use(team, value)
        except ConfabError as error:
            assert error.code in REFUSALS, kind
    await nothing_is_lost(team)


@pytest.mark.parametrize("use", IDS)
async def test_a_text_or_a_value_that_is_no_id_is_absent(team: Team, use: Use) -> None:
    for value in (*TEXTS.values(), *VALUES):
        with refused(ErrorCode.NOT_FOUND):
            await use(team, value)
    await nothing_is_lost(team)


@pytest.mark.parametrize("use", [*LINES, send, edit, *SEARCHES])
async def test_a_value_that_is_no_text_is_not_understood(team: Team, use: Use) -> None:
    for value in VALUES:
        with pytest.raises(ConfabError) as caught:
            await use(team, value)
        assert caught.value.code is ErrorCode.INVALID_REQUEST


async def test_a_key_that_is_none_is_not_understood(team: Team) -> None:
    for key in (*TEXTS.values(), *VALUES):
        with refused(ErrorCode.INVALID_REQUEST, field="client_key"):
            await send_message(team.backend, actor=team.member, channel_id=team.general, client_key=key, source="hello")


async def test_an_invitation_of_any_text_lets_nobody_in(team: Team) -> None:
    for value in TEXTS.values():
        with refused(ErrorCode.INVITATION_INVALID):
            await accept_invitation(team.backend, actor=team.outsider, token=value)
