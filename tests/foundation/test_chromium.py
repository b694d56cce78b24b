"""Finding the browser that the tests drive."""

import os
import sys
from pathlib import Path

import pytest

from tests import chromium


def test_a_chosen_one_that_is_not_there_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    assert chromium.main() == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        "confab: CHROMIUM names /nowhere/chromium, which is not there: correct it, or unset it to look for one.\n"
    )


def test_a_chosen_one_is_taken(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CHROMIUM", sys.executable)
    assert chromium.main() == 0
    assert capsys.readouterr().out == f"{sys.executable}\n"


def test_the_system_s_own_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    (tmp_path / "chromium").touch()
    (tmp_path / "chromium").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert chromium.find_chromium() == tmp_path / "chromium"
