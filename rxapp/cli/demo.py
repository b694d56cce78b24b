"""`demo`: a workspace full of people and talk, to try things on."""

import secrets
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from uuid import UUID

from rxapp.auth.registration import Admission
from rxapp.auth.sessions import actor_of_session
from rxapp.cli.command import Command, say
from rxapp.cli.on_backend import on_backend
from rxapp.demo.cast import COMPANY
from rxapp.demo.company import Plan, fill, now_utc
from rxapp.errors import ConfabError, ErrorCode
from rxapp.operator_error import OperatorError
from rxapp.services.accounts import Device, create_account
from rxapp.services.backend import Backend
from rxapp.services.demo_people import DEMO_DOMAIN, has_workspace, installation_owner
from rxapp.services.imports import ImportTarget, announce_import
from rxapp.services.workspaces import create_workspace, list_workspaces
from rxapp.settings import load_settings

DEFAULT_MESSAGES = 4_000
MESSAGES_MAX = 20_000_000
MESSAGES_PER_WEEK = 1_000
WEEKS = (6, 260)
"""At least and at most: more messages take more weeks, so that days stay believable."""

DEFAULT_SEED = 7
OWNER_NAME = "Robin Falk"
OWNER_EMAIL = f"robin.falk@{DEMO_DOMAIN}"


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--messages", type=_messages, default=DEFAULT_MESSAGES, metavar="N", help="about how many")
    parser.add_argument("--workspace", default=COMPANY, metavar="NAME", help=f"what it is called (default: {COMPANY})")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED, metavar="N", help="another one says other things")
    parser.add_argument("--password", metavar="WORDS", help="one for all its people, so that you can sign in as them")


def _run(arguments: Namespace) -> None:
    async def work(backend: Backend) -> None:
        if await has_workspace(backend, name=arguments.workspace):
            raise OperatorError(
                f"There is a workspace called {arguments.workspace} already: name another one with --workspace."
            )
        target, first = await _workspace(backend, arguments.workspace)
        shortest, longest = WEEKS
        plan = Plan(
            messages=arguments.messages,
            weeks=max(shortest, min(longest, arguments.messages // MESSAGES_PER_WEEK)),
            seed=arguments.seed,
            now=now_utc(),
            password=arguments.password,
        )
        started = time.monotonic()
        addresses = await fill(backend, target=target, plan=plan, say=say)
        await announce_import(backend, workspace_id=target.workspace_id)
        say(f"{target.name} has {len(addresses)} people and {plan.weeks} weeks of talk "
            f"({time.monotonic() - started:.0f} s).")  # fmt: skip
        if first:
            say(f"Sign in as {OWNER_EMAIL} with the password {first}: it is said only here.")
        if arguments.password:
            say(f"Sign in as any of them, for example {next(iter(addresses.values()))}, with the password you gave.")

    on_backend(load_settings(), work)


async def _workspace(backend: Backend, name: str) -> tuple[ImportTarget, str]:
    """A new workspace of the installation's owner, who is made where there is none yet, with the password given."""
    owner = await installation_owner(backend)
    if owner is not None:
        view = await create_workspace(backend, actor=owner, name=name)
        return ImportTarget(UUID(view["id"]), view["name"], owner), ""
    password = secrets.token_urlsafe(12)
    try:
        opened = await create_account(
            backend,
            device=Device(address="", agent="demo", lifetime_days=1),
            name=OWNER_NAME,
            email=OWNER_EMAIL,
            password=password,
            workspace=name,
            admission=Admission(),
        )
    except ConfabError as refused:
        if refused.code is not ErrorCode.SETUP_LINK_REQUIRED:
            raise
        raise OperatorError(
            "Make the first account with the link that Confab printed, then run this again."
        ) from refused
    actor = await actor_of_session(backend.database, opened.id)
    if actor is None:
        raise RuntimeError("expected the session that was just opened to be valid")
    [view] = await list_workspaces(backend, actor=actor)
    return ImportTarget(UUID(view["id"]), view["name"], actor), password


def _messages(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= MESSAGES_MAX:
        raise ArgumentTypeError(f"{value!r} is no number from 1 to {MESSAGES_MAX:,}")
    return int(value)


COMMAND = Command("demo", "Make a workspace full of people and talk, to try Confab on.", _run, _add_arguments)
