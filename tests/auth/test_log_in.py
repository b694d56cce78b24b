"""Logging in: one answer for unknown and wrong, and how often one may be wrong."""

import asyncio

import pytest

from db.engine import Database
from rxapp.auth.attempts import ACCOUNT_ATTEMPTS_PER_WINDOW, ADDRESS_ATTEMPTS_PER_WINDOW, WINDOW_SECONDS
from rxapp.auth.identity import LocalIdentity, reset_password
from rxapp.auth.passwords import AT_ONCE
from rxapp.errors import ConfabError, ErrorCode
from tests.auth.people import ADDRESS, PASSWORD, change, come, read
from tests.refusals import refused

MINUTES = WINDOW_SECONDS // 60
COUNT_ATTEMPTS = "select count(*) from private.attempts"


async def guess(identity: LocalIdentity, password: str = "wrong", *, email: str = "Ada@example.org") -> object:
    return await identity.prove(email=email, password=password, address=ADDRESS)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("Ada@example.org", "wrong"),
        ("Ada@example.org", ""),
        ("Ada@example.org", PASSWORD + " "),
        ("Ada@example.org", PASSWORD.upper()),
        ("nobody@example.org", PASSWORD),
        ("", PASSWORD),
        ("not an address", PASSWORD),
        ("' or 1=1 --", PASSWORD),
        ("Ada@example.org\x00x", PASSWORD),
        ("\ud800@example.org", PASSWORD),
        ("Ada@example.org", "\ud800"),
        ("a" * 1_000_000, "b" * 1_000_000),
    ],
)
async def test_unknown_and_wrong_have_one_answer_and_are_both_counted(
    database: Database, identity: LocalIdentity, email: str, password: str
) -> None:
    await come(database)
    with refused(ErrorCode.WRONG_CREDENTIALS):
        await guess(identity, password, email=email)
    assert await read(database, COUNT_ATTEMPTS) == 2  # the account's and the address's


@pytest.mark.parametrize("email", ["Ada@example.org", "  ada@EXAMPLE.org\n"])
async def test_the_right_password_proves_who_one_is(database: Database, identity: LocalIdentity, email: str) -> None:
    user_id = await come(database)
    assert await guess(identity, PASSWORD, email=email) == user_id
    assert await read(database, COUNT_ATTEMPTS) == 0


async def test_who_was_deactivated_is_as_unknown(database: Database, identity: LocalIdentity) -> None:
    await come(database)
    await change(database, "update public.users set deactivated_at = now()")
    with refused(ErrorCode.WRONG_CREDENTIALS):
        await guess(identity, PASSWORD)


async def test_an_account_of_another_provider_has_no_password(database: Database, identity: LocalIdentity) -> None:
    await come(database)
    await change(database, "update private.accounts set password_hash = null")
    for password in ("", PASSWORD, "there is no such account"):
        with refused(ErrorCode.WRONG_CREDENTIALS):
            await guess(identity, password)


@pytest.mark.parametrize("email", ["Ada@example.org", "nobody@example.org"])
async def test_an_account_is_closed_for_a_while_after_too_many_wrong_passwords_whether_it_exists_or_not(
    database: Database, identity: LocalIdentity, email: str
) -> None:
    await come(database)
    for _ in range(ACCOUNT_ATTEMPTS_PER_WINDOW):
        with refused(ErrorCode.WRONG_CREDENTIALS):
            await guess(identity, email=email)
    for password in ("wrong", PASSWORD):
        with refused(ErrorCode.TOO_MANY_ATTEMPTS, minutes=MINUTES):
            await guess(identity, password, email=email.upper())


async def test_guesses_made_at_once_are_counted_too(database: Database, identity: LocalIdentity) -> None:
    await come(database)
    answers = await asyncio.gather(
        *(guess(identity, f"guess {n}") for n in range(4 * ACCOUNT_ATTEMPTS_PER_WINDOW)), return_exceptions=True
    )
    codes = [answer.code for answer in answers if isinstance(answer, ConfabError)]
    assert len(codes) == len(answers)
    # besides those allowed, the ones being checked when the last of them failed
    assert codes.count(ErrorCode.WRONG_CREDENTIALS) < ACCOUNT_ATTEMPTS_PER_WINDOW + AT_ONCE


async def test_an_address_is_closed_after_too_many_failures_and_other_addresses_are_not(
    database: Database, identity: LocalIdentity
) -> None:
    user_id = await come(database)
    await change(
        database,
        "insert into private.attempts (key) select sha256(:key) from generate_series(1, :times)",
        key=f"address:{ADDRESS}".encode(),
        times=ADDRESS_ATTEMPTS_PER_WINDOW,
    )
    with refused(ErrorCode.TOO_MANY_ATTEMPTS, minutes=MINUTES):
        await guess(identity, PASSWORD)
    assert await identity.prove(email="ada@example.org", password=PASSWORD, address="192.0.2.2") == user_id


async def test_failures_of_long_ago_do_not_count_and_are_forgotten(database: Database, identity: LocalIdentity) -> None:
    await come(database)
    for _ in range(ACCOUNT_ATTEMPTS_PER_WINDOW):
        with refused(ErrorCode.WRONG_CREDENTIALS):
            await guess(identity)
    await change(
        database,
        "update private.attempts set attempted_at = attempted_at - make_interval(secs => :window)",
        window=WINDOW_SECONDS + 1,
    )
    with refused(ErrorCode.WRONG_CREDENTIALS):
        await guess(identity)
    assert await read(database, COUNT_ATTEMPTS) == 2


async def test_the_right_password_clears_the_accounts_failures_and_not_the_addresss(
    database: Database, identity: LocalIdentity
) -> None:
    await come(database)
    for _ in range(3):
        with refused(ErrorCode.WRONG_CREDENTIALS):
            await guess(identity)
    await guess(identity, PASSWORD)
    assert await read(database, COUNT_ATTEMPTS) == 3
    for _ in range(ACCOUNT_ATTEMPTS_PER_WINDOW):
        with refused(ErrorCode.WRONG_CREDENTIALS):
            await guess(identity)


async def test_what_is_kept_of_attempts_names_nobody(database: Database, identity: LocalIdentity) -> None:
    with refused(ErrorCode.WRONG_CREDENTIALS):
        await guess(identity)
    kept = str(await read(database, "select string_agg(encode(key, 'escape'), ' ') from private.attempts"))
    assert "ada" not in kept.lower()
    assert ADDRESS not in kept


async def test_an_operator_sets_a_new_password_and_opens_the_account(
    database: Database, identity: LocalIdentity
) -> None:
    user_id = await come(database)
    for _ in range(ACCOUNT_ATTEMPTS_PER_WINDOW):
        with refused(ErrorCode.WRONG_CREDENTIALS):
            await guess(identity)
    assert await reset_password(database, email=" ada@example.org ", password="a new long passphrase") == user_id
    with refused(ErrorCode.WRONG_CREDENTIALS):
        await guess(identity, PASSWORD)
    assert await guess(identity, "a new long passphrase") == user_id


async def test_a_new_password_for_an_unknown_address_or_a_weak_one_is_refused(database: Database) -> None:
    await come(database)
    with refused(ErrorCode.NOT_FOUND):
        await reset_password(database, email="nobody@example.org", password="a new long passphrase")
    with refused(ErrorCode.WEAK_PASSWORD, minimum=8):
        await reset_password(database, email="ada@example.org", password="password1")
