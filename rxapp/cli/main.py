"""Choose the command, run it, and say in one line what went wrong."""

import argparse
import sys
from collections.abc import Sequence

from rxapp import __version__
from rxapp.cli import backup, build, demo, import_, migrate, restore, serve, settings, user
from rxapp.errors import ConfabError
from rxapp.operator_error import OperatorError
from rxapp.signals import unwound_by_signals
from rxapp.texts import sentence

COMMANDS = (
    serve.COMMAND,
    build.COMMAND,
    migrate.COMMAND,
    import_.COMMAND,
    demo.COMMAND,
    user.COMMAND,
    backup.COMMAND,
    restore.COMMAND,
    settings.COMMAND,
)


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0 when it did what was asked, 1 when not, 2 when the command line makes no sense."""
    chosen = _parser().parse_args(arguments or [serve.COMMAND.name])
    try:
        with unwound_by_signals():
            chosen.run(chosen)
    except OperatorError as error:
        print(f"confab: {error}", file=sys.stderr)
        return 1
    except ConfabError as error:
        print(f"confab: {sentence(f'error.{error.code.value}', **error.parameters)}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="confab", description="Confab: the workspace where a team talks.")
    parser.add_argument("--version", action="version", version=f"Confab {__version__}")
    commands = parser.add_subparsers(metavar="command", required=True)
    for command in COMMANDS:
        sub = commands.add_parser(command.name, help=command.help, description=command.help)
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    return parser
