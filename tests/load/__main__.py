"""Put load on a Confab of this machine, and say how it bears it.

    python -m tests.load mixed --tabs 500 --seconds 60 --json
    python -m tests.load fanout --members 500 --rate 5 --seconds 10

`mixed` is a team at work: everybody looks at one busy channel, reads, now and then changes the channel, scrolls back
or loads the page anew, and some write. `fanout` is one channel in which only messages go out.
"""

import argparse
import asyncio
import dataclasses
import json
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import uvloop

from tests.load.installation import given_installation, own_installation
from tests.load.plan import Plan, fanout_plan
from tests.load.run import Report, run
from tests.load.table import flattened, table

DEFAULTS = Plan()


def main() -> int:
    """Run what the command line says; 1 when something was lost or doubled, or went wrong."""
    arguments = _parser().parse_args()
    plan, profile = _plan(arguments), arguments.profile
    report = uvloop.run(_measure(plan, arguments.url, arguments.database_url, profile.absolute() if profile else None))
    if arguments.kind == "fanout":
        report = flattened(report)
    report = {"kind": arguments.kind, **report}
    sys.stdout.write(f"{json.dumps(report) if arguments.json else table(report)}\n")
    return 1 if report["lost"] or report["duplicated"] or report["errors"] else 0


async def _measure(plan: Plan, url: str, database_url: str, profile: Path | None) -> Report:
    async with AsyncExitStack() as stack:
        if url:
            installation = await asyncio.to_thread(given_installation, url, database_url)
        else:
            installation = await stack.enter_async_context(own_installation(profile))
        return await run(plan, installation, profile=profile)


def _plan(arguments: argparse.Namespace) -> Plan:
    if arguments.kind == "fanout":
        return fanout_plan(members=arguments.members, rate=arguments.rate, seconds=arguments.seconds)
    fields = {field.name for field in dataclasses.fields(Plan)}
    return Plan(**{name: value for name, value in vars(arguments).items() if name in fields})


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
    kinds = parser.add_subparsers(dest="kind", required=True)
    mixed = kinds.add_parser("mixed", parents=[common], help="a team at work")
    for name, kind, meaning in (
        ("tabs", int, "browser tabs, each of a person of its own"),
        ("seconds", float, "how long"),
        ("switch_every", float, "seconds between a tab's changes of channel"),
        ("away_seconds", float, "seconds until it comes back to the busy channel"),
        ("older_every", float, "seconds between a tab's older pages"),
        ("reload_every", float, "seconds between a tab's reloads"),
        ("channels", int, "channels, the busy one included"),
        ("history", int, "messages of the busy channel before the run"),
        ("at_once", int, "tabs that come at the same time in the beginning"),
    ):
        default = getattr(DEFAULTS, name)
        flag = f"--{name.replace('_', '-')}"
        mixed.add_argument(flag, type=kind, default=default, help=f"{meaning} (default: {default})")
    fanout = kinds.add_parser("fanout", parents=[common], help="messages only")
    fanout.add_argument("--members", type=int, default=DEFAULTS.tabs)
    fanout.add_argument("--seconds", type=float, default=10.0)
    return parser


if __name__ == "__main__":
    sys.exit(main())
