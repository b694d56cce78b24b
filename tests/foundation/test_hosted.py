"""A database as a host gives it: a role that owns it and is no superuser, directly and through a session pooler."""

import asyncio
import os
import secrets
import socket
from collections.abc import Generator
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest

from db.engine import Database
from db.migrate import BOOTSTRAP, known_migrations, migrate
from db.one_of_all import BACKGROUND_LOCK, by_one_of_all
from db.url import with_database
from rxapp.auth.registration import Admission
from rxapp.auth.sessions import actor_of_cookie
from rxapp.errors import ErrorCode
from rxapp.services.accounts import Device, create_account, log_in, log_out
from rxapp.services.backend import make_backend
from rxapp.services.channel_people import add_people, remove_person
from rxapp.services.channels import create_channel
from rxapp.services.history import open_channel, read_older
from rxapp.services.members import add_member
from rxapp.services.messages import send_message
from rxapp.services.sidebar import enter_workspace
from rxapp.services.workspaces import Role, list_workspaces
from tests.live.waiting import until
from tests.pgbouncer import HOW_TO, PROGRAM, session_pooled
from tests.recording_wire import RecordingWire, connect
from tests.refusals import refused
from tests.team import make_person

_numbers = count(1)
DEVICE = Device(address="192.0.2.1", agent="a test", lifetime_days=1)
TCP_OPTIONS = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT, socket.TCP_USER_TIMEOUT)
WORDS = "a quite uncommon sentence"


@pytest.fixture
def hosted_url(fresh_cluster_url: str) -> Generator[str]:
    """A new project's database, with what a host puts into it, as its owner sees it."""
    name, password = f"hosted_{next(_numbers)}", secrets.token_hex(8)
    with psycopg.connect(fresh_cluster_url, autocommit=True) as server:
        server.execute(f"create role {name} login nosuperuser createdb createrole password '{password}'".encode())
        server.execute(f"create database {name} owner {name}".encode())
    with psycopg.connect(with_database(fresh_cluster_url, name), autocommit=True) as database:
        database.execute(BOOTSTRAP.read_bytes())
    host = fresh_cluster_url.partition("?host=")[2]
    yield f"postgresql://{name}:{password}@/{name}?host={host}"
    with psycopg.connect(fresh_cluster_url, autocommit=True) as server:
        server.execute(f"drop database {name} with (force)".encode())


@pytest.fixture(params=["direct", "session-pooled"])
def reached_url(request: pytest.FixtureRequest, hosted_url: str, reachable_dir: Path) -> Generator[str]:
    """The two addresses that DATABASE_URL may have."""
    if request.param == "direct":
        yield hosted_url
        return
    if PROGRAM is None:
        pytest.skip(HOW_TO)
    folder = reachable_dir / f"pgbouncer-{next(_numbers)}"
    folder.mkdir()
    with session_pooled(hosted_url, folder) as url:
        yield url


async def test_a_host_that_vanishes_is_noticed_within_half_a_minute(hosted_url: str, reachable_dir: Path) -> None:
    if PROGRAM is None:
        pytest.skip(HOW_TO)
    folder = reachable_dir / f"pgbouncer-{next(_numbers)}"
    folder.mkdir()
    with session_pooled(hosted_url, folder) as url:
        database = Database.at(url, pool_size=1)
        async with database.engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            with socket.socket(fileno=os.dup(driver.fileno())) as opened:
                tcp = [opened.getsockopt(socket.IPPROTO_TCP, option) for option in TCP_OPTIONS]
                assert opened.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        await database.close()
    idle, interval, probes, unanswered_milliseconds = tcp
    assert idle + interval * probes <= 30
    assert unanswered_milliseconds <= 30_000
    assert unanswered_milliseconds > 0


async def test_a_role_that_is_no_superuser_migrates_and_serves(reached_url: str) -> None:
    assert await asyncio.to_thread(migrate, reached_url) == known_migrations()
    assert await asyncio.to_thread(migrate, reached_url) == []
    database, wire = Database.at(reached_url, pool_size=5), RecordingWire()
    backend = make_backend(database, wire)
    await create_account(
        backend, device=DEVICE, name="Ada", email="ada@example.org", password=WORDS, workspace="Team",
        admission=Admission(),
    )  # fmt: skip
    opened = await log_in(backend, device=DEVICE, email="ada@example.org", password=WORDS)
    ada = await actor_of_cookie(database, opened.token)
    assert ada is not None
    (workspace,) = await list_workspaces(backend, actor=ada)
    secret = await create_channel(backend, actor=ada, workspace_id=workspace["id"], name="secret", private=True)
    bob = await make_person(backend, "Bob")
    await add_member(backend, user_id=bob.user_id, workspace_id=UUID(workspace["id"]), role=Role.MEMBER)
    await add_people(backend, actor=ada, channel_id=secret["id"], user_ids=[str(bob.user_id)])
    for who, tab in ((ada, "ada"), (bob, "bob")):
        connect(backend.hub, who, tab)
        await enter_workspace(backend, actor=who, socket_id=tab, workspace_id=workspace["id"])
        await open_channel(backend, actor=who, socket_id=tab, channel_id=secret["id"])

    async def say(source: str) -> None:
        await send_message(backend, actor=ada, channel_id=secret["id"], client_key=uuid4(), source=source)

    # Often enough that statements are prepared on the server, on several connections at once.
    await asyncio.gather(*(say(f"message {number}") for number in range(30)))
    assert len(wire.heard_by("bob", "new")) == 30
    page = await read_older(backend, actor=bob, channel_id=secret["id"], before_seq=100)
    assert [row["seq"] for row in page["ms"]] == list(range(1, 31))

    await remove_person(backend, actor=ada, channel_id=secret["id"], user_id=str(bob.user_id))
    await say("among ourselves")
    assert len(wire.heard_by("bob", "new")) == 30
    with refused(ErrorCode.NOT_FOUND):
        await read_older(backend, actor=bob, channel_id=secret["id"], before_seq=100)
    await log_out(backend, actor=ada)
    assert wire.closed == ["ada"]
    assert await actor_of_cookie(database, opened.token) is None
    await backend.hub.close()
    await database.close()


async def test_what_lives_as_long_as_a_connection_lives_on(reached_url: str) -> None:
    """The zone, a lock, and an ear for notifications: what a pool of transactions would lose between two of them."""
    await asyncio.to_thread(migrate, reached_url)
    database, began = Database.at(reached_url, pool_size=2), asyncio.Event()

    async def work() -> None:
        began.set()
        await asyncio.Event().wait()

    async with database.session() as session:
        zone = await session.connection()
        assert (await zone.exec_driver_sql("show time zone")).scalar() == "UTC"
    task = asyncio.create_task(by_one_of_all(database.engine, work, lock=BACKGROUND_LOCK))
    await until(began.is_set, "the lock is taken")
    async with await psycopg.AsyncConnection.connect(reached_url, autocommit=True) as other:
        taken = await other.execute("select pg_try_advisory_lock(%s)", (BACKGROUND_LOCK,))
        assert await taken.fetchone() == (False,)
        await other.execute("listen news")
        async with await psycopg.AsyncConnection.connect(reached_url, autocommit=True) as speaker:
            await speaker.execute("notify news, 'said'")
        async for notice in other.notifies(timeout=30, stop_after=1):
            assert notice.payload == "said"
            break
        else:
            raise AssertionError("nothing was heard")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await database.close()
