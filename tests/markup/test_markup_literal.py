"""Text in which nothing is markup, shown as it was typed."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rxapp.markup import clean_message, literal, literal_emphasis, render
from rxapp.markup.mentions import find_typed
from rxapp.markup.text import TextRefused

ADA = "0190aa00-0000-7000-8000-00000000000a"
NASTY = [
    "*x* **y** _z_ __w__ ***q***",
    "a*b*c and snake_case_name and __init__ and _icebreaker_",
    "`code` and ``more`` and ```",
    "```rm -rf /```",
    "~~gone~~ ~/bin ~~~",
    "~~~ fence",
    "# heading",
    "> quote > more",
    ">>> print('x')",
    "- item",
    "+ item",
    "* item",
    "1. first 2) second",
    "10) ten",
    "-",
    "[text](http://example.org) ![image](http://example.org/x.png)",
    "[a]() [b](javascript:alert(1))",
    "<b>bold</b> <script>alert(1)</script> <img src=x onerror=alert(1)>",
    "<ada@example.org> <mailto:a@b.c> <javascript:alert(1)>",
    "&amp; &lt; &#42; &nbsp;",
    "C:\\Users\\_x_\\*.* \\\\server\\share \\",
    "\\*not\\* \\_so\\_",
    "| a | b |",
    "| a | b |\n|---|:-:|\n| c | d |",
    "a | b\n--- | ---\nc | d",
    "a|\n-\nb|",
    "a|\n-|\nb|",
    "@ada: hi @ada.l, @channel! (@ada)",
    "join #general, or #c++ #1",
    ":tada: x :+1::cat: 10:100:00 :) :-) :p",
    "\\:tada: \\@ada \\#general *:tada:* *@ada*",
    "- [ ] task",
    "[x] done",
    f"<@{ADA}> and <#{ADA}>",
    "--- *** ___",
    "text\n===\n> quoted\n- item\n\n1. one\n```\ncode\n```",
    "`uname -r` in $(cmd) ${x} !!",
    "http://[bad*x*",
    "https://" + "a" * 400 + "/*x*",
    "http://",
    "\\http://example.org/_x_",
    "xhttp://example.org/_x_",
    "*" * 200 + "[" * 200 + "_" * 200,
    "(╯°□°)╯︵ ┻━┻ ¯\\_(ツ)_/¯",
    "\u202eevil\u202c *x*",
]

PIECES = [
    *"*_`~[]()<>\\-+1.# \n!:/x@|é\u0301&",
    *("|", "|-|", "\n-|-\n", ":tada:", ":+1:", "@ada", "#general", "[ ] ", f"<@{ADA}>", "🎉"),
    *("http://", "https://", "mailto:", "a.org", "](", "~~", "- ", "1. ", "```"),
]


def shown(source: str) -> str:
    return render(source).plain_text


def as_lines(text: str) -> list[str]:
    """Without what no paragraph shows: blank lines, and space around a line."""
    bare = re.sub("[\u202a-\u202e\u2066-\u2069]", "", text)
    return [line.strip() for line in bare.split("\n") if line.strip()]


@pytest.mark.parametrize("text", NASTY)
def test_nasty_text_is_shown_as_typed(text: str) -> None:
    rendered = render(literal(text))
    assert as_lines(rendered.plain_text) == as_lines(text)
    assert set(re.findall(r"</?([a-z0-9]+)", rendered.html)) <= {"p", "br", "a"}


@pytest.mark.parametrize("text", NASTY)
def test_an_action_cannot_get_out_of_its_italics(text: str) -> None:
    one_line = " ".join(text.split())
    rendered = render(literal_emphasis(text))
    assert rendered.html.startswith("<p><em>")
    assert rendered.html.endswith("</em></p>\n")
    assert as_lines(rendered.plain_text) == as_lines(one_line)
    assert set(re.findall(r"</?([a-z0-9]+)", rendered.html)) <= {"p", "em", "a"}


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text(max_size=40))
def test_any_text_is_shown_as_typed(text: str) -> None:
    try:
        cleaned = clean_message(text)
    except TextRefused:
        return
    rendered = render(literal(cleaned))
    assert rendered.mentions == ()
    # Sent by somebody else, nobody is mentioned in it either.
    assert not list(find_typed(literal(cleaned)))
    assert as_lines(rendered.plain_text) == as_lines(cleaned)
    assert set(re.findall(r"</?([a-z0-9]+)", rendered.html)) <= {"p", "br", "a"}
    emphasised = render(literal_emphasis(cleaned))
    assert as_lines(emphasised.plain_text) == as_lines(" ".join(cleaned.split()))
    assert emphasised.html.startswith("<p><em>")


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see http://example.org/a_b_c?x=*y*&z=~~ ok", ["http://example.org/a_b_c?x=*y*&z="]),
        ("*http://example.org/*", ["http://example.org/"]),
        ("<http://example.org/x>", ["http://example.org/x"]),
        ("(http://example.org/_x_)", ["http://example.org/_x"]),
        ("http://a.org/x_ http://b.org", ["http://a.org/x", "http://b.org"]),
        ("[here](http://example.org/y)", ["http://example.org/y"]),
        ("http://[bad then http://good.org", ["http://good.org"]),
    ],
)
def test_bare_addresses_are_links(text: str, links: list[str]) -> None:
    for source in (literal(text), literal_emphasis(text)):
        html = render(source).html
        assert [unescape(href) for href in re.findall(r'href="([^"]*)"', html)] == links
        assert shown(source) == text


@pytest.mark.parametrize(
    "text",
    [
        "apt-get install linux-headers",
        "foo_bar.c:12 ~/x 10.0.0.1",
        "what? - no, a + b > c",
        "nick: text",
        ":) :-) ;) :D :/ foo: bar:baz",
        "user@example.org C# a#b # !",
        "10:100:00 std::cat::x",
        "a | b || c -> d",
    ],
)
def test_what_is_no_markup_is_left_alone(text: str) -> None:
    assert literal(text) == text
