"""Which builds of the page go when a newer one is made."""

import os
from pathlib import Path

import pytest

from rxapp import build


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
