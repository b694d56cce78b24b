"""The directory: who reads it, what is found, and that pages follow each other whatever happens between them."""

import pytest
from sqlalchemy import text

from db.models import Member, User, new_id
from rxapp.errors import ConfabError, ErrorCode
from rxapp.services.directory import DIRECTORY_PAGE, read_directory
from tests import hostile
from tests.refusals import refused
from tests.team import Team


async def names(team: Team, **asked: object) -> list[str]:
    page = await read_directory(team.backend, actor=team.bystander, workspace_id=team.workspace, **asked)
    return [member["name"] for member in page["members"]]


async def crowd(team: Team, count: int) -> None:
    """So many members more, all of one name."""
    people = [User(id=new_id(), handle=f"twin{number}", display_name="Twin") for number in range(count)]
    async with team.backend.database.transaction() as session:
        session.add_all(people)
        await session.flush()
        session.add_all(Member(workspace_id=team.workspace, user_id=user.id, role="member") for user in people)


@pytest.mark.parametrize("who", ["ex_member", "outsider"])
async def test_strangers_read_no_directory(team: Team, who: str) -> None:
    for workspace_id in (team.workspace, new_id(), "nonsense"):
        with refused(ErrorCode.NOT_FOUND):
            await read_directory(team.backend, actor=getattr(team, who), workspace_id=workspace_id)


async def test_members_come_by_name_with_title_and_role(team: Team) -> None:
    async with team.backend.database.transaction() as session:
        await session.execute(text("update users set title = 'Captain' where display_name = 'Olga'"))
    page = await read_directory(team.backend, actor=team.member, workspace_id=team.workspace)
    assert [(member["name"], member["role"], member["title"]) for member in page["members"]] == [
        ("Abe", "admin", ""),
        ("Ben", "member", ""),
        ("Mia", "member", ""),
        ("Olga", "owner", "Captain"),
    ]
    assert page["after"] == ""


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("  LG ", ["Olga"]),
        ("n", ["Ben"]),
        ("ben.", ["Ben"]),
        ("@olga", ["Olga"]),
        ("@", ["Abe", "Ben", "Mia", "Olga"]),
        ("ship's", ["Mia"]),
        ("@ship's", []),
        ("%", []),
        ("_", []),
        ("eve", []),
    ],
)
async def test_a_search_finds_parts_of_names_handles_and_titles(team: Team, search: str, found: list[str]) -> None:
    async with team.backend.database.transaction() as session:
        await session.execute(text("update users set title = 'The ship''s cook' where display_name = 'Mia'"))
    assert await names(team, search=search) == found


async def test_pages_follow_each_other_without_a_gap_or_a_repetition(team: Team) -> None:
    await crowd(team, 2 * DIRECTORY_PAGE)
    seen, after = [], ""
    for _ in range(3):
        page = await read_directory(team.backend, actor=team.member, workspace_id=team.workspace, after=after)
        seen += [member["id"] for member in page["members"]]
        after = page["after"]
        # Who was the last on the page leaves, and is called otherwise: the place in the list stays.
        async with team.backend.database.transaction() as session:
            last = {"id": seen[-1]}
            await session.execute(text("delete from members where user_id = :id"), last)
            await session.execute(text("update users set display_name = 'Aaron' where id = :id"), last)
    assert after == ""
    assert len(seen) == len(set(seen)) == 2 * DIRECTORY_PAGE + 4


@pytest.mark.parametrize("after", ["x", "%%%", "YQ==", "4pyT" * 9, "\ud800", "9" * 5000, 7, ["x"]])
async def test_a_cursor_that_nobody_was_given_is_refused(team: Team, after: object) -> None:
    with refused(ErrorCode.INVALID_REQUEST, field="after"):
        await names(team, after=after)


@pytest.mark.parametrize("search", ["nul", "lone surrogate"])
async def test_a_search_that_is_no_text_is_refused(team: Team, search: str) -> None:
    with pytest.raises(ConfabError) as caught:
        await names(team, search=hostile.TEXTS[search])
    assert caught.value.code is ErrorCode.INVALID_TEXT
