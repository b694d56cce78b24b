"""`user reset-password`: from standard input, from a terminal, and what goes wrong."""

import os
import pty
from pathlib import Path

import pytest

from rxapp.auth.sessions import actor_of_cookie
from rxapp.errors import ErrorCode
from rxapp.services.accounts import log_in
from rxapp.services.backend import Backend
from tests.cli.conftest import DEVICE, Run, Start
from tests.cli.people import EMAIL, PASSWORD
from tests.refusals import refused

NEW_PASSWORD = "gravel-window-otter-3"
WEAK = "This password is easy to guess. Use at least 8 characters; a few unrelated words are good."


async def signs_in(backend: Backend, password: str) -> str:
    return (await log_in(backend, device=DEVICE, email=EMAIL, password=password)).token


async def test_a_new_password_from_standard_input_ends_every_session(owned: Backend, run: Run) -> None:
    before = [await signs_in(owned, PASSWORD) for _ in range(2)]
    done = run("user", "reset-password", EMAIL.upper(), given=f"{NEW_PASSWORD}\nmore\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{EMAIL.upper()} has a new password, and every device was signed out.\n"
    assert [await actor_of_cookie(owned.database, token) for token in before] == [None, None]
    with refused(ErrorCode.WRONG_CREDENTIALS):
        await signs_in(owned, PASSWORD)
    assert await actor_of_cookie(owned.database, await signs_in(owned, NEW_PASSWORD))


async def test_an_imported_author_cannot_get_a_password(owned: Backend, run: Run, tmp_path: Path) -> None:
    (tmp_path / "2019-03-04.log").write_text("[09:00] <bob@example.org> hi\n")
    run("import", "irc", tmp_path / "2019-03-04.log")
    done = run("user", "reset-password", "bob@example.org", given=f"{NEW_PASSWORD}\n")
    assert (done.returncode, done.stderr) == (
        1,
        "confab: No account has the address bob@example.org: check how it is written.\n",
    )


@pytest.mark.parametrize(
    ("email", "given", "line"),
    [
        ("eve@example.org", NEW_PASSWORD, "No account has the address eve@example.org: check how it is written."),
        ("no address", NEW_PASSWORD, "This is no email address."),
        (EMAIL, "password", WEAK),
        (EMAIL, "", WEAK),
        (EMAIL, "x" * 257, "A password can have 256 characters at most."),
    ],
)  # fmt: skip
async def test_what_is_refused_is_said_in_one_line_and_changes_nothing(
    owned: Backend, run: Run, email: str, given: str, line: str
) -> None:
    token = await signs_in(owned, PASSWORD)
    done = run("user", "reset-password", email, given=given)
    assert (done.returncode, done.stderr) == (1, f"confab: {line}\n")
    assert await actor_of_cookie(owned.database, token)
    assert await signs_in(owned, PASSWORD)


def test_a_database_that_is_down_is_said_in_one_line(run: Run) -> None:
    address = {"DATABASE_URL": "postgresql://u:hidden@127.0.0.1:1/d"}
    done = run("user", "reset-password", EMAIL, given=NEW_PASSWORD, env=address)
    assert (done.returncode, done.stderr) == (
        1,
        "confab: The database at 127.0.0.1:1/d cannot be reached: Connection refused. "
        "Start it, or correct DATABASE_URL.\n",
    )


@pytest.mark.parametrize(("second", "code"), [(NEW_PASSWORD, 0), ("another-one-entirely", 1)])
async def test_on_a_terminal_it_is_asked_for_twice_and_not_shown(
    owned: Backend, start: Start, second: str, code: int
) -> None:
    ours, theirs = pty.openpty()
    with start("user", "reset-password", EMAIL, stdin=theirs, stderr=theirs, start_new_session=True) as process:
        os.close(theirs)
        shown = answer(ours, "New password: ", NEW_PASSWORD) + answer(ours, "The same again: ", second)
        shown += rest_of(ours)
        out, _ = process.communicate()
    assert process.returncode == code
    assert NEW_PASSWORD not in shown
    if code:
        assert "The two passwords differ. Nothing was changed; run the command again." in shown
        assert await signs_in(owned, PASSWORD)
    else:
        assert out.endswith("has a new password, and every device was signed out.\n")
        assert await signs_in(owned, NEW_PASSWORD)


def answer(terminal: int, question: str, text: str) -> str:
    """Wait for the question, then type."""
    shown = ""
    while question not in shown:
        shown += os.read(terminal, 1024).decode()
    os.write(terminal, f"{text}\n".encode())
    return shown


def rest_of(terminal: int) -> str:
    """What is shown until the other end is closed, which Linux reports as an error."""
    shown = b""
    try:
        while piece := os.read(terminal, 1024):
            shown += piece
    except OSError:
        pass
    finally:
        os.close(terminal)
    return shown.decode()
