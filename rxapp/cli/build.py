"""`build`: make the page ahead of the first start, in an image for example."""

from argparse import Namespace

from rxapp.build import ensure_built
from rxapp.cli.command import Command, say


def _run(_: Namespace) -> None:
    say(f"The page is built: {ensure_built(say)}")


COMMAND = Command("build", "Build the page now instead of at the first start.", _run)
