"""An installation in a database of its own, and the command line as a process on it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from db.engine import Database
from rxapp.auth.registration import Admission
from rxapp.services.accounts import Device, create_account
from rxapp.services.backend import Backend, make_backend
from tests.cli.people import EMAIL, PASSWORD

PROJECT = Path(__file__).resolve().parents[2]
DEVICE = Device(address="127.0.0.1", agent="test", lifetime_days=1)

# Starts `python -m rxapp <arguments>`; keywords go to Popen.
Start = Callable[..., "subprocess.Popen[str]"]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def backend(database: Database) -> Backend:
    return make_backend(database)


@pytest_asyncio.fixture
async def owned(backend: Backend) -> Backend:
    """Ada's installation, with her workspace Garden."""
    await create_account(
        backend, device=DEVICE, name="Ada", email=EMAIL, password=PASSWORD, workspace="Garden", admission=Admission()
    )
    return backend


@pytest.fixture
def start(database_url: str, tmp_path: Path) -> Start:
    settings = {"PATH": os.environ["PATH"], "CONFAB_DATA": str(tmp_path / "data"), "DATABASE_URL": database_url}

    def begin(*arguments: str | Path, env: dict[str, str] | None = None, **options: Any) -> "subprocess.Popen[str]":
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        return subprocess.Popen(
            [sys.executable, "-m", "rxapp", *map(str, arguments)],
            cwd=PROJECT,
            env=settings | (env or {}),
            encoding="utf-8",
            **streams,
        )

    return begin


@pytest.fixture
def run(start: Start) -> Run:
    def finish(*arguments: str | Path, given: str | None = None, **options: Any) -> "subprocess.CompletedProcess[str]":
        with start(*arguments, stdin=subprocess.PIPE, **options) as process:
            out, err = process.communicate(given or "")
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    return finish
