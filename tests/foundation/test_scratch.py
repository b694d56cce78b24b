"""Folders for a while: gone afterwards, and what a killed run left goes with the next."""

from pathlib import Path

import pytest

from rxapp.scratch import LOCK, PREFIX, scratch_folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_is_gone_afterwards_also_when_something_failed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), scratch_folder(tmp_path) as folder:
        (folder / "dump").touch()
        assert folder.stat().st_mode & 0o777 == 0o700
        raise RuntimeError
    assert names(tmp_path) == []


def test_what_was_left_goes_and_what_somebody_is_at_stays(tmp_path: Path) -> None:
    left, own = tmp_path / f"{PREFIX}left", tmp_path / "backup-daily"
    for folder in (left, own):
        folder.mkdir()
        (folder / "dump").touch()
        (folder / LOCK).touch()
    with scratch_folder(tmp_path) as first:
        assert names(tmp_path) == [first.name, own.name]
        with scratch_folder(tmp_path) as second:
            assert names(tmp_path) == sorted([first.name, second.name, own.name])
    assert names(tmp_path) == [own.name]


def test_what_cannot_be_removed_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}file").touch()
    (tmp_path / f"{PREFIX}of-somebody-else").mkdir()
    with scratch_folder(tmp_path) as folder:
        assert len(names(tmp_path)) == 3
        assert names(folder) == [LOCK]


def test_what_goes_wrong_in_the_block_comes_out_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(BlockingIOError), scratch_folder(tmp_path):
        raise BlockingIOError


def test_a_removal_that_is_cut_short_is_completed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> None:
        raise OSError(path)

    with monkeypatch.context() as failing, pytest.raises(OSError, match="dump"), scratch_folder(tmp_path) as folder:
        (folder / "dump").touch()
        failing.setattr(Path, "unlink", fail)
    assert names(folder) == ["dump", LOCK]
    with scratch_folder(tmp_path) as second:
        assert names(tmp_path) == [second.name]
