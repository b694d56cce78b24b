"""The operating system account that the database runs as: Postgres refuses to run as root."""

import os
import pwd
import stat
from collections.abc import Callable
from pathlib import Path

from rxapp.operator_error import OperatorError

CANDIDATES = ("postgres", "nobody")


class Account:
    """An account to drop to, or oneself when not root."""

    def __init__(self, uid: int, gid: int, *, drops: bool) -> None:
        self.uid = uid
        self.gid = gid
        self.drops = drops

    def own(self, path: Path) -> None:
        """Give the path to the account."""
        if self.drops:
            os.chown(path, self.uid, self.gid)

    def dropper(self) -> Callable[[], None] | None:
        """What a child runs before exec to become the account; None when it is the account already."""
        return self._drop if self.drops else None

    def _drop(self) -> None:
        os.setgroups([])
        os.setgid(self.gid)
        os.setuid(self.uid)
        os.umask(0o077)

    def can_reach(self, path: Path) -> bool:
        """Whether the account may walk down to the path, by the mode bits of the folders above it."""
        return not self.drops or all(self._may_enter(parent) for parent in path.resolve().parents)

    def _may_enter(self, folder: Path) -> bool:
        found = folder.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode & stat.S_IXUSR)
        if found.st_gid == self.gid:
            return bool(found.st_mode & stat.S_IXGRP)
        return bool(found.st_mode & stat.S_IXOTH)


def database_account() -> Account:
    """Oneself, or when root an unprivileged account that exists already."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), drops=False)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, drops=True)
    raise OperatorError(
        "Postgres cannot run as root and there is no account `postgres` or `nobody`: start Confab as a plain "
        "user, or set DATABASE_URL."
    )
