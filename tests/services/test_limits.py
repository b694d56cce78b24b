"""What a person does too often is refused before anything is stored; others go on."""

from collections.abc import AsyncGenerator

import pytest_asyncio

from db.engine import Database
from db.models import new_id
from rxapp.errors import ErrorCode
from rxapp.live.allowances import CHANGE, SEND, WORKSPACE_SEND, Limit
from rxapp.live.limits import Limits
from rxapp.services.backend import Backend, make_backend
from rxapp.services.forwarding import forward_message
from rxapp.services.messages import delete_message, edit_message, restore_message, send_message
from tests.recording_wire import RecordingWire
from tests.refusals import refused
from tests.team import Team, make_team

TOO_MANY = ErrorCode.TOO_MANY_REQUESTS


class Spent(Limits):
    """Real buckets that stand still, and that can be emptied."""

    def __init__(self) -> None:
        super().__init__(clock=lambda: 0)

    def spend(self, limit: Limit, key: object) -> None:
        """Take all there is."""
        while not self.wait_here(limit, key):
            pass


@pytest_asyncio.fixture
async def backend(database: Database) -> AsyncGenerator[Backend]:
    made = make_backend(database, RecordingWire(), limits=Spent())
    yield made
    await made.hub.close()


@pytest_asyncio.fixture
async def team(backend: Backend) -> Team:
    return await make_team(backend)


def limits_of(team: Team) -> Spent:
    assert isinstance(team.backend.limits, Spent)
    return team.backend.limits


async def test_who_sends_too_much_is_refused_and_others_are_not(team: Team) -> None:
    for _ in range(SEND.burst):
        await team.say(team.member, team.general)
    with refused(TOO_MANY, seconds=1):
        await team.say(team.member, team.general)
    with refused(TOO_MANY, seconds=1):
        await team.say(team.member, team.secret)
    await team.say(team.owner, team.general)


async def test_what_is_malformed_counts_too(team: Team) -> None:
    for _ in range(SEND.burst):
        with refused(ErrorCode.INVALID_REQUEST, field="client_key"):
            await send_message(
                team.backend, actor=team.member, channel_id=team.general, client_key="no key", source="hello"
            )
    with refused(TOO_MANY, seconds=1):
        await team.say(team.member, team.general)


async def test_a_workspace_has_a_bucket_of_its_own_that_only_its_people_see(team: Team) -> None:
    limits_of(team).spend(WORKSPACE_SEND, team.workspace)
    with refused(TOO_MANY, seconds=1):
        await team.say(team.member, team.general)
    with refused(ErrorCode.NOT_FOUND):
        await team.say(team.outsider, team.general)
    await team.say(team.outsider, team.elsewhere_general)


async def test_editing_deleting_restoring_and_forwarding_share_a_bucket(team: Team) -> None:
    message = await team.say(team.member, team.general)
    limits_of(team).spend(CHANGE, team.member.user_id)
    one = {"actor": team.member, "message_id": message["id"]}
    with refused(TOO_MANY, seconds=1):
        await edit_message(team.backend, source="another", **one)
    with refused(TOO_MANY, seconds=1):
        await delete_message(team.backend, **one)
    with refused(TOO_MANY, seconds=1):
        await restore_message(team.backend, **one)
    with refused(TOO_MANY, seconds=1):
        await forward_message(
            team.backend, channel_id=team.secret, client_key=str(new_id()), comment="", address="http://x", **one
        )
    await delete_message(team.backend, actor=team.owner, message_id=message["id"])
