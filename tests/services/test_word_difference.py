"""What changed between two texts."""

import random

import pytest

from rxapp.services.word_difference import COMPARED_WORDS_MAX, Change, word_difference


def shown(before: str, after: str) -> str:
    """`-gone-` and `+added+` in the text."""
    mark = {Change.SAME: "", Change.GONE: "-", Change.ADDED: "+"}
    return "".join(f"{mark[change]}{text}{mark[change]}" for change, text in word_difference(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("on Monday", "on Tuesday", "on -Monday-+Tuesday+"),
        ("the same", "the same", "the same"),
        ("a b c", "a c", "a -b -c"),
        ("a c", "a b c", "a +b +c"),
        ("", "new", "+new+"),
        ("old", "", "-old-"),
        ("we go. You stay.", "they go. You leave!", "-we-+they+ go. You -stay.-+leave!+"),
        ("snake_case über 😀", "snake_case unter 😀", "snake_case -über-+unter+ 😀"),
        ("<b>a</b>", "<b>b</b>", "<b>-a-+b+</b>"),
        ("", "", ""),
    ],
)
def test_words_that_changed_are_marked(before: str, after: str, expected: str) -> None:
    assert shown(before, after) == expected


@pytest.mark.parametrize("length", [10, COMPARED_WORDS_MAX, 16_000])
@pytest.mark.parametrize("alphabet", ["a ", "abc \n", "ab<>&\x07😀 .,"])
def test_both_texts_can_be_read_from_the_difference_whatever_they_are(length: int, alphabet: str) -> None:
    chance = random.Random(length)
    before, after = ("".join(chance.choices(alphabet, k=length)) for _ in range(2))
    pieces = word_difference(before, after)
    assert "".join(text for change, text in pieces if change is not Change.ADDED) == before
    assert "".join(text for change, text in pieces if change is not Change.GONE) == after
