"""`user reset-password EMAIL`: let somebody in again who forgot their password."""

import sys
from argparse import ArgumentParser, Namespace
from getpass import getpass

from rxapp.cli.command import Command, say
from rxapp.cli.on_backend import on_backend
from rxapp.errors import ConfabError, ErrorCode
from rxapp.operator_error import OperatorError
from rxapp.services.accounts import reset_password
from rxapp.services.backend import Backend
from rxapp.settings import load_settings


def _add_arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="action", required=True)
    reset = actions.add_parser(
        "reset-password",
        help="set a new password and sign the person out everywhere",
        description="Set a new password and sign the person out on every device. It is asked for on a terminal, "
        "otherwise read from the first line of standard input.",
    )
    reset.add_argument("email", help="the address that the person signs in with")


def _run(arguments: Namespace) -> None:
    email: str = arguments.email
    settings = load_settings()
    password = _ask() if sys.stdin.isatty() else _read()

    async def work(backend: Backend) -> None:
        try:
            await reset_password(backend, email=email, password=password)
        except ConfabError as error:
            if error.code is ErrorCode.NOT_FOUND:
                raise OperatorError(f"No account has the address {email}: check how it is written.") from error
            raise

    on_backend(settings, work)
    say(f"{email} has a new password, and every device was signed out.")


def _ask() -> str:
    password = getpass("New password: ")
    if getpass("The same again: ") != password:
        raise OperatorError("The two passwords differ. Nothing was changed; run the command again.")
    return password


def _read() -> str:
    try:
        return sys.stdin.buffer.readline().decode().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise OperatorError("The password on standard input is not in UTF-8. Nothing was changed.") from error


COMMAND = Command("user", "Reset the password of an account.", _run, _add_arguments)
