"""Registration: the first account owns the installation, after it people come by invitation."""

import asyncio

import pytest
from sqlalchemy import text

from db.engine import Database
from rxapp.auth.identity import LocalIdentity, reset_password
from rxapp.auth.registration import is_empty, is_open
from rxapp.auth.setup import setup_token
from rxapp.errors import ConfabError, ErrorCode
from tests.auth.people import ADDRESS, PASSWORD, change, come, make_invitation, read
from tests.refusals import refused

COUNT_USERS = "select count(*) from public.users"
OWNER = "select owner_id from private.installation"


async def test_after_the_first_account_nobody_comes_without_an_invitation(database: Database) -> None:
    assert await is_empty(database)
    owner = await come(database, "Ada")
    with refused(ErrorCode.REGISTRATION_CLOSED):
        await come(database, "Bob")
    assert not await is_empty(database)
    assert await read(database, OWNER) == owner
    assert await read(database, COUNT_USERS) == 1


async def test_two_first_registrations_at_once_give_one_owner_and_one_refusal(database: Database) -> None:
    answers = await asyncio.gather(come(database, "Ada"), come(database, "Bob"), return_exceptions=True)
    refusals = [answer.code for answer in answers if isinstance(answer, ConfabError)]
    assert refusals == [ErrorCode.REGISTRATION_CLOSED]
    assert await read(database, OWNER) in answers
    assert await read(database, COUNT_USERS) == 1


@pytest.mark.parametrize("token", ["x", "\x00", "\ud800", "x" * 1_000_000])
async def test_an_unknown_invitation_lets_nobody_in(database: Database, token: str) -> None:
    await come(database, "Ada")
    with refused(ErrorCode.INVITATION_INVALID):
        await come(database, "Bob", invitation=token)


@pytest.mark.parametrize(
    "ending",
    [
        "update private.invitations set revoked_at = now()",
        "update private.invitations set expires_at = now()",
        "update public.workspaces set deleted_at = now()",
    ],
)
async def test_an_invitation_that_ended_lets_nobody_in_even_where_registration_is_open(
    database: Database, ending: str
) -> None:
    await come(database, "Ada")
    token = await make_invitation(database)
    await change(database, ending)
    await change(database, "update private.installation set registration = 'open'")
    with refused(ErrorCode.INVITATION_INVALID):
        await come(database, "Bob", invitation=token)


async def test_an_invitation_lets_people_in_and_makes_no_owner(database: Database) -> None:
    owner = await come(database, "Ada")
    token = await make_invitation(database)
    for name in ("Bob", "Cid"):
        await come(database, name, invitation=token)
    assert await read(database, OWNER) == owner


async def test_anybody_comes_where_the_owner_opened_registration(database: Database) -> None:
    owner = await come(database, "Ada")
    await change(database, "update private.installation set registration = 'open'")
    assert await is_open(database)
    await come(database, "Bob")
    assert await read(database, OWNER) == owner


async def test_who_may_not_come_in_learns_nothing_about_addresses_and_passwords(database: Database) -> None:
    await come(database, "Ada")
    for name, password in (("Ada", PASSWORD), ("Bob", "weak"), ("not an address", PASSWORD)):
        with refused(ErrorCode.REGISTRATION_CLOSED):
            await come(database, name, password=password)


async def test_an_address_is_taken_in_any_case_and_once_also_by_two_at_once(database: Database) -> None:
    await come(database, "Ada")
    token = await make_invitation(database)
    with refused(ErrorCode.EMAIL_TAKEN):
        await come(database, "ADA", invitation=token)
    answers = await asyncio.gather(
        *(come(database, name, invitation=token) for name in ("Bob", "bob", "BOB")), return_exceptions=True
    )
    refusals = [answer.code for answer in answers if isinstance(answer, ConfabError)]
    assert refusals == [ErrorCode.EMAIL_TAKEN] * 2
    assert await read(database, COUNT_USERS) == 2


async def test_a_set_up_link_is_demanded_where_other_machines_reach_an_empty_installation(
    database: Database,
) -> None:
    old = await setup_token(database, host="0.0.0.0")
    token = await setup_token(database, host="0.0.0.0")
    assert old and token
    for wrong in ("", "x", old, "\ud800"):
        with refused(ErrorCode.SETUP_LINK_REQUIRED):
            await come(database, "Ada", setup=wrong)
    owner = await come(database, "Ada", setup=token)
    assert await read(database, OWNER) == owner


async def test_a_set_up_link_works_once(database: Database) -> None:
    token = await setup_token(database, host="0.0.0.0") or ""
    await come(database, "Ada", setup=token)
    with refused(ErrorCode.REGISTRATION_CLOSED):
        await come(database, "Bob", setup=token)
    assert await read(database, "select setup_token_hash from private.installation") is None
    assert await setup_token(database, host="0.0.0.0") is None


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.2.1", "::1", "[::1]", "localhost"])
async def test_on_this_machine_no_set_up_link_is_needed_and_an_old_one_is_taken_back(
    database: Database, host: str
) -> None:
    await setup_token(database, host="0.0.0.0")
    assert await setup_token(database, host=host) is None
    await come(database, "Ada")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "chat.example.org", ""])
async def test_an_address_that_others_may_reach_needs_a_set_up_link(database: Database, host: str) -> None:
    assert await setup_token(database, host=host)
    with refused(ErrorCode.SETUP_LINK_REQUIRED):
        await come(database, "Ada")


async def test_the_set_up_token_is_stored_as_a_hash_only(database: Database) -> None:
    token = await setup_token(database, host="0.0.0.0")
    assert token
    assert token not in str(await read(database, "select installation::text from private.installation"))


async def test_people_of_one_name_get_handles_of_their_own(database: Database) -> None:
    await come(database, "Ada")
    await change(database, "update private.installation set registration = 'open'")
    for number in range(2, 5):
        await come(database, "Ada", email=f"ada{number}@example.org")
    handles = await read(database, "select array_agg(handle order by handle) from public.users")
    assert handles == ["ada", "ada2", "ada3", "ada4"]


async def test_people_of_one_name_who_come_at_once_get_handles_of_their_own(database: Database) -> None:
    await come(database, "Bob")
    await change(database, "update private.installation set registration = 'open'")
    await asyncio.gather(*(come(database, "Ada", email=f"ada{number}@example.org") for number in range(3)))
    handles = await read(database, "select array_agg(handle order by handle) from public.users")
    assert handles == ["ada", "ada2", "ada3", "bob"]


async def test_a_handle_that_somebody_takes_at_that_moment_is_left_to_them(database: Database) -> None:
    await come(database, "Bob")
    await change(database, "update private.installation set registration = 'open'")
    async with database.transaction() as session:
        await session.execute(text("update public.users set handle = 'ada'"))
        coming = asyncio.create_task(come(database, "Ada"))
        while not await read(database, "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"):
            assert not coming.done()
    ada = await coming
    assert await read(database, "select handle from public.users where id = :ada", ada=ada) == "ada2"


@pytest.mark.parametrize("email", ["İda@example.org", "ΟΔΟΣ@example.org", "Straẞe@example.org"])
async def test_an_address_whose_small_letters_are_a_matter_of_taste_is_one_account(
    database: Database, email: str
) -> None:
    ada = await come(database, "Ada", email=email)
    await change(database, "update private.installation set registration = 'open'")
    with refused(ErrorCode.EMAIL_TAKEN):
        await come(database, "Bob", email=email)
    proved = await LocalIdentity(database).prove(email=email, password=PASSWORD, address=ADDRESS)
    assert proved == ada
    assert await reset_password(database, email=email, password=f"{PASSWORD} again") == ada


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Ada Lovelace", "ada.lovelace"),
        ("Zoë", "zoe"),
        ("' or 1=1 --", "or.1.1"),
        ("計画", "person"),
        ("👩‍👩‍👧", "person"),
        ("-_.", "person"),
        ("0", "0"),
        ("a" * 80, "a" * 20),
    ],
)
async def test_any_name_gives_a_handle_that_fits(database: Database, name: str, handle: str) -> None:
    await come(database, name, email="ada@example.org")
    assert await read(database, "select handle from public.users") == handle
