"""What the composer does to a text, run by Node."""

from collections.abc import Generator
from typing import Any

import pytest

from tests.live.node_host import NodeHost, node_host

Edit = dict[str, Any]


@pytest.fixture(scope="module")
def writing() -> Generator[NodeHost]:
    with node_host("writing_host.mjs") as host:
        yield host


def edit_of(marked: str) -> Edit:
    """`a «b» c` is a selection, `a¦b` a caret."""
    if "¦" in marked:
        at = marked.index("¦")
        return {"text": marked.replace("¦", ""), "start": at, "end": at}
    start, end = marked.index("«"), marked.index("»") - 1
    return {"text": marked.replace("«", "").replace("»", ""), "start": start, "end": end}


def marked_of(edit: Edit) -> str:
    text, start, end = edit["text"], edit["start"], edit["end"]
    if start == end:
        return f"{text[:start]}¦{text[start:]}"
    return f"{text[:start]}«{text[start:end]}»{text[end:]}"


def call(writing: NodeHost, command: str, argument: object) -> Any:
    return writing.call({"command": command, "argument": argument})


FORMATS = [
    ("bold", "a «word» here", "a **«word»** here"),
    ("bold", "a **«word»** here", "a «word» here"),
    ("bold", "a «**word**» here", "a «word» here"),
    ("bold", "a « word » here", "a  **«word»**  here"),
    ("bold", "¦", "**¦**"),
    ("bold", "**¦**", "¦"),
    ("bold", "**word¦**", "**word**¦"),
    ("bold", "«one\n\n- two\n> three»", "«**one**\n\n- **two**\n> **three**»"),
    ("bold", "«**one**\n\n- **two**\n> **three**»", "«one\n\n- two\n> three»"),
    ("italic", "«word»", "_«word»_"),
    ("italic", "_«word»_", "«word»"),
    ("italic", "**«word»**", "**_«word»_**"),
    ("strike", "«word»", "~~«word»~~"),
    ("code", "«word»", "`«word»`"),
    ("code", "«a\nb»", "```\n«a\nb»\n```"),
    ("block", "¦", "```\n¦\n```"),
    ("block", "say\n«a\nb»\nend", "say\n```\n«a\nb»\n```\nend"),
    ("block", "say\n```\n«a\nb»\n```\nend", "say\n«a\nb»\nend"),
    ("block", "«a\n``` is a fence»", "````\n«a\n``` is a fence»\n````"),
    ("quote", "a¦", "> a¦"),
    ("quote", "> a¦", "a¦"),
    ("quote", "«a\n\nb»", "«> a\n>\n> b»"),
    ("quote", "«> a\n>\n> b»", "«a\n\nb»"),
    ("bullets", "¦", "- ¦"),
    ("bullets", "«a\n\nb»", "«- a\n\n- b»"),
    ("bullets", "«- a\n* b»", "«a\nb»"),
    ("bullets", "«1. a\n2. b»", "«- a\n- b»"),
    ("bullets", "«a\n»b", "«- a»\nb"),
    ("numbers", "«a\nb\nc»", "«1. a\n2. b\n3. c»"),
    ("numbers", "«1. a\n2. b»", "«a\nb»"),
    ("link", "see «here»", "see [here](«https://»)"),
    ("link", "«https://example.org»", "[¦](https://example.org)"),
    ("link", "¦", "[¦](https://)"),
    ("link", "«[here](https://example.org)»", "«here»"),
    ("bold", "an «👩‍👩‍👧» emoji", "an **«👩‍👩‍👧»** emoji"),
]


@pytest.mark.parametrize(("name", "before", "after"), FORMATS)
def test_a_format_goes_on_and_off_around_what_is_selected(
    writing: NodeHost, name: str, before: str, after: str
) -> None:
    edit = call(writing, "format", {"name": name, "edit": utf16(edit_of(before))})
    assert marked_of(code_points(edit)) == after


BREAKS = [
    ("- a¦", "- a\n- ¦"),
    ("* a¦ b", "* a\n* ¦ b"),
    ("9. a¦", "9. a\n10. ¦"),
    ("1) a¦", "1) a\n2) ¦"),
    ("  - a¦", "  - a\n  - ¦"),
    ("- [x] done¦", "- [x] done\n- [ ] ¦"),
    ("> a¦", "> a\n> ¦"),
    ("> - a¦", "> - a\n> - ¦"),
    ("- a\n- ¦", "- a\n¦"),
    ("> a\n> ¦", "> a\n¦"),
    ("plain¦", "plain\n¦"),
    ("-¦", "-\n¦"),
    ("```\n    indented¦", "```\n    indented\n    ¦"),
    ("```\n- no list¦", "```\n- no list\n¦"),
    ("a «b» c", "a \n¦ c"),
]


@pytest.mark.parametrize(("before", "after"), BREAKS)
def test_a_line_break_goes_on_with_what_begins_the_line(writing: NodeHost, before: str, after: str) -> None:
    assert marked_of(call(writing, "breakLine", edit_of(before))) == after


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("```¦", True),
        ("```py\nx¦", True),
        ("```\nx\n¦```", False),
        ("```\nx\n```¦", False),
        ("```\nx¦\n```", True),
        ("~~~\n```¦", True),
        ("````\n```¦\n````", True),
        ("```one line```¦", False),
        ("    ```¦", False),
        ("text¦", False),
    ],
)
def test_where_a_block_of_code_is_open(writing: NodeHost, marked: str, expected: bool) -> None:
    assert call(writing, "codeBlockAt", edit_of(marked)) is expected


@pytest.mark.parametrize(
    ("marked", "kind", "query"),
    [
        ("@¦", "people", ""),
        ("hi @ad¦", "people", "ad"),
        ("(@ad¦", "people", "ad"),
        ("#plan-b¦", "channels", "plan-b"),
        ("#überblick¦", "channels", "überblick"),
        (":ta¦", "emoji", "ta"),
        (":+1¦", "emoji", "+1"),
        ("a\n@b¦", "people", "b"),
    ],
)
def test_a_sign_at_the_beginning_of_a_word_asks_for_completion(
    writing: NodeHost, marked: str, kind: str, query: str
) -> None:
    found = call(writing, "triggerAt", edit_of(marked))
    assert (found["kind"], found["query"]) == (kind, query)


@pytest.mark.parametrize(
    "marked",
    [
        "ada@example¦",
        "at 10:30¦",
        ":¦",
        ":t¦",
        "# heading¦",
        "`@ad¦`",
        "```\n@ad¦",
        "«@ad»",
        "@ad ¦",
        "https://a.b/#c¦",
    ],
)
def test_elsewhere_nothing_is_completed(writing: NodeHost, marked: str) -> None:
    assert call(writing, "triggerAt", edit_of(marked)) is None


@pytest.mark.parametrize(
    ("before", "chosen", "after"),
    [("hi @ad¦", "@ada", "hi @ada ¦"), ("hi @ad¦ there", "@ada", "hi @ada ¦there"), ("@¦!", "@ada", "@ada ¦!")],
)
def test_what_is_chosen_stands_in_the_place_of_the_word(
    writing: NodeHost, before: str, chosen: str, after: str
) -> None:
    assert marked_of(call(writing, "complete", {"edit": edit_of(before), "chosen": chosen})) == after


PEOPLE = [
    {"id": "1", "names": ["Joan Ada", "joan"]},
    {"id": "2", "names": ["Ada Lovelace", "ada"]},
    {"id": "3", "names": ["Adèle", "adele"]},
    {"id": "4", "names": ["Canada", "canada"]},
    {"id": "5", "names": ["Bob", "bob"]},
]


@pytest.mark.parametrize(
    ("query", "recents", "expected"),
    [
        ("ada", [], ["2", "1", "4"]),
        ("ad", [], ["2", "3", "1", "4"]),
        ("ad", ["3"], ["3", "2", "1", "4"]),
        ("ADÈ", [], ["3"]),
        ("", ["5"], ["5", "2", "3", "4", "1"]),
        ("zz", [], []),
        (".*[", [], []),
    ],
)
def test_what_begins_so_comes_before_what_holds_it(
    writing: NodeHost, query: str, recents: list[str], expected: list[str]
) -> None:
    assert call(writing, "rank", {"candidates": PEOPLE, "query": query, "recents": recents}) == expected


KEY: dict[str, Any] = {"ctrlKey": True, "metaKey": False, "shiftKey": False, "altKey": False}


@pytest.mark.parametrize(
    ("event", "selected", "expected"),
    [
        ({"key": "b", "code": "KeyB"}, False, "bold"),
        ({"key": "B", "code": "KeyB"}, False, "bold"),
        ({"key": "и", "code": "KeyB"}, False, "bold"),
        ({"key": "x", "code": "KeyB"}, False, ""),
        ({"key": "X", "code": "KeyX", "shiftKey": True}, False, "strike"),
        ({"key": "e", "code": "KeyE"}, False, "code"),
        ({"key": "C", "code": "KeyC", "shiftKey": True}, False, "code"),
        ({"key": "C", "code": "KeyC", "shiftKey": True, "altKey": True}, False, "block"),
        ({"key": "c", "code": "KeyC"}, False, ""),
        ({"key": "k", "code": "KeyK"}, False, ""),
        ({"key": "k", "code": "KeyK"}, True, "link"),
        ({"key": "(", "code": "Digit9", "shiftKey": True}, False, "quote"),
        ({"key": "b", "code": "KeyB", "ctrlKey": False}, False, ""),
        ({"key": "b", "code": "KeyB", "metaKey": True}, False, ""),
    ],
)
def test_which_keys_mean_which_format(writing: NodeHost, event: Edit, selected: bool, expected: str) -> None:
    assert call(writing, "formatOf", {"event": {**KEY, **event}, "hasSelection": selected}) == expected


def test_keys_are_called_as_the_machine_calls_them(writing: NodeHost) -> None:
    assert call(writing, "keysOf", {"name": "strike", "isMac": False}) == "Ctrl+Shift+X"
    assert call(writing, "keysOf", {"name": "strike", "isMac": True}) == "⇧⌘X"


def test_an_address_over_words_is_a_link_of_them(writing: NodeHost) -> None:
    linked = call(writing, "linkOver", {"edit": edit_of("see «[this]»"), "address": "https://a.org/x_(y)"})
    assert marked_of(linked) == r"see [\[this\]](https://a.org/x_%28y%29)¦"


def test_what_comes_from_elsewhere_stands_on_lines_of_its_own_at_the_end(writing: NodeHost) -> None:
    for before, after in (("Yes:¦ really \n", "Yes: really\n\n> one\n\n¦"), ("¦", "> one\n\n¦")):
        added = call(writing, "appended", {"edit": edit_of(before), "added": "> one\n\n"})
        assert marked_of(added) == after


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        ("a", "", "a"),
        ("", "b", "b"),
        ("half a text", "half a", "half a text"),
        ("half a", "half a text", "half a text"),
        ("one", "two", "two\n\none"),
    ],
)
def test_of_two_drafts_from_two_devices_nothing_is_lost(
    writing: NodeHost, here: str, there: str, expected: str
) -> None:
    assert call(writing, "joined", {"here": here, "there": there}) == expected


def utf16(edit: Edit) -> Edit:
    """Places as JavaScript counts them."""
    text = edit["text"]
    return {"text": text, "start": _units(text[: edit["start"]]), "end": _units(text[: edit["end"]])}


def code_points(edit: Edit) -> Edit:
    """The same back."""
    units = edit["text"].encode("utf-16-le")
    start, end = (len(units[: 2 * edit[name]].decode("utf-16-le")) for name in ("start", "end"))
    return {"text": edit["text"], "start": start, "end": end}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
