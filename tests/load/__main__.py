"""Put load on a Confab of this machine, and say how it bears it.

    python -m tests.load fanout --members 500 --rate 5 --seconds 10 --json
    python -m tests.load mixed --tabs 500 --seconds 60

Each starts a server of its own on a free port, unless it is given one. How far it is goes to standard error, the report
alone to standard output.
"""

import argparse
import asyncio
import dataclasses
import json
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import uvloop

from rxapp.operator_error import OperatorError
from tests.load.cursors import cursors
from tests.load.fanout import fan_out, seat
from tests.load.galleries import Galleries, allow_many_sockets, open_galleries
from tests.load.history import history
from tests.load.installation import Installation, given_installation, own_folder, own_installation
from tests.load.plan import Plan, cursors_plan, fanout_plan, storm_plan
from tests.load.ramp import ramp
from tests.load.run import Report, run
from tests.load.storm import storm
from tests.load.table import table

DEFAULTS = Plan()
FANOUT_SECONDS = 10.0
CURSORS_SECONDS = 20.0
HISTORY_MESSAGES = 1_000_000
HISTORY_LOOKS = 100


def main() -> int:
    """Run what the command line says; 1 when something was lost or doubled, or went wrong, 2 when it could not run."""
    arguments = _parser().parse_args()
    allow_many_sockets()
    try:
        with open_galleries(arguments.generators) as galleries:
            found = uvloop.run(_measure(arguments, galleries))
    except OperatorError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    report = {"kind": arguments.kind, "workers": arguments.workers, **found}
    sys.stdout.write(f"{json.dumps(report) if arguments.json else table(report)}\n")
    return 1 if any(report.get(name) for name in ("lost", "duplicated", "errors")) else 0


async def _measure(arguments: argparse.Namespace, galleries: Galleries) -> Report:
    if arguments.kind == "history":
        return await _history(arguments)
    async with _installation(arguments) as installation:
        return await KINDS[arguments.kind](arguments, installation, galleries)


@asynccontextmanager
async def _installation(arguments: argparse.Namespace) -> AsyncGenerator[Installation]:
    profile: Path | None = arguments.profile
    if arguments.url:
        yield await asyncio.to_thread(given_installation, arguments.url, arguments.database_url)
    else:
        async with own_installation(profile and profile.absolute(), arguments.workers) as installation:
            yield installation


async def _mixed(arguments: argparse.Namespace, installation: Installation, _: Galleries) -> Report:
    fields = {field.name for field in dataclasses.fields(Plan)}
    plan = Plan(**{name: value for name, value in vars(arguments).items() if name in fields})
    return await run(plan, installation)


async def _fanout(arguments: argparse.Namespace, installation: Installation, galleries: Galleries) -> Report:
    plan = fanout_plan(members=arguments.members, rate=arguments.rate, seconds=arguments.seconds)
    audience = await seat(plan, installation, galleries)
    return await (ramp if arguments.ramp else fan_out)(audience, rate=arguments.rate, seconds=arguments.seconds)


async def _storm(arguments: argparse.Namespace, installation: Installation, galleries: Galleries) -> Report:
    plan = storm_plan(members=arguments.members, at_once=arguments.at_once, history=arguments.history)
    return await storm(plan, installation, galleries, again=arguments.again)


async def _cursors(arguments: argparse.Namespace, installation: Installation, _: Galleries) -> Report:
    plan = cursors_plan(members=arguments.members, rate=arguments.rate, seconds=arguments.seconds)
    return await cursors(plan, installation)


async def _history(arguments: argparse.Namespace) -> Report:
    if arguments.url:
        raise OperatorError("history fills a database of its own, and serves that: leave --url out")
    if arguments.data is not None:
        return await history(arguments.data.absolute(), messages=arguments.messages, looks=arguments.looks)
    with own_folder() as folder:
        return await history(folder, messages=arguments.messages, looks=arguments.looks)


KINDS: dict[str, Callable[[argparse.Namespace, Installation, Galleries], Awaitable[Report]]] = {
    "mixed": _mixed,
    "fanout": _fanout,
    "storm": _storm,
    "cursors": _cursors,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.load", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--url", default="", help="a server on this machine instead of one of the run's own")
    common.add_argument("--database-url", default="", help="the database of that server")
    common.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    common.add_argument(
        "--profile",
        type=Path,
        help="what the run's own server spent its time on goes to this file: .1 for the arrival, .2 for the work",
    )
    common.add_argument("--rate", type=float, default=DEFAULTS.rate, help="messages a second, all people together")
    common.add_argument("--generators", type=int, default=1, help="processes that read what members get (default: 1)")
    common.add_argument("--workers", type=int, default=1, help="of the run's own server, with a Redis (default: 1)")
    kinds = parser.add_subparsers(dest="kind", required=True)
    mixed = kinds.add_parser("mixed", parents=[common], help="a team at work")
    for name, kind, meaning in (
        ("tabs", int, "browser tabs, each of a person of its own"),
        ("seconds", float, "how long"),
        ("switch_every", float, "seconds between a tab's changes of channel"),
        ("away_seconds", float, "seconds until it comes back to the busy channel"),
        ("older_every", float, "seconds between a tab's older pages"),
        ("reload_every", float, "seconds between a tab's reloads"),
        ("edit_share", float, "the share of the messages that are changed a moment later"),
        ("channels", int, "channels, the busy one included"),
        ("history", int, "messages of the busy channel before the run"),
        ("at_once", int, "tabs that come at the same time in the beginning"),
    ):
        default = getattr(DEFAULTS, name)
        flag = f"--{name.replace('_', '-')}"
        mixed.add_argument(flag, type=kind, default=default, help=f"{meaning} (default: {default})")
    fanout = kinds.add_parser("fanout", parents=[common], help="one channel in which only messages go out")
    fanout.add_argument("--members", type=int, default=DEFAULTS.tabs, help="tabs, each of a person of its own")
    fanout.add_argument("--seconds", type=float, default=FANOUT_SECONDS, help="how long, each step of a ramp too")
    fanout.add_argument("--ramp", action="store_true", help="raise the rate from --rate on until it is too much")
    storm = kinds.add_parser("storm", parents=[common], help="everybody comes at the same time")
    storm.add_argument("--members", type=int, default=DEFAULTS.tabs, help="tabs, each of a person of its own")
    storm.add_argument("--at-once", type=int, default=DEFAULTS.at_once, help="how many come at the same time")
    storm.add_argument("--history", type=int, default=DEFAULTS.history, help="messages of the channel that they open")
    storm.add_argument("--again", action="store_true", help="then cut all connections at once, and see them come back")
    moving = kinds.add_parser("cursors", parents=[common], help="readers who move their cursors after each message")
    moving.add_argument("--members", type=int, default=DEFAULTS.tabs, help="tabs, each of a person of its own")
    moving.add_argument("--seconds", type=float, default=CURSORS_SECONDS, help="how long, with and without cursors")
    past = kinds.add_parser("history", parents=[common], help="looking into channels with a long past")
    past.add_argument("--messages", type=int, default=HISTORY_MESSAGES, help="half of them in one of 50 channels")
    past.add_argument("--looks", type=int, default=HISTORY_LOOKS, help="how many places in the middle are looked at")
    past.add_argument("--data", type=Path, help="a folder that keeps the filled database for the next run")
    return parser


if __name__ == "__main__":
    sys.exit(main())
