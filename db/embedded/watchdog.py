"""The process that owns a running database: starts it, restarts it, stops it when nobody uses it any more.

    python -m db.embedded.watchdog <root> <uid> <gid> <drops> <tree>

Users hold a shared lock on `users.lock`, which the system releases even after kill -9. The watchdog holds
`watchdog.lock` for as long as it lives and keeps the users' lock exclusively while it stops the database, so that a
newcomer waits for the end instead of meeting a database that is going away.
"""

import fcntl
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from db.embedded.account import Account
from db.embedded.home import SOCKET_NAME, Home, open_lock

POLL_SECONDS = 0.2
LINGER_SECONDS = 1.0
STOP_SECONDS = 60.0
# After a crash the old backends need a while to notice and let go of their shared memory: each try waits longer.
RESTART_PAUSE_SECONDS = 0.3
RESTART_PAUSE_MAX_SECONDS = 3.0
# One that never came up is given up after so many tries, which its users are told at once.
FAILED_STARTS_MAX = 20
# One that did come up is what people wait for: it is tried for as long as they do, and each time that is said.
LATE_RESTART_PAUSE_SECONDS = 15.0
# What ran for that long did start: the next end is another matter.
STARTED_SECONDS = 30.0
# What stands in its file of that name then, as the last line.
READY = b"ready   "
LOG_MAX_BYTES = 10 * 1024 * 1024

log = logging.getLogger(__name__)

OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "wal_level": "logical",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The details of an error have what people wrote: "Failing row contains (…)."
    "log_error_verbosity": "terse",
}


class Watchdog:
    """The parent of one postmaster, or the guardian of one whose parent was killed."""

    def __init__(self, home: Home, users: IO[str]) -> None:
        self._home = home
        self._users = users
        self._asked_to_stop = False
        self._idle_since: float | None = None
        self._has_served = False

    def run(self) -> None:
        """Until nobody uses the database, or until it cannot be started at all."""
        signal.signal(signal.SIGTERM, self._on_sigterm)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        failures = 0
        while failures < FAILED_STARTS_MAX or self._has_served:
            started = time.monotonic()
            try:
                child = None if self._adopted() else self._start()
            except (OSError, subprocess.SubprocessError) as error:  # a full disk, for example
                if not self._has_served:
                    raise
                log.error("The database could not be started: %s", error)
            else:
                if not self._guard(child):
                    return
            failures = failures + 1 if time.monotonic() - started < STARTED_SECONDS else 0
            if not self._rest(failures):
                return

    def _guard(self, child: "subprocess.Popen[bytes] | None") -> bool:
        """Wait; True when the database ended by itself and somebody still needs it."""
        while child.poll() is None if child else self._adopted():
            if not self._is_wanted():
                self._stop(child)
                return False
            self._has_served = self._has_served or self._serves()
            time.sleep(POLL_SECONDS)
        return self._is_wanted()

    def _rest(self, failures: int) -> bool:
        """Pause before the next try; False when nobody needs it any more."""
        pause = min(RESTART_PAUSE_SECONDS * failures, RESTART_PAUSE_MAX_SECONDS)
        if failures >= FAILED_STARTS_MAX:
            pause = LATE_RESTART_PAUSE_SECONDS if self._has_served else 0.0
            log.error("The database did not stay up %d times; the reason is in %s", failures, self._home.log_file)
        until = time.monotonic() + pause
        while self._is_wanted():
            if time.monotonic() >= until:
                return True
            time.sleep(min(POLL_SECONDS, pause))
        return False

    def _is_wanted(self) -> bool:
        return not self._asked_to_stop and not self._unused()

    def _serves(self) -> bool:
        """Whether the postmaster says of itself that it takes connections."""
        try:
            return READY in (self._home.data / "postmaster.pid").read_bytes().splitlines()
        except OSError:
            return False

    def _start(self) -> "subprocess.Popen[bytes]":
        home = self._home
        self._remove_lock_files()
        command = [home.program("postgres"), "-D", str(home.data), "-k", str(home.socket_dir)]
        for name, value in OPTIONS.items():
            command += ["-c", f"{name}={value}"]
        with open_log(home.log_file) as output:
            return subprocess.Popen(
                command, preexec_fn=home.account.dropper(), cwd="/",
                stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip

    def _remove_lock_files(self) -> None:
        """Not adopted, so they are stale. Postgres itself would believe them if another process had that number by now.

        Backends of a crashed server keep a new one out all the same: it finds their shared memory by the data folder's
        inode (PostgreSQL 11 and newer).
        """
        (self._home.data / "postmaster.pid").unlink(missing_ok=True)
        (self._home.socket_dir / f"{SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _stop(self, child: "subprocess.Popen[bytes] | None") -> None:
        """Fast shutdown: connections are closed, what was committed is written."""
        pid = child.pid if child else self._postmaster_pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while (child.poll() is None if child else self._adopted()) and time.monotonic() < deadline:
            time.sleep(0.02)

    def _unused(self) -> bool:
        """Whether nobody held the users' lock for a while; it is then ours, so that nobody comes in."""
        try:
            fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._idle_since = None
            return False
        now = time.monotonic()
        self._idle_since = self._idle_since or now
        if now - self._idle_since >= LINGER_SECONDS:
            return True
        fcntl.flock(self._users, fcntl.LOCK_UN)
        return False

    def _adopted(self) -> bool:
        """Whether a postmaster runs that an earlier, killed watchdog started."""
        pid = self._postmaster_pid()
        return pid is not None and str(self._home.data) in command_line(pid)

    def _postmaster_pid(self) -> int | None:
        try:
            return int((self._home.data / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def _on_sigterm(self, *_: object) -> None:
        self._asked_to_stop = True


def command_line(pid: int) -> list[str]:
    """What a process was started with; empty when there is none."""
    if Path("/proc/self/cmdline").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            return []
    return subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()


def open_log(path: Path) -> IO[bytes]:
    """The log, set aside once when it has grown large."""
    if path.exists() and path.stat().st_size > LOG_MAX_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "ab")


def main(arguments: list[str]) -> int:
    """Take the lock, leave the terminal, watch. Returns at once in the process that was called."""
    root, uid, gid, drops, tree = arguments
    home = Home(Path(root), Account(int(uid), int(gid), drops=drops == "1"), Path(tree))
    lock = open_lock(home.watchdog_lock)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return 0  # another one watches already
    child = os.fork()
    if child:
        # Before anybody can ask for it: the caller goes on when this process ends.
        lock.truncate(0)
        lock.write(str(child))
        lock.flush()
        return 0
    os.setsid()
    logging.basicConfig(format="%(asctime)s %(message)s")
    with open_lock(home.users_lock) as users:
        Watchdog(home, users).run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
