"""Every sentence people read, by key. `en.json` is the catalogue; `var.t` gives it to components."""

import json
from functools import cache
from pathlib import Path
from string import Formatter

CATALOGUE = Path(__file__).with_name("en.json")


@cache
def catalogue() -> dict[str, str]:
    """Every key with its sentence."""
    texts: dict[str, str] = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    return texts


def sentence(key: str, **parameters: str | int) -> str:
    """The sentence of a key; what it names and nobody gave is left out. KeyError for an unknown key."""
    text = catalogue()[key]
    names = {name for _, name, _, _ in Formatter().parse(text) if name}
    return text.format(**{name: parameters.get(name, "") for name in names})
