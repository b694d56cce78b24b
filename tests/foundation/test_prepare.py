"""`.ci/prepare.py`: what makes `.venv` out of nothing but Python, and does nothing when it is there."""

import hashlib
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Generator
from pathlib import Path

import pytest

CI = Path(__file__).resolve().parents[2] / ".ci"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return new_project(tmp_path)


def new_project(folder: Path) -> Path:
    """A checkout that needs no package at all."""
    shutil.copytree(CI, folder / "project" / ".ci", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "project" / "requirements.txt").write_text("# nothing\n")
    return folder / "project"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A checkout that two processes have prepared at once, and what each said."""
    project = new_project(tmp_path_factory.mktemp("prepared"))
    both = [start(project) for _ in range(2)]
    said = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    return project, said


def start(project: Path, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, project / ".ci" / "prepare.py", "requirements.txt"],
        env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def prepare(project: Path, **environment: str) -> tuple[int | None, list[str]]:
    process = start(project, **environment)
    printed, said = process.communicate()
    assert printed == ""  # standard output belongs to the command that follows
    return process.returncode, said.splitlines()


def test_one_process_makes_the_environment_and_the_other_waits(prepared: tuple[Path, list[str]]) -> None:
    project, said = prepared
    assert sorted(lines.count("Making a Python environment in .venv") for lines in said) == [0, 1]
    subprocess.run([project / ".venv/bin/python", "-m", "pip", "--version"], check=True, stdout=subprocess.DEVNULL)
    assert prepare(project) == (0, [])


def test_it_installs_again_when_the_pins_change(prepared: tuple[Path, list[str]]) -> None:
    project, _ = prepared
    (project / "requirements.txt").write_text("# nothing still\n")
    code, lines = prepare(project)
    assert (code, lines[0]) == (0, "Installing the packages of requirements.txt (a minute or two the first time)")
    assert prepare(project) == (0, [])


def test_a_package_that_cannot_be_installed_is_said_and_tried_again(prepared: tuple[Path, list[str]]) -> None:
    project, _ = prepared
    (project / "requirements.txt").write_text("./not-there\n")
    for _ in range(2):
        code, lines = prepare(project)
        assert code == 1
        assert lines[-1].startswith("confab: The packages could not be installed: the reason is in pip's lines above.")


def test_a_python_that_went_away_with_an_upgrade_is_replaced(prepared: tuple[Path, list[str]]) -> None:
    project, _ = prepared
    (project / ".venv/bin/python").unlink()
    (project / "requirements.txt").write_text("# nothing\n")
    code, lines = prepare(project)
    assert (code, lines[0]) == (0, "Making a Python environment in .venv")


def test_without_pip_and_network_it_says_what_to_do(without_pip: Path) -> None:
    code, lines = prepare(without_pip, PIP_INDEX_URL="https://127.0.0.1:1/simple")
    assert code == 1
    assert lines[-1].startswith("confab: pip could not be fetched from https://127.0.0.1:1/simple")
    assert "install the package python3-venv" in lines[-1]


def test_a_pip_that_is_not_the_pinned_one_is_refused(without_pip: Path, index: str) -> None:
    code, lines = prepare(without_pip, PIP_INDEX_URL=index)
    assert code == 1
    assert "is not the expected file: use another mirror" in lines[-1]


def test_an_index_without_the_pinned_pip_is_refused(without_pip: Path, index: str) -> None:
    code, lines = prepare(without_pip, PIP_INDEX_URL=index.replace("simple", "empty"))
    assert code == 1
    assert "is not on" in lines[-1]


def test_a_read_only_checkout_is_said(project: Path) -> None:
    (project / ".venv.lock").mkdir()  # what cannot be opened for writing, by root either
    code, lines = prepare(project)
    assert code == 1
    assert lines == [
        f"confab: {project}/.venv.lock cannot be written (Is a directory): start once as the owner of {project}."
    ]


def test_the_first_python_that_is_new_enough_is_chosen(tmp_path: Path) -> None:
    old = tmp_path / "python3.13"
    old.write_text("#!/bin/sh\nexit 1\n")  # answers no to any question about its version
    old.chmod(0o755)
    (tmp_path / "python3.11").symlink_to(sys.executable)
    chosen = choose_python(PATH=f"{tmp_path}:/nowhere")
    assert (chosen.returncode, chosen.stdout) == (0, "python3.11\n")
    assert choose_python(PATH="/nowhere", PYTHON=sys.executable).stdout == f"{sys.executable}\n"
    none = choose_python(PATH="/nowhere")
    assert (none.returncode, none.stdout) == (1, "")
    assert none.stderr.startswith("confab: no Python 3.11 or newer was found: install one")


def choose_python(**environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["/bin/sh", CI / "python"], env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def without_pip(project: Path) -> Path:
    """The checkout after an environment was made on a stock Debian, whose Python brings no pip."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", project / ".venv"], check=True)
    return project


@pytest.fixture
def index(tmp_path: Path) -> Generator[str]:
    """A package index that offers a false pip."""
    prepare_source = (CI / "prepare.py").read_text()
    wheel = prepare_source.partition('PIP_WHEEL = "')[2].partition('"')[0]
    page = tmp_path / "index" / "simple" / "pip"
    page.mkdir(parents=True)
    (page / "index.html").write_text(f'<a href="{wheel}#sha256={hashlib.sha256().hexdigest()}">{wheel}</a>')
    (page / wheel).write_bytes(b"false")
    empty = tmp_path / "index" / "empty" / "pip"
    empty.mkdir(parents=True)
    (empty / "index.html").write_text("<html></html>")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            del format, args

        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(tmp_path / "index"))  # type: ignore[arg-type]

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/simple"
        server.shutdown()
        thread.join()
