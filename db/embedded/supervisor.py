"""Make sure that a data folder's database runs, for as long as the handle is open."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from db.embedded.cluster import SUPERUSER, ensure_cluster
from db.embedded.home import Home, locked, open_home, open_lock
from rxapp.operator_error import OperatorError

READY_SECONDS = 60.0
# While a crashed database replays its log it answers "starting up": that may take long and is no failure.
RECOVERY_SECONDS = 600.0
STOP_SECONDS = 60.0
POLL_SECONDS = 0.03
PROJECT = Path(__file__).resolve().parents[2]


class EmbeddedDatabase:
    """One process's hold on the database; the last one to let go stops it."""

    def __init__(self, home: Home, users: IO[str]) -> None:
        self._home = home
        self._users = users
        self.url = _url(home)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go. The last user stops the database and waits for its end; the log is then all on disk."""
        if self._users.closed:
            return
        with self._users:
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # somebody else still uses it
            _stop_watchdog(self._home)


def ensure_running(data_dir: Path) -> EmbeddedDatabase:
    """Start the data folder's database unless it runs; several processes may call at once.

    Creates it on first use. Raises OperatorError when it cannot run.
    """
    home = open_home(data_dir)
    try:
        users = open_lock(home.users_lock)
    except OSError as error:
        raise OperatorError(
            f"{home.root} cannot be written ({error.strerror}): make it writable for this account."
        ) from error
    try:
        fcntl.flock(users, fcntl.LOCK_SH)
        with locked(home.start_lock):
            home.prepare_socket_dir()
            ensure_cluster(home)
            _ensure_watchdog(home)
            _wait_until_ready(home)
        return EmbeddedDatabase(home, users)
    except BaseException:
        users.close()
        raise


def _url(home: Home) -> str:
    password = home.password_file.read_text().strip()
    return f"postgresql://{SUPERUSER}:{quote(password, safe='')}@/postgres?host={quote(str(home.socket_dir))}"


def _ensure_watchdog(home: Home) -> None:
    """Start one unless it lives; a database whose watchdog was killed gets a new one."""
    account = home.account
    command = [sys.executable, "-m", "db.embedded.watchdog"]
    command += [str(home.root), str(account.uid), str(account.gid), "1" if account.drops else "0", str(home.tree)]
    with (home.root / "watchdog.log").open("ab") as log:
        subprocess.run(command, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=True)


def _wait_until_ready(home: Home) -> None:
    started = time.monotonic()
    while True:
        answer = subprocess.run(
            [home.program("pg_isready"), "-q", "-h", str(home.socket_dir)], cwd="/", check=False
        ).returncode
        if answer == 0:
            return
        waited = time.monotonic() - started
        if not _watchdog_lives(home) or waited > (RECOVERY_SECONDS if answer == 1 else READY_SECONDS):
            raise OperatorError(f"The embedded database did not start: {_last_words(home)} See {home.log_file}.")
        time.sleep(POLL_SECONDS)


def _last_words(home: Home) -> str:
    lines = home.log_file.read_text(errors="replace").splitlines() if home.log_file.exists() else []
    telling = [line for line in lines if "FATAL" in line or "could not" in line or "PANIC" in line]
    return (telling or lines or ["it said nothing."])[-1].strip().rstrip(".") + "."


def _watchdog_lives(home: Home) -> bool:
    with open_lock(home.watchdog_lock) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _stop_watchdog(home: Home) -> None:
    """Ask the watchdog to stop the database, and wait until both are gone."""
    if not _watchdog_lives(home):
        return
    os.kill(int(home.watchdog_lock.read_text()), signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while _watchdog_lives(home):
        if time.monotonic() > deadline:
            raise OperatorError(f"The embedded database did not stop within {STOP_SECONDS:.0f} s. See {home.log_file}.")
        time.sleep(POLL_SECONDS)
