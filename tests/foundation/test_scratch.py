"""Folders for a while: gone afterwards, and what a killed run left goes with the next."""

from pathlib import Path

import pytest

from rxapp.scratch import scratch_folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_is_gone_afterwards_also_when_something_failed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), scratch_folder(tmp_path, "backup-") as folder:
        (folder / "dump").touch()
        assert folder.stat().st_mode & 0o777 == 0o700
        raise RuntimeError
    assert names(tmp_path) == []


def test_what_was_left_goes_and_what_somebody_is_at_stays(tmp_path: Path) -> None:
    left, other = tmp_path / "backup-left", tmp_path / "files"
    for folder in (left, other):
        folder.mkdir()
        (folder / "dump").touch()
    with scratch_folder(tmp_path, "backup-") as first:
        assert names(tmp_path) == [first.name, "files"]
        with scratch_folder(tmp_path, "backup-") as second:
            assert names(tmp_path) == sorted([first.name, second.name, "files"])
    assert names(tmp_path) == ["files"]
