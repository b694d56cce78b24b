"""The catalogue of sentences and what asks for them: none is missing, and none stands there for nothing."""

import re
from itertools import chain
from pathlib import Path
from string import Formatter

from rxapp.errors import ErrorCode
from rxapp.texts import catalogue

ROOT = Path(__file__).parents[2]
FOLDERS = ("assets/live", "components", "pages", "rxapp", "state")
_KEY = r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*"
_LITERAL = re.compile(rf"""["'`]({_KEY})["'`]""")
# A key whose end is put in: `emoji.${name}` in JavaScript, f"format.{name}" in Python.
_BUILT = re.compile(r"""["'`]([a-z_]+\.[a-z_]*)\$?\{[^"'`\s]*["'`]""")
_ASKED = re.compile(rf"""\b(?:t|sentence)\(\s*["']({_KEY})["']""")
_PARAMETER = re.compile(r"\{(\w+)\}")
# What the browser says by itself, without a refusal of the server.
OF_THE_BROWSER = {"error.unreachable"}


def sources() -> str:
    files = chain.from_iterable(sorted((ROOT / folder).rglob("*")) for folder in FOLDERS)
    return "\n".join(path.read_text(encoding="utf-8") for path in files if path.suffix in {".py", ".js"})


def test_every_sentence_that_is_asked_for_is_there() -> None:
    assert set(_ASKED.findall(sources())) - catalogue().keys() == set()


def test_every_sentence_is_asked_for_somewhere() -> None:
    written = sources()
    literals, beginnings = set(_LITERAL.findall(written)), tuple(set(_BUILT.findall(written)))
    assert "format." in beginnings

    def is_used(key: str) -> bool:
        return key in literals or key.removesuffix("_hint") in literals or key.startswith(beginnings)

    assert [key for key in catalogue() if not is_used(key)] == []


def test_every_refusal_has_its_sentence_and_no_other_has_one() -> None:
    said = {key for key in catalogue() if key.startswith("error.")}
    assert said - OF_THE_BROWSER - {f"error.{code.value}" for code in ErrorCode} == set()
    assert {f"error.{code.value}" for code in ErrorCode} - said == set()


def test_a_sentence_is_read_alike_by_server_and_browser() -> None:
    for key, text in catalogue().items():
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
        assert names == _PARAMETER.findall(text), key
