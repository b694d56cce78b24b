"""PgBouncer in front of a database, in session mode: Debian's package `pgbouncer` (Linux and macOS have it too)."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from db.embedded.account import database_account
from tests.browser.server import free_port

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
HOW_TO = "PgBouncer is not installed: `apt-get install pgbouncer`, which .ci/run does where it may"
# A bound for one that never comes up, not for how fast it should.
GIVE_UP_SECONDS = 30.0
POLL_SECONDS = 0.02
CONFIGURATION = """
[databases]
{name} = host={host} port={port} dbname={name} user={user} password={password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = session
default_pool_size = 30
"""


@contextmanager
def session_pooled(url: str, folder: Path) -> Generator[str]:
    """The address of the same database and role, with a PgBouncer in between."""
    assert PROGRAM is not None, HOW_TO
    parts, port = conninfo_to_dict(url), free_port()
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(
        CONFIGURATION.format(
            name=parts["dbname"], host=parts["host"], port=parts.get("port") or 5432, user=parts["user"],
            password=parts["password"], listen=port,
        )
    )  # fmt: skip
    account = database_account()
    for path in (folder, configuration):
        account.own(path)
    log = folder / "pgbouncer.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [PROGRAM, str(configuration)], preexec_fn=account.dropper(), cwd="/",
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        _wait_for(port, process, log)
        yield f"postgresql://{parts['user']}@127.0.0.1:{port}/{parts['dbname']}"
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + GIVE_UP_SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port)):
                return
        except ConnectionRefusedError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"PgBouncer did not start: {log.read_text()}") from None
            time.sleep(POLL_SECONDS)
