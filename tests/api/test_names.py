"""Names over HTTP."""

from rxapp.errors import ErrorCode
from rxapp.services.names import NAMES_LIMIT
from tests.api.answers import code_of, refusal_of
from tests.api.conftest import Visitor, session_of
from tests.team import Team


async def test_names_are_told_of_what_one_may_see(visitor: Visitor, team: Team) -> None:
    path = f"/api/workspaces/{team.workspace}/names"
    mia = visitor(cookie=await session_of(team.backend, team.member))
    ben = visitor(cookie=await session_of(team.backend, team.bystander))
    asked = {"users": f"{team.admin.user_id},x,{team.outsider.user_id}", "channels": f"{team.general},{team.secret}"}
    told = (await mia.get(path, params=asked)).json()
    assert [user["name"] for user in told["us"]] == ["Abe"]
    assert {channel["name"] for channel in told["cs"]} == {"general", "secret"}
    told = (await ben.get(path, params=asked)).json()
    assert [channel["name"] for channel in told["cs"]] == ["general"]
    assert "secret" not in str(told)
    assert (await mia.get(path)).json() == {"us": [], "cs": []}
    many = ",".join(["x"] * (NAMES_LIMIT + 1))
    assert refusal_of(await mia.get(path, params={"users": many})) == (ErrorCode.INVALID_REQUEST, {"field": "users"})
    otto = visitor(cookie=await session_of(team.backend, team.outsider))
    assert code_of(await otto.get(path, params=asked)) is ErrorCode.NOT_FOUND
    assert code_of(await visitor().get(path, params=asked)) is ErrorCode.NOT_SIGNED_IN
