"""Short conversations by subject, read from `scenes.txt`."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

Line = tuple[str, str]
"""Who says it (`A`, `B`, `C`), and what, with gaps for words."""

Scene = Sequence[Line]

_FILE = Path(__file__).with_name("scenes.txt")
_ROLES = ("A: ", "B: ", "C: ")


@cache
def scenes() -> Mapping[str, Sequence[Scene]]:
    """The scenes of each subject. Raises ValueError for a line that says neither who nor what."""
    _, *parts = _FILE.read_text(encoding="utf-8").split("\n## ")
    read: dict[str, Sequence[Scene]] = {}
    for part in parts:
        subject, _, rest = part.partition("\n")
        read[subject] = [_scene(block) for block in rest.strip().split("\n\n")]
    return read


def _scene(block: str) -> Scene:
    lines: list[Line] = []
    for line in block.split("\n"):
        if line.startswith(_ROLES):
            lines.append((line[0], line[3:]))
        elif line.startswith("|") and lines:
            role, before = lines[-1]
            lines[-1] = (role, f"{before}\n{line[2:]}")
        else:
            raise ValueError(f"{_FILE.name}: {line!r} begins with none of {_ROLES} and `|`")
    return lines
