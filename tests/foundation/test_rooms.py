"""The rule about imports between rooms names file, line and what to do."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """The rooms, empty, under the project's own rules."""
    shutil.copytree(PROJECT / ".ci", tmp_path / ".ci", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    for room in ("pages", "components", "state", "db", "rxapp", "rxapp/services", "rxapp/auth", "rxapp/brandnew"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    for plain in ("errors", "settings", "serve"):
        (tmp_path / "rxapp" / f"{plain}.py").touch()
    return tmp_path


def check(house: Path) -> tuple[int, str]:
    # The program of the environment that runs the tests; `.ci/imports` names that of the checkout.
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=house, env={"PYTHONPATH": str(house / ".ci"), "COLUMNS": "200"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_what_the_table_allows_passes(house: Path) -> None:
    (house / "pages" / "home.py").write_text("import components\nimport state\nimport reflex\n")
    (house / "rxapp" / "services" / "messages.py").write_text("import db\nimport rxapp.errors\nimport sqlalchemy\n")
    (house / "rxapp" / "serve.py").write_text("import pages\nimport db\nimport rxapp.auth\n")  # wiring
    code, printed = check(house)
    assert code == 0, printed


@pytest.mark.parametrize(
    ("file", "line", "imported", "room"),
    [
        ("pages/home.py", "import rxapp.services.x", "rxapp.services", "pages"),
        ("components/row.py", "import pages", "pages", "components"),
        ("state/talk.py", "from db import x", "db", "state"),
        ("rxapp/auth/x.py", "import rxapp.services", "rxapp.services", "rxapp.auth"),
        ("rxapp/services/__init__.py", "import reflex", "reflex", "rxapp.services"),
        ("rxapp/services/x.py", "import rxapp.serve", "rxapp.serve", "rxapp.services"),
        ("rxapp/services/x.py", "import rxapp.brandnew", "rxapp.brandnew", "rxapp.services"),
        ("db/x.py", "import rxapp.services", "rxapp.services", "db"),
    ],
)
def test_what_goes_up_the_table_is_named(house: Path, file: str, line: str, imported: str, room: str) -> None:
    (house / file).write_text(f'"""A file."""\n\n{line}\n')
    code, printed = check(house)
    assert code == 1
    assert f"{file}:3 imports {imported}; {room} may import " in printed
    assert "Move the code to the room that may, or call a service that does it." in printed
