"""`import irc FILE…`: the history of a chat that went before."""

import re
import time
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rxapp.cli.command import Command, say
from rxapp.cli.on_backend import on_backend
from rxapp.importers.irc import read_log
from rxapp.importers.irc_import import SYSTEM, IrcImport
from rxapp.importers.log_clock import date_in_name
from rxapp.importers.log_refused import LogRefused
from rxapp.importers.report import Report
from rxapp.operator_error import OperatorError
from rxapp.services.backend import Backend
from rxapp.services.imported_channels import imported_channel
from rxapp.services.imports import ImportTarget, list_import_targets
from rxapp.settings import load_settings

DEFAULT_CHANNEL = "irc"

_DATE = re.compile(r"\d{4}-?\d{2}-?\d{2}")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log, the day of its first line, the name of the channel that it goes into, and whether somebody chose that."""

    path: Path
    first_day: date
    channel: str
    is_chosen: bool


def channel_in_name(name: str) -> str:
    """The channel that a log's file name speaks of: `garden` for `#garden-2019-03-04.log`; `irc` when of none."""
    rest = _DATE.sub("", name.rpartition("#")[2])
    stem = rest.partition(".")[0].strip("-_ ")
    return stem if _LETTER.search(stem) else DEFAULT_CHANNEL


def _add_arguments(parser: ArgumentParser) -> None:
    kinds = parser.add_subparsers(metavar="system", required=True)
    irc = kinds.add_parser("irc", help="plain text logs of IRC, one file a day", description="Import IRC logs.")
    irc.add_argument("files", type=Path, nargs="+", metavar="FILE", help="logs; the earliest day is imported first")
    irc.add_argument("--workspace", metavar="NAME", help="name or id; not needed when there is one workspace")
    irc.add_argument(
        "--channel", metavar="NAME", help="made when it is not there (default: from the file's name, or irc)"
    )
    irc.add_argument(
        "--date", type=_day, metavar="YYYY-MM-DD", help="day of the first line, for a file without a date in its name"
    )
    irc.add_argument("--timezone", type=_zone, default=UTC, metavar="ZONE", help="of the log's clock (default: UTC)")


def _run(arguments: Namespace) -> None:
    files = _in_order(arguments.files, arguments.date, arguments.channel)

    async def work(backend: Backend) -> None:
        target = _choose(await list_import_targets(backend), arguments.workspace)
        started, reports = time.monotonic(), []
        for file in files:
            reports.append(await _import(backend, target, file, arguments.timezone))
        _say_total(reports, time.monotonic() - started)

    on_backend(load_settings(), work)


async def _import(backend: Backend, target: ImportTarget, file: LogFile, zone: tzinfo) -> Report:
    channel_id, called = await imported_channel(
        backend, target=target, system=SYSTEM, name=file.channel, is_chosen=file.is_chosen
    )
    log = IrcImport(backend, workspace_id=target.workspace_id, channel_id=channel_id, zone=zone)
    say(f"{file.path} from {file.first_day}, into #{called} of {target.name}:")
    try:
        await log.run(read_log(file.path, file.first_day))
    except (LogRefused, OSError) as error:
        raise _refusal(file.path, error, f"{log.report.imported:,} of its messages were stored before.") from error
    finally:
        for line in log.report.summary().splitlines():
            say(f"  {line}")
    return log.report


def _in_order(paths: Sequence[Path], given: date | None, channel: str | None) -> list[LogFile]:
    """The files by their first day, everything checked that can be before anything is stored. Raises OperatorError."""
    files, dated_by_option = [], []
    for path in paths:
        try:
            with path.open("rb"):
                first_day = date_in_name(path.name)
        except OSError as error:
            raise _refusal(path, error) from error
        except LogRefused as error:
            if given is None:
                raise OperatorError(
                    f"{path}: no date in its name, YYYY-MM-DD was expected; give one with --date."
                ) from error
            dated_by_option.append(path)
            first_day = given
        files.append(LogFile(path, first_day, channel or channel_in_name(path.name), channel is not None))
    if len(dated_by_option) > 1:
        names = " and ".join(str(path) for path in dated_by_option[:2])
        raise OperatorError(f"{names} have no date in their names: import them one by one, each with its --date.")
    return sorted(files, key=lambda file: file.first_day)


def _choose(targets: Sequence[ImportTarget], wanted: str | None) -> ImportTarget:
    if not targets:
        raise OperatorError("There is no workspace yet: start Confab, make the first account, then import.")
    found = [target for target in targets if wanted is None or wanted in (target.name, str(target.workspace_id))]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(f"{target.name} ({target.workspace_id})" for target in found or targets)
    if not found:
        raise OperatorError(f"There is no workspace {wanted!r}: choose with --workspace one of {listed}.")
    raise OperatorError(f"There are several workspaces: choose with --workspace one of {listed}.")


def _say_total(reports: Sequence[Report], seconds: float) -> None:
    read, imported, known = (sum(getattr(r, name) for r in reports) for name in ("read", "imported", "already_there"))
    say(
        f"{len(reports)} files, {read:,} lines in {seconds:.1f} s: {imported:,} messages imported, "
        f"{known:,} were already there."
    )


def _refusal(path: Path, error: LogRefused | OSError, more: str = "") -> OperatorError:
    if isinstance(error, LogRefused):
        return OperatorError(f"{path}: {error} {more}".rstrip())
    return OperatorError(f"{path} cannot be read ({error.strerror}): correct that and import it again. {more}".rstrip())


def _day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ArgumentTypeError(f"{value!r} is no date, YYYY-MM-DD was expected") from error


def _zone(value: str) -> tzinfo:
    try:
        return UTC if value == "UTC" else ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ArgumentTypeError(f"{value!r} is no time zone, a name like Europe/Berlin was expected") from error


COMMAND = Command("import", "Import the history of another chat; Confab may go on running.", _run, _add_arguments)
