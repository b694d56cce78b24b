"""`backup FILE`: everything of this installation in one file."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from rxapp.backup import back_up
from rxapp.cli.command import Command, say
from rxapp.settings import load_settings


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="where to write it, confab-backup.tar.gz for example")


def _run(arguments: Namespace) -> None:
    # Whole, because `./run` has changed to its own folder.
    file: Path = arguments.file.absolute()
    back_up(load_settings(), file)
    say(
        f"Wrote {file} ({file.stat().st_size / 1_000_000:.1f} MB). It holds secrets: keep it where only you can "
        "read it."
    )


COMMAND = Command(
    "backup", "Write database, files and secrets to one file; Confab may go on running.", _run, _add_arguments
)
