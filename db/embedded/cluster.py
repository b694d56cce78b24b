"""The database's files: made once, whole or not at all."""

import os
import secrets
import shutil
import subprocess

from db.embedded.binaries import major_version
from db.embedded.home import Home
from rxapp.operator_error import OperatorError

SUPERUSER = "postgres"
PASSWORD_BYTES = 24


def ensure_cluster(home: Home) -> None:
    """Make the database's files unless they are there. Call under the start lock."""
    marker = home.data / "PG_VERSION"
    if not marker.exists():
        _make(home)
        return
    owner = home.data.stat().st_uid
    if owner != home.account.uid:
        raise OperatorError(
            f"{home.data} belongs to user id {owner}, this start would run it as {home.account.uid}: start "
            "Confab as the user who made it."
        )
    made_by = int(marker.read_text())
    if made_by != major_version():
        raise OperatorError(
            f"{home.data} was made by PostgreSQL {made_by}, installed is {major_version()}: "
            "back up with the Confab version that made it, then restore into an empty data folder."
        )


def _make(home: Home) -> None:
    """Run initdb beside the final place and rename, so that a crash leaves nothing half made."""
    draft = home.root / "data.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    home.account.own(draft)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    handed = home.root / "password.draft"
    _write_private(str(handed), password + "\n")
    home.account.own(handed)
    command = [
        home.program("initdb"), f"--pgdata={draft}", f"--username={SUPERUSER}", f"--pwfile={handed}",
        "--auth=scram-sha-256", "--encoding=UTF8",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions",
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, preexec_fn=home.account.dropper(), cwd="/", capture_output=True, text=True, check=False
        )
    finally:
        handed.unlink()
    if done.returncode != 0:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise OperatorError(f"The database could not be created in {home.data}: {''.join(reason)}")
    _write_private(str(home.password_file), password)
    draft.rename(home.data)


def _write_private(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
