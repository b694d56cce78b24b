"""Secrets: made once, kept with mode 600, and never replaced by accident."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rxapp.operator_error import OperatorError
from rxapp.secret_file import SECRET_FILE, load_secrets
from rxapp.settings import Settings


def settings_in(folder: Path, secret_key: str | None = None) -> Settings:
    return Settings(CONFAB_DATA=folder, SECRET_KEY=secret_key, _env_file=None)


def test_the_first_start_makes_them_and_the_next_reads_them(tmp_path: Path) -> None:
    first = load_secrets(settings_in(tmp_path))
    assert len(first.secret_key.get_secret_value()) >= 32
    assert load_secrets(settings_in(tmp_path)) == first
    assert stat.S_IMODE((tmp_path / SECRET_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [SECRET_FILE]


def test_installations_have_different_ones(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert load_secrets(settings_in(tmp_path / "one")) != load_secrets(settings_in(tmp_path / "two"))


def test_starts_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: load_secrets(settings_in(tmp_path)), range(8)))
    assert all(secrets == found[0] for secrets in found)


def test_a_set_key_is_taken_and_not_written(tmp_path: Path) -> None:
    assert load_secrets(settings_in(tmp_path, "k" * 32)).secret_key.get_secret_value() == "k" * 32
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "{}", '{"secret_key": 1}', '{"secret_key": "k", "more": 1}'])
def test_a_damaged_file_is_refused_and_kept(tmp_path: Path, content: str) -> None:
    (tmp_path / SECRET_FILE).write_text(content)
    with pytest.raises(OperatorError, match="cannot be read as secrets: restore it from a backup"):
        load_secrets(settings_in(tmp_path))
    assert (tmp_path / SECRET_FILE).read_text() == content


def test_they_are_not_shown_by_accident(tmp_path: Path) -> None:
    secrets = load_secrets(settings_in(tmp_path))
    assert secrets.secret_key.get_secret_value() not in repr(secrets)
