"""One of the documents, and what it names."""

import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCE_SUFFIXES = (".py", ".js", ".mjs", ".md", ".sql", ".toml")
CODE_SUFFIXES = (".py", ".js", ".mjs", ".sql")
# Made by a start, a build or a tool: not part of a checkout.
GENERATED = frozenset({".venv", ".build", ".web", ".confab"})

_FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_ATTRIBUTE = re.compile(r"""(?:src|srcset|href)="([^"]+)\"""")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_ASSIGNMENT = re.compile(r"(?:^|\s)#?([A-Z][A-Z_]+)=\S", re.MULTILINE)
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
_SETTING = re.compile(r"[A-Z]{2,}(?:_[A-Z]+)*")


class Document:
    """A Markdown file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self._fences = [found.group() for found in _FENCE.finditer(self.text)]
        self._prose = _FENCE.sub("", self.text)

    @property
    def links(self) -> list[str]:
        """Where its links and pictures lead."""
        return [*_LINK.findall(self._prose), *_ATTRIBUTE.findall(self._prose)]

    @property
    def inline_code(self) -> list[str]:
        """What stands between backticks in its sentences."""
        return _INLINE.findall(self._prose)

    @property
    def anchors(self) -> set[str]:
        """What a link to one of its headings may end with, as GitHub makes them."""
        headings = _HEADING.findall(self._prose)
        return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

    @property
    def paths(self) -> set[str]:
        """The project's files and folders that it names as code."""
        return {path for words in (*self.inline_code, *self._fences) for path in _paths_in(words)}

    @property
    def settings(self) -> set[str]:
        """The environment variables that it names by themselves or sets."""
        alone = {code for code in self.inline_code if _SETTING.fullmatch(code)}
        return alone | {name for words in (*self.inline_code, *self._fences) for name in _ASSIGNMENT.findall(words)}

    @property
    def commands(self) -> set[str]:
        """What it lets people say to `./run`."""
        code = "\n".join((*self.inline_code, *self._fences))
        return set(re.findall(r"(?:\./run|-m rxapp) ([a-z][\w-]*)", code))

    def table(self, heading: str) -> dict[str, list[str]]:
        """The rows of the table whose first column has that heading: first cell to the others."""
        lines = self.text.splitlines()
        start = next(number for number, line in enumerate(lines) if line.startswith(f"| {heading} |"))
        rows: dict[str, list[str]] = {}
        for line in lines[start + 2 :]:
            if not line.startswith("|"):
                break
            first, *others = (cell.strip() for cell in line.strip("|").split("|"))
            rows[first.strip("`")] = others
        return rows


def is_there(path: str) -> bool:
    """Whether the project has that file or folder; a bare name may be anywhere in it."""
    if "/" in path or not path.endswith(CODE_SUFFIXES):
        return (PROJECT / path).exists()
    return any(True for room in _rooms() if room.is_dir() for _ in room.rglob(path))


def _paths_in(words: str) -> Iterator[str]:
    top = {room.name for room in _rooms()}
    for word in re.split(r"[\s\"'(),;]+|::|:(?=\d)", words):
        if not _PATH.fullmatch(word) or word.split("/")[0] in GENERATED | {"..", "."}:
            continue
        if ("/" in word and word.split("/")[0] in top) or word.endswith(SOURCE_SUFFIXES):
            yield word


def _rooms() -> list[Path]:
    return [path for path in PROJECT.iterdir() if path.name not in GENERATED | {".git"}]
