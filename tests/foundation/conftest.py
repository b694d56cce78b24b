"""What the tests of the foundation share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rxapp.cli.main import main
from rxapp.settings import Settings

# Runs a command line; gives the exit code and the lines of standard error.
RunCommand = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An operator's folder with no settings of the machine's own: the working directory, without a `.env`."""
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def command(
    operator: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], reachable_dir: Path
) -> RunCommand:
    """Run `confab <arguments>` under the settings given as keywords."""
    del operator

    def run(*arguments: str, **settings: str) -> tuple[int, list[str]]:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        code = main(arguments)
        return code, capsys.readouterr().err.splitlines()

    monkeypatch.setenv("CONFAB_DATA", str(reachable_dir / "operator"))
    return run
