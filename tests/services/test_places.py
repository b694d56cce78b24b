"""Finding where to go, errors of typing included."""

import pytest

from db.models import User, new_id
from rxapp.errors import ErrorCode
from rxapp.services.channels import create_channel
from rxapp.services.members import add_member
from rxapp.services.places import PLACES_LIMIT, find_places
from rxapp.services.workspaces import Role
from tests.refusals import refused
from tests.team import Team


async def names(team: Team, search: object, who: str = "member") -> tuple[list[str], list[str]]:
    found = await find_places(team.backend, actor=getattr(team, who), workspace_id=team.workspace, search=search)
    return [view["name"] for view in found["channels"]], [view["name"] for view in found["people"]]


async def members(team: Team, *names: str) -> None:
    ids = {new_id(): name for name in names}
    async with team.backend.database.transaction() as session:
        session.add_all(User(id=id_, handle=f"zo.{id_.hex[-10:]}", display_name=name) for id_, name in ids.items())
    for id_ in ids:
        await add_member(team.backend, user_id=id_, workspace_id=team.workspace, role=Role.MEMBER)


@pytest.mark.parametrize("who", ["ex_member", "outsider"])
async def test_strangers_find_nothing(team: Team, who: str) -> None:
    with refused(ErrorCode.NOT_FOUND):
        await names(team, "general", who)


async def test_a_private_channel_is_found_by_its_people_only(team: Team) -> None:
    assert await names(team, "secret", "member") == (["secret"], [])
    assert await names(team, "secret", "bystander") == ([], [])
    assert await names(team, "secret", "owner") == ([], [])


@pytest.mark.parametrize("typed", ["general", "gen", "#general", "GENERAL", "genral", "generla", "neral"])
async def test_a_channel_is_found_by_its_beginning_by_a_part_and_with_errors(team: Team, typed: str) -> None:
    assert (await names(team, typed))[0] == ["general"]


@pytest.mark.parametrize("typed", ["zoë", "ZOË L", "lindqvist", "lindkvist", "@zo"])
async def test_a_person_is_found_by_name_and_handle_and_with_errors(team: Team, typed: str) -> None:
    await members(team, "Zoë Lindqvist")
    assert await names(team, typed) == ([], ["Zoë Lindqvist"])


async def test_the_best_come_first(team: Team) -> None:
    for name in ("old-design", "design", "desing-typo", "cooking"):
        await create_channel(team.backend, actor=team.owner, workspace_id=team.workspace, name=name)
    assert (await names(team, "design", "owner"))[0] == ["design", "old-design", "desing-typo"]


@pytest.mark.parametrize("typed", ["", "  ", "#", "@", "xqzv"])
async def test_nothing_is_like_nothing(team: Team, typed: str) -> None:
    assert await names(team, typed) == ([], [])


@pytest.mark.parametrize("typed", ["%", "_", "\\", "__"])
async def test_marks_of_patterns_are_letters_like_others(team: Team, typed: str) -> None:
    assert await names(team, typed) == ([], [])


async def test_no_more_than_a_page_comes(team: Team) -> None:
    await members(team, *["Kim"] * (PLACES_LIMIT + 5))
    assert len((await names(team, "kim"))[1]) == PLACES_LIMIT


@pytest.mark.parametrize(
    ("typed", "code", "told"),
    [
        ("x" * 251, ErrorCode.TOO_LONG, {"limit": 250, "actual": 251}),
        ("a\0", ErrorCode.INVALID_TEXT, {"limit": 250, "actual": 2}),
        ("\ud800", ErrorCode.INVALID_TEXT, {"limit": 250, "actual": 1}),
        (7, ErrorCode.INVALID_REQUEST, {}),
    ],
)
async def test_what_is_no_search_is_refused(team: Team, typed: object, code: ErrorCode, told: dict[str, int]) -> None:
    with refused(code, field="search", **told):
        await names(team, typed)
