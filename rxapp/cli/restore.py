"""`restore FILE`: bring an installation back."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from rxapp.cli.command import Command, say
from rxapp.restore import restore
from rxapp.settings import load_settings


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="a file that `backup` wrote")
    parser.add_argument("--replace", action="store_true", help="delete what this installation holds now")


def _run(arguments: Namespace) -> None:
    manifest = restore(load_settings(), arguments.file, replace=arguments.replace)
    say(f"Restored the backup of {manifest.made_at:%Y-%m-%d %H:%M} UTC.")


COMMAND = Command("restore", "Bring back a backup into an empty installation; stop Confab first.", _run, _add_arguments)
