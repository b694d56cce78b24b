"""Texts at the edge: what is taken, what is mended, what is refused."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rxapp.markup import (
    MESSAGE_LIMIT_CHARACTERS,
    NAME_LIMIT_CHARACTERS,
    TextRefusal,
    TextRefused,
    clean_message,
    clean_name,
    clean_text,
)
from rxapp.markup.characters import MARKS_LIMIT_CHARACTERS

EMOJI = ["👩‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "❤️", "1️⃣"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Jo \t Doe\n", "Jo Doe"),
        ("Zoe\u0308", "Zoë"),
        ("ad\u200bmin", "admin"),
        ("ad\u200dmin\u200c", "admin"),
        ("\ufeffadmin\u00ad", "admin"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("\u2066a\u2069", "a"),
        ("a\x1b[31mb\x07", "a[31mb"),
        ("a\U000e0061\U000e0062", "a"),
        ("a\u2028b\u00a0c", "a b c"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("क्\u200dष", "क्\u200dष"),
    ],
)
def test_names_are_mended(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize("emoji", EMOJI)
def test_emoji_survive(emoji: str) -> None:
    assert clean_name(f"a {emoji} b") == f"a {emoji} b"
    assert clean_message(emoji) == emoji


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("    indented\n\n\n\tcode  \nend  \n\n", "    indented\n\n\n\tcode  \nend"),
        ("\n \n  first", "  first"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a\x00b".replace("\x00", "\x01"), "ab"),
        ("שלום \u2067abc\u2069", "שלום \u2067abc\u2069"),
        ("\ufeffis there", "is there"),
        ("e\u0301", "é"),
    ],
)
def test_messages_keep_what_was_typed(typed: str, kept: str) -> None:
    assert clean_message(typed) == kept


@pytest.mark.parametrize(
    "nothing",
    [
        "",
        " \n\t",
        "\u200b\u200d\u2060",
        "\ufeff",
        "\u3164",
        "\u2800\u115f",
        "\ufe0f",
        "\u00ad",
        "\x07",
    ],
)
def test_what_shows_nothing_is_refused(nothing: str) -> None:
    for clean in (clean_name, clean_message):
        with pytest.raises(TextRefused) as refused:
            clean(nothing)
        assert refused.value.code is TextRefusal.EMPTY


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("a\0b", TextRefusal.NUL),
        ("a\ud83d", TextRefusal.LONE_SURROGATE),
        ("\udc00", TextRefusal.LONE_SURROGATE),
    ],
)
def test_what_no_database_or_browser_takes_is_refused(typed: str, code: TextRefusal) -> None:
    with pytest.raises(TextRefused) as refused:
        clean_message(typed)
    assert refused.value.code is code


def test_a_refusal_says_how_long_the_text_was_and_may_be() -> None:
    with pytest.raises(TextRefused) as refused:
        clean_name("  " + "x" * 81 + "  ", field="channel")
    assert refused.value.code is TextRefusal.TOO_LONG
    assert refused.value.field == "channel"
    assert refused.value.limit_characters == NAME_LIMIT_CHARACTERS
    assert refused.value.actual_characters == 81


def test_the_limit_counts_what_is_left_after_cleaning() -> None:
    assert clean_name("e\u0301" * NAME_LIMIT_CHARACTERS) == "é" * NAME_LIMIT_CHARACTERS
    assert len(clean_message("x" * MESSAGE_LIMIT_CHARACTERS + "\n")) == MESSAGE_LIMIT_CHARACTERS


def test_a_text_far_too_long_is_refused_unread() -> None:
    with pytest.raises(TextRefused) as refused:
        clean_text("\0" * 401, limit_characters=100, field="topic")
    assert refused.value.code is TextRefusal.TOO_LONG


def test_marks_piled_on_one_letter_are_cut() -> None:
    piled = clean_message("a" + "\u0316\u0317" * 8_000)
    assert len(piled) == 1 + MARKS_LIMIT_CHARACTERS


def test_marks_that_take_room_are_cut_too_where_normalising_would_sort_them() -> None:
    piled = clean_message("a" + "".join(mark * 2_000 for mark in "\U0001d16d\u302e\U0001d165\u1b44\U00016ff0"))
    assert len(piled) == 1 + MARKS_LIMIT_CHARACTERS


@given(st.text(), st.booleans())
def test_cleaning_twice_changes_nothing_more(typed: str, multi_line: bool) -> None:
    try:
        once = clean_text(typed, limit_characters=500, field="text", multi_line=multi_line)
    except TextRefused:
        return
    assert clean_text(once, limit_characters=500, field="text", multi_line=multi_line) == once
    assert unicodedata.is_normalized("NFC", once)
    assert multi_line or "\n" not in once


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126) | st.just("\n"), min_size=1))
def test_plain_lines_come_back_as_typed(typed: str) -> None:
    if not typed.strip():
        return
    assert clean_message(typed) in typed
    assert clean_message(typed).split() == typed.split()
