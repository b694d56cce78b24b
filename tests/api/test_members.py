"""The directory over HTTP."""

from rxapp.errors import ErrorCode
from tests.api.answers import code_of
from tests.api.conftest import Visitor, session_of
from tests.team import Team


async def test_the_directory_is_searched_and_paged(visitor: Visitor, team: Team) -> None:
    mia = visitor(cookie=await session_of(team.backend, team.member))
    path = f"/api/workspaces/{team.workspace}/members"
    page = (await mia.get(path)).json()
    assert ([member["name"] for member in page["members"]], page["after"]) == (["Abe", "Ben", "Mia", "Olga"], "")
    assert set(page["members"][0]) == {"id", "rev", "name", "handle", "hue", "kind", "title", "role"}
    assert [member["name"] for member in (await mia.get(path, params={"search": "lg"})).json()["members"]] == ["Olga"]
    assert code_of(await mia.get(path, params={"after": "nonsense"})) is ErrorCode.INVALID_REQUEST
