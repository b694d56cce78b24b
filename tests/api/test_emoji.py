"""The list of emoji over HTTP."""

from rxapp.errors import ErrorCode
from rxapp.markup import emoji_by_name
from tests.api.answers import code_of
from tests.api.conftest import Visitor, session_of
from tests.team import Team


async def test_the_list_says_what_the_renderer_knows_and_is_fetched_once(visitor: Visitor, team: Team) -> None:
    async with visitor(cookie=await session_of(team.backend, team.member)) as mia:
        answer = await mia.get("/api/emoji")
        assert answer.status_code == 200
        assert "max-age" in answer.headers["cache-control"]
        listed = {name: character for character, *names in answer.json()["emoji"] for name in names}
        assert listed == emoji_by_name()
        assert {name: listed[name] for name in ("+1", "tada", "smile", "cat", "flag-de")} == {
            "+1": "👍",
            "tada": "🎉",
            "smile": "😄",
            "cat": "🐱",
            "flag-de": "🇩🇪",
        }
        again = await mia.get("/api/emoji", headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    assert code_of(await visitor().get("/api/emoji")) is ErrorCode.NOT_SIGNED_IN
