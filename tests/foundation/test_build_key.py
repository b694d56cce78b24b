"""When the page is built again: when what it is made of changed, and not otherwise."""

from pathlib import Path

import pytest

from rxapp.build_key import build_key


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("pages", "components", "state", "assets", "rxapp", "docs", "reflex.lock"):
        (tmp_path / folder).mkdir()
    (tmp_path / "pages" / "home.py").write_text("home")
    (tmp_path / "requirements.txt").write_text("reflex==1")
    return tmp_path


@pytest.mark.parametrize(
    "name",
    [
        "pages/home.py",
        "pages/new.py",
        "assets/live.js",
        "rxapp/a.py",
        "requirements.txt",
        "reflex.lock/package-lock.json",
    ],
)
def test_a_changed_source_is_another_key(project: Path, name: str) -> None:
    before = build_key(project)
    (project / name).write_text("changed")
    assert build_key(project) != before


def test_a_moved_source_is_another_key(project: Path) -> None:
    before = build_key(project)
    (project / "pages" / "home.py").rename(project / "components" / "home.py")
    assert build_key(project) != before


@pytest.mark.parametrize(
    "name", ["docs/new.md", "pages/__pycache__/home.pyc", "assets/external/made.js", ".env", "reflex.lock/package.json"]
)
def test_what_is_no_source_changes_nothing(project: Path, name: str) -> None:
    before = build_key(project)
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text("new")
    assert build_key(project) == before


def test_the_same_sources_elsewhere_have_the_same_key(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    copy = tmp_path_factory.mktemp("copy")
    for path in project.rglob("*"):
        target = copy / path.relative_to(project)
        target.mkdir(exist_ok=True) if path.is_dir() else target.write_bytes(path.read_bytes())
    assert build_key(copy) == build_key(project)
