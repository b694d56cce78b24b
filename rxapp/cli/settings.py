"""`settings`: the table of all settings, made from the class that reads them."""

from argparse import Namespace
from enum import Enum
from pathlib import Path

from pydantic.fields import FieldInfo

from rxapp.cli.command import Command
from rxapp.settings import Settings

HEADER = """# Settings

Every setting is an environment variable, or a line in a file `.env` beside `run`; the environment wins.
None has to be set.

| setting | default | meaning |
|---|---|---|
"""


def settings_table() -> str:
    """The page docs/settings.md."""
    rows = (
        f"| `{field.alias}` | {_default(field)} | {field.description} |\n" for field in Settings.model_fields.values()
    )
    return HEADER + "".join(rows)


def _default(field: FieldInfo) -> str:
    match field.default:
        case None | ():
            return "not set"
        case Path() as path:
            return f"`./{path}`"
        case Enum() as member:
            return f"`{member.value}`"
        case value:
            return f"`{value}`"


def _run(_: Namespace) -> None:
    print(settings_table(), end="")


COMMAND = Command("settings", "Print the table of all settings as Markdown (docs/settings.md).", _run)
