"""What a command is to the command line."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass


def _no_arguments(_: ArgumentParser) -> None:
    """Most commands take none."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `run` may raise OperatorError or ConfabError, of which one line is shown."""

    name: str
    help: str
    run: Callable[[Namespace], None]
    add_arguments: Callable[[ArgumentParser], None] = _no_arguments


def say(line: str) -> None:
    """Tell the person at the terminal what is going on."""
    print(line, flush=True)
