"""Passwords, addresses and tokens."""

import pytest

from rxapp.auth.identity import check_email
from rxapp.auth.passwords import PASSWORD_MAX_CHARACTERS, _decoy, check_strength, hash_password, verify_password
from rxapp.auth.tokens import hash_token, new_token
from rxapp.errors import ErrorCode
from tests.refusals import refused

ABOUT = ["Ada Lovelace", "ada@example.org"]


@pytest.mark.parametrize(
    "password",
    ["", "a", "1234567", "12345678", "password", "aaaaaaaaaaaa", "Ada Lovelace", "ada@example.org", "qwertyuiop"],
)
def test_a_password_that_is_quickly_guessed_is_refused(password: str) -> None:
    with refused(ErrorCode.WEAK_PASSWORD, minimum=8):
        check_strength(password, about=ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "xK9#mQ2$",
        "密码是一个很长的句子",
        "👩‍👩‍👧🦀🌋🎻🧭🪐",
        "' or 1=1; drop table users --",
        "nul \x00 inside of it",
        "a lone \ud800 surrogate",
        "p" + "x7" * 127,
    ],
)
async def test_any_other_text_is_a_password_and_only_it_opens(password: str) -> None:
    check_strength(password, about=ABOUT)
    password_hash = await hash_password(password)
    assert password_hash.startswith("$argon2id$")
    assert await verify_password(password, password_hash)
    for other in (password[:-1], password + "x", password.swapcase() + " ", ""):
        assert not await verify_password(other, password_hash)


@pytest.mark.parametrize("length", [PASSWORD_MAX_CHARACTERS + 1, 16 * 1024, 1_000_000])
def test_a_password_that_is_too_long_is_refused_before_any_work(length: int) -> None:
    with refused(ErrorCode.PASSWORD_TOO_LONG, limit=PASSWORD_MAX_CHARACTERS):
        check_strength("x" * length, about=ABOUT)


async def test_what_follows_the_longest_password_is_not_overlooked() -> None:
    longest = "p" + "x7" * 127 + "y"
    assert len(longest) == PASSWORD_MAX_CHARACTERS
    password_hash = await hash_password(longest)
    assert await verify_password(longest, password_hash)
    assert not await verify_password(longest + "z", password_hash)


async def test_two_hashes_of_one_password_differ() -> None:
    assert await hash_password("one password") != await hash_password("one password")


async def test_without_an_account_the_same_work_is_done_and_the_answer_is_no() -> None:
    known = await hash_password("known")
    work = slice(1, 4)  # the algorithm, its version and its cost
    assert _decoy().split("$")[work] == known.split("$")[work]
    for password in ("known", "there is no such account"):
        assert not await verify_password(password, None)


@pytest.mark.parametrize("broken", ["", "plain text", "$argon2id$v=19$nonsense", "\x00"])
async def test_a_hash_that_is_none_opens_nothing(broken: str) -> None:
    assert not await verify_password("plain text", broken)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@example",
        "a@b@example.org",
        "ada @example.org",
        "ada@example.org\x00",
        "ada\x00@example.org",
        "\ud800@example.org",
        "ada@\ud800.org",
        "ada@exa\u202emple.org",
        "<script>alert(1)</script>@example.org",
        "javascript:alert(1)",
        "Ada <ada@example.org>",
        "' or 1=1 --@example.org",
        "ada@example.org\nbcc: all@example.org",
        "ada@[127.0.0.1]",
        "ada@" + "a." * 130 + "org",
        "x" * 16_384,
        "ada@" + "x" * 1_000_000,
    ],
)
def test_what_is_no_address_is_refused(email: str) -> None:
    with refused(ErrorCode.EMAIL_INVALID):
        check_email(email)


@pytest.mark.parametrize(
    ("email", "normal"),
    [
        (" ada@EXAMPLE.org ", "ada@example.org"),
        ("o'brien+news@example.co.uk", "o'brien+news@example.co.uk"),
        ("δοκιμή@παράδειγμα.gr", "δοκιμή@παράδειγμα.gr"),
    ],
)
def test_an_address_is_stored_in_its_normal_form(email: str, normal: str) -> None:
    assert check_email(email) == normal


def test_tokens_are_long_random_and_fit_a_link() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 and token.replace("-", "").replace("_", "").isalnum() for token in tokens)


@pytest.mark.parametrize("token", ["", "\ud800", "x" * 1_000_000])
def test_any_text_has_a_hash_of_one_size(token: str) -> None:
    assert len(hash_token(token)) == 32
