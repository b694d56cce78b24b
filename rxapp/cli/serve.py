"""`serve`: start everything on one port."""

from argparse import Namespace

from rxapp.cli.command import Command
from rxapp.serve import serve
from rxapp.settings import load_settings


def _run(_: Namespace) -> None:
    serve(load_settings())


COMMAND = Command("serve", "Start Confab: database, page, API and socket on one port (the default command).", _run)
