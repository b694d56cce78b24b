"""Where an embedded database lives: its data, socket, locks and logs."""

import fcntl
import hashlib
import os
import secrets
import stat
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from db.embedded.account import Account, database_account
from db.embedded.binaries import copy_to, installation
from rxapp.operator_error import OperatorError

# sun_path holds 104 bytes on macOS and 108 on Linux, the ending zero included.
SOCKET_PATH_MAX_BYTES = 100
SOCKET_NAME = ".s.PGSQL.5432"
# A service account's usual ground, the first that exists; used only when the data folder is out of its reach.
PUBLIC_GROUNDS = (Path("/var/lib"), Path("/usr/local/var"))
SHELF_NAME = "confab-embedded"


class Home:
    """The folder of one database, laid out so that its account can reach what it needs."""

    def __init__(self, root: Path, account: Account, tree: Path) -> None:
        self.root = root
        self.account = account
        self.tree = tree
        self.data = root / "data"
        self.password_file = root / "password"
        self.users_lock = root / "users.lock"
        self.start_lock = root / "start.lock"
        self.watchdog_lock = root / "watchdog.lock"
        self.log_file = root / "postgres.log"
        self.socket_dir = self._socket_dir()

    def program(self, name: str) -> str:
        """A program of the tree that the account can execute."""
        return str(self.tree / "bin" / name)

    def prepare_socket_dir(self) -> None:
        """Make the socket's folder, owned by the account and closed to others."""
        try:
            self.socket_dir.mkdir(mode=0o700)
            self.account.own(self.socket_dir)
        except FileExistsError:
            found = self.socket_dir.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.account.uid or found.st_mode & 0o077:
                raise OperatorError(
                    f"{self.socket_dir} is not a folder that only the database's account may enter: remove it."
                ) from None

    def _socket_dir(self) -> Path:
        near = self.root / "socket"
        if len(os.fsencode(near / SOCKET_NAME)) < SOCKET_PATH_MAX_BYTES:
            return near
        key = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]
        return Path("/tmp", f"confab-{self.account.uid}-{key}")  # noqa: S108 - owner and mode are checked before use


def open_home(data_dir: Path) -> Home:
    """Find or found the home of a data folder's database; safe for several processes at once.

    It is `<data_dir>/postgres`. Where the database's account cannot reach that (root's own home is closed to it), it is
    a folder on public ground that a file in `<data_dir>/postgres` points to. Raises OperatorError.
    """
    account = database_account()
    near = data_dir / "postgres"
    try:
        # Root's database account has to pass through; what is inside has modes of its own.
        data_dir.mkdir(mode=0o711 if account.drops else 0o700, parents=True, exist_ok=True)
        near.mkdir(mode=0o711 if account.drops else 0o700, exist_ok=True)
        with locked(near / "home.lock"):
            return _choose(near.resolve(), account)
    except OSError as error:
        raise OperatorError(
            f"The data folder {data_dir} cannot be used ({error.strerror}): make it writable for this account, "
            "or set CONFAB_DATA to another folder."
        ) from error


def _choose(near: Path, account: Account) -> Home:
    pointer = near / "location"
    if pointer.exists():
        root = Path(pointer.read_text().strip())
        if not root.is_dir():
            raise OperatorError(
                f"{pointer} names {root}, which is gone: put that folder back, or restore a backup into an empty "
                "data folder."
            )
        return Home(root, account, _tree(account, root.parent))
    if account.can_reach(near / "data"):
        return Home(near, account, _tree(account, None))
    if (near / "data").exists():
        raise OperatorError(
            f"The account that runs the database cannot reach {near}: allow passage (chmod o+x) on the folders "
            "above it."
        )
    ground = next((place for place in PUBLIC_GROUNDS if place.is_dir() and account.can_reach(place / "x")), None)
    if ground is None:
        raise OperatorError(
            f"The account that runs the database cannot reach {near}: set CONFAB_DATA to a folder it can, such "
            "as /srv/confab."
        )
    shelf = ground / SHELF_NAME
    shelf.mkdir(mode=0o755, exist_ok=True)
    root = shelf / secrets.token_hex(6)
    root.mkdir(mode=0o711)
    draft = near / "location.draft"
    draft.write_text(f"{root}\n")
    draft.rename(pointer)
    print(f"The database lives in {root}: its account cannot pass through the folders above {near}.", file=sys.stderr)
    return Home(root, account, _tree(account, shelf))


def _tree(account: Account, shelf: Path | None) -> Path:
    """The programs, copied to public ground when the account cannot reach the installed ones."""
    tree = installation()
    if account.can_reach(tree / "bin" / "postgres"):
        return tree
    ground = shelf or next((place / SHELF_NAME for place in PUBLIC_GROUNDS if place.is_dir()), None)
    if ground is None:
        raise OperatorError(
            f"The account that runs the database cannot reach {tree}: install Confab in a folder that others may "
            "pass, such as /opt/confab."
        )
    ground.mkdir(mode=0o755, exist_ok=True)
    with locked(ground / "copy.lock"):
        return copy_to(ground)


@contextmanager
def locked(path: Path) -> Generator[None]:
    """Hold an exclusive lock on a file."""
    with open_lock(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def open_lock(path: Path) -> IO[str]:
    """A file to lock, closed to others: a lock can be taken by whoever may read."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_RDWR, 0o600), "r+")
