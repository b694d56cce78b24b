"""Which builds of the page go when a newer one is made."""

import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rxapp import build
from tests.foundation.processes import until

BUILDER = """
import sys
from pathlib import Path
from types import SimpleNamespace
from rxapp import build
build.BUILDS, build.sys, build._environment = Path(sys.argv[1]), SimpleNamespace(executable=sys.argv[2]), dict
with build._build_lock(print) as lock:
    build._export(print, lock)
"""


def is_locked(folder: Path) -> bool:
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_a_build_whose_builder_was_killed_holds_up_the_next_one(tmp_path: Path) -> None:
    pid_file, program = tmp_path / "pid", tmp_path / "export"
    program.write_text(f"#!/bin/sh\necho $$ > {pid_file}.new && mv {pid_file}.new {pid_file}\nexec sleep 600\n")
    program.chmod(0o700)
    builder = subprocess.Popen([sys.executable, "-c", BUILDER, str(tmp_path), str(program)])
    until(pid_file.exists, "it builds")
    builder.kill()
    builder.wait()
    assert is_locked(tmp_path)
    os.kill(int(pid_file.read_text()), signal.SIGKILL)
    until(lambda: not is_locked(tmp_path), "nobody builds any more")


def make_build(name: str, age_seconds: int) -> Path:
    folder = build.BUILDS / name
    folder.mkdir()
    (folder / build.HOLD).touch()
    made = folder.stat().st_mtime - age_seconds
    os.utime(folder, (made, made))
    return folder


def names() -> list[str]:
    return sorted(path.name for path in build.BUILDS.iterdir())


def test_the_newest_stay_and_whichever_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "BUILDS", tmp_path)
    folders = [make_build(f"build-{age}", age) for age in range(5)]
    half = tmp_path / "half"
    half.mkdir()
    os.utime(half, (0, 0))
    with build.held_build(folders[4]):
        build._forget_old_builds()
        assert names() == ["build-0", "build-1", "build-2", "build-4"]
    build._forget_old_builds()
    assert names() == ["build-0", "build-1", "build-2"]
