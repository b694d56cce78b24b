"""Break a Confab in every way, and judge what is left.

    python -m tests.faults --minutes 10 --seed 7 --report

A seed decides which faults happen, when and to whom; with the same one they happen again. What a failed run leaves, its
history and the logs of server and database, stays in a folder that is named at the end.
"""

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
from pathlib import Path

from tests.faults.plan import Kind, Plan, schedule
from tests.faults.report import report
from tests.faults.run import run

DEFAULTS = Plan()


def main() -> int:
    """1 when something was wrong."""
    parser = _parser()
    arguments = parser.parse_args()
    plan = Plan(
        seed=arguments.seed,
        seconds=arguments.minutes * 60,
        workers=arguments.workers,
        people=arguments.people,
        rate=arguments.rate,
        kinds=tuple(Kind(kind) for kind in arguments.only),
    )
    if arguments.plan:
        _say("\n".join(map(str, schedule(plan))))
        return 0
    # Requests of a client that is retried are no news.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    folder = Path(tempfile.mkdtemp(prefix="confab-faults-"))
    folder.chmod(0o711)  # the database's own account has to pass
    result = asyncio.run(run(plan, folder, _say if arguments.verbose else None))
    if arguments.report or result.wrong:
        _say(report(result, f"python -m tests.faults {' '.join(sys.argv[1:])}"))
    else:
        _say(f"seed {plan.seed}: {len(result.faults)} faults, {result.stored} messages, nothing wrong")
    if not result.wrong:
        shutil.rmtree(folder)
    return 1 if result.wrong else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10.0, help="how long people work and things break")
    parser.add_argument("--seed", type=int, default=DEFAULTS.seed)
    parser.add_argument("--workers", type=int, default=DEFAULTS.workers, help="more than one come with a Redis")
    parser.add_argument("--people", type=int, default=DEFAULTS.people, help="each writes, and has a tab that reads")
    parser.add_argument("--rate", type=float, default=DEFAULTS.rate, help="messages a second that each person writes")
    parser.add_argument("--only", nargs="+", default=[], choices=list(map(str, Kind)), metavar="FAULT")
    parser.add_argument("--report", action="store_true", help="say what was done, also when nothing is wrong")
    parser.add_argument("--verbose", action="store_true", help="say what happens as it does")
    parser.add_argument("--plan", action="store_true", help="say which faults would happen, and do nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
