"""What a person does too often is refused before anything is stored; others go on."""

import importlib
import inspect
import pkgutil
from collections.abc import AsyncGenerator, Awaitable, Callable

import pytest
import pytest_asyncio

from db.engine import Database
from db.models import new_id
from rxapp import services
from rxapp.actor import Actor
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
# Parts of other services, and what only requests call, which are counted as such.
UNLIMITED = {
    "admit_to_first_workspace", "describe_self", "home_path", "list_workspaces", "log_out", "place_of", "read_around",
    "read_sidebar", "write_text",
}  # fmt: skip


def verbs() -> dict[str, Callable[..., Awaitable[object]]]:
    """All services that act for somebody."""
    found = {}
    for module in pkgutil.iter_modules(services.__path__, "rxapp.services."):
        for name, function in vars(importlib.import_module(module.name)).items():
            is_own = inspect.iscoroutinefunction(function) and function.__module__ == module.name
            if is_own and name[0] != "_" and {"backend", "actor"} <= set(inspect.signature(function).parameters):
                found[name] = function
    return found


class Nothing(Limits):
    """Empty buckets."""

    def wait_here(self, limit: Limit, key: object) -> float:
        """Never."""
        del limit, key
        return 7


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


def test_every_service_that_a_person_calls_has_a_limit() -> None:
    """By reading: the first thing that each of them does is to take from a bucket."""
    without = sorted(name for name, function in verbs().items() if "limits.take" not in inspect.getsource(function))
    assert without == sorted(UNLIMITED), "take from a bucket of rxapp/live/allowances.py first"


@pytest.mark.parametrize("name", sorted(set(verbs()) - UNLIMITED))
async def test_who_spent_all_is_refused_before_anything_is_looked_at(database: Database, name: str) -> None:
    """Whatever the arguments are, and without a question to the database."""
    function = verbs()[name]
    nobody = Actor(new_id())
    backend = make_backend(database, RecordingWire(), limits=Nothing())
    await database.close()
    arguments = dict.fromkeys(inspect.signature(function).parameters)
    with refused(TOO_MANY, seconds=7):
        await function(**{**arguments, "backend": backend, "actor": nobody})
