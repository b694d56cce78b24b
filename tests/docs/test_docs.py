"""What the documents name is there, and their tables say what the code says."""

import re
import struct
import tomllib
from pathlib import Path

import pytest

from components.formatting_dialog import EMOJI, FENCED, MARKS, TABLE
from components.shortcuts_dialog import CLICK, COMMAND, GROUPS
from rxapp.cli.main import COMMANDS
from rxapp.live import allowances
from rxapp.markup.rendering import render
from rxapp.services import (
    badges,
    channel_people,
    channels,
    direct,
    directory,
    history,
    invitations,
    members,
    message_versions,
    places,
    sidebar,
    workspace_removal,
    workspaces,
)
from rxapp.settings import Settings
from rxapp.texts import sentence
from tests.docs.document import PROJECT, Document, is_there
from tests.docs.guide import POSES
from tests.docs.screenshots import PICTURES, WIDE

PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", *(f"docs/{path.name}" for path in PROJECT.glob("docs/*.md")))
IMAGES = PROJECT / "docs" / "images"
PICTURE_MAX_BYTES = 160_000
# How the server says which op it is.
OP_KIND = re.compile(r'"k": "(\w+)"|message_op\(\s*"(\w+)"|_page_op\(\s*reader,\s*"(\w+)"')

every_page = pytest.mark.parametrize("name", PAGES)


@every_page
def test_every_link_leads_somewhere(name: str) -> None:
    document = Document(PROJECT / name)
    assert broken_links(document) == []


@every_page
def test_every_path_that_is_named_is_there(name: str) -> None:
    assert sorted(path for path in Document(PROJECT / name).paths if not is_there(path)) == []


@every_page
def test_every_command_that_is_named_can_be_said(name: str) -> None:
    assert Document(PROJECT / name).commands <= {command.name for command in COMMANDS}


@pytest.mark.parametrize("name", ["README.md", "docs/operating.md"])
def test_every_setting_that_is_named_can_be_set(name: str) -> None:
    found = Document(PROJECT / name).settings
    assert {"CONFAB_DATA", "DATABASE_URL"} <= found
    assert found <= {field.alias for field in Settings.model_fields.values()}


def test_the_table_of_rooms_is_the_one_that_is_enforced() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    enforced = {
        contract["room"]: contract["may_import"]
        for contract in project["tool"]["importlinter"]["contracts"]
        if contract["type"] == "room"
    }
    told = Document(PROJECT / "docs/architecture.md").table("room")
    assert {room: re.findall(r"`([\w.]+)`", cells[-1]) for room, cells in told.items()} == enforced


def test_the_table_of_limits_is_the_one_that_is_enforced() -> None:
    enforced = {
        limit.name: [limit.per.value, f"{limit.burst:g}", f"{limit.per_second:g}"]
        for limit in vars(allowances).values()
        if isinstance(limit, allowances.Limit)
    }
    told = Document(PROJECT / "docs/limits.md").table("bucket")
    assert {name: cells[:3] for name, cells in told.items()} == enforced


def test_the_table_of_lists_says_where_they_end() -> None:
    enforced = [
        history.PAGE_MESSAGES,
        history.CATCH_UP_MESSAGES,
        channels.BROWSE_PAGE_CHANNELS,
        channel_people.PEOPLE_PAGE,
        directory.DIRECTORY_PAGE,
        members.MEMBERS_PAGE,
        places.PLACES_LIMIT,
        message_versions.VERSIONS_MAX,
        invitations.LISTED_INVITATIONS,
        workspace_removal.LISTED_DELETED,
        sidebar.CHANGED_AT_ONCE,
        channel_people.SEATS_MAX,
        workspaces.MEMBERSHIPS_MAX,
        direct.CONVERSATION_MAX_PEOPLE,
        channel_people.ADDED_AT_ONCE_PEOPLE,
        badges.COUNTED_MESSAGES,
    ]
    told = Document(PROJECT / "docs/limits.md").table("list")
    assert [int(cells[0]) for cells in told.values()] == enforced


def test_the_table_of_ops_names_what_the_server_says() -> None:
    said = {
        next(kind for kind in kinds if kind)
        for room in ("rxapp", "state")
        for path in (PROJECT / room).rglob("*.py")
        for kinds in OP_KIND.findall(path.read_text())
    }
    assert {"new", "page", "older", "sidebar", "tick"} <= said
    assert set(Document(PROJECT / "docs/architecture.md").table("op")) == said


@pytest.mark.parametrize(("before", "key", "behind", "tag"), MARKS)
def test_the_sheet_of_formatting_says_what_a_mark_does(before: str, key: str, behind: str, tag: str) -> None:
    text = sentence(key)
    html = render(before + text + behind).html
    assert re.search({"task": r"<li class=\"task\">"}.get(tag, rf"<{tag}\b"), html)
    assert text in html
    assert before not in html


def test_the_sheet_of_formatting_shows_code_tables_and_emoji() -> None:
    assert "language-python" in render(FENCED).html
    assert "<table>" in render(TABLE).html
    assert all(emoji in render(name).html for name, emoji in EMOJI.items())


def test_every_picture_is_taken_by_the_script_and_shown_by_a_page() -> None:
    shown = {Path(link).name for name in PAGES for link in Document(PROJECT / name).links if link.endswith(".png")}
    kept = {path.name for path in IMAGES.iterdir()}
    assert kept == set(PICTURES) | set(POSES)
    assert kept == shown


@pytest.mark.parametrize("file", [*PICTURES, *POSES])
def test_a_picture_fits_its_window_and_loads_fast(file: str) -> None:
    content = (IMAGES / file).read_bytes()
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])  # the header chunk begins with both
    assert 300 <= width <= WIDE["width"]
    assert 100 <= height <= WIDE["height"]
    assert len(content) < PICTURE_MAX_BYTES


def test_the_guide_names_every_key_of_the_sheet() -> None:
    names = {COMMAND: "Ctrl", CLICK: sentence("shortcuts.click")}
    on_the_sheet = {
        (sentence(label), "".join(f"[{names.get(key, key)}]" for key in keys))
        for shortcuts in GROUPS.values()
        for label, keys in shortcuts
    }
    rows = re.findall(r"^\| ([^|]+) \| (<kbd>.+) \|$", Document(PROJECT / "docs/using.md").text, re.MULTILINE)
    told = [(what, re.sub(r"<kbd>(.+?)</kbd> ?", r"[\1]", keys)) for what, keys in rows]
    assert set(told) == on_the_sheet


def test_what_is_wrong_with_a_document_is_found(tmp_path: Path) -> None:
    (tmp_path / "other.md").write_text("# The one heading\n")
    (tmp_path / "page.md").write_text(
        "[a](gone.md) [b](other.md#the-one-heading) [c](other.md#gone) [d](https://example.org) "
        '<img src="gone.png">\n\n'
        "`rxapp/gone.py` `gone.js` `rxapp/serve.py` `list.js` `GONE_SETTING` `.venv/bin/x.py` `./run gone`\n\n"
        "```\n$ OTHER_SETTING=1 ./run serve tests/gone/\n```\n"
    )
    document = Document(tmp_path / "page.md")
    assert broken_links(document) == ["gone.md", "other.md#gone", "gone.png"]
    assert {path for path in document.paths if not is_there(path)} == {"rxapp/gone.py", "gone.js", "tests/gone/"}
    assert document.settings == {"GONE_SETTING", "OTHER_SETTING"}
    assert document.commands == {"gone", "serve"}


def broken_links(document: Document) -> list[str]:
    """The links that lead to no file, or to no heading of one."""
    broken = []
    for link in document.links:
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = document.path.parent / path if path else document.path
        if not target.exists() or (anchor and anchor not in Document(target).anchors):
            broken.append(link)
    return broken
