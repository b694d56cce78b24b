"""What the page is made of, as one short key: another key means that it has to be built again."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

# Not the folder: Reflex writes the package.json beside it in one order or another.
PACKAGE_LOCK = "reflex.lock/package-lock.json"
SOURCES = ("pages", "components", "state", "assets", "rxapp", "rxconfig.py", "requirements.txt", PACKAGE_LOCK)
KEY_CHARACTERS = 16
# Made by Python and by a build, so never a reason to build.
CACHE = "__pycache__"
GENERATED = Path("assets", "external")


def build_key(project: Path) -> str:
    """A hash of the names and contents of all sources."""
    digest = hashlib.sha256()
    for path in _files(project):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(project)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:KEY_CHARACTERS]


def _files(project: Path) -> Iterator[Path]:
    for source in SOURCES:
        root = project / source
        found = [root] if root.is_file() else sorted(root.rglob("*"))
        for path in found:
            inner = path.relative_to(project)
            if path.is_file() and CACHE not in inner.parts and not inner.is_relative_to(GENERATED):
                yield path
