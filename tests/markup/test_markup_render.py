"""What messages look like."""

import pytest

from rxapp.markup import MESSAGE_LIMIT_CHARACTERS, render
from rxapp.markup.links import ADDRESS_LIMIT_CHARACTERS
from rxapp.markup.nesting import BLOCK_NESTING_LIMIT_LEVELS, INLINE_NESTING_LIMIT_LEVELS

LINK = 'target="_blank" rel="noopener noreferrer nofollow"'


def body(source: str) -> str:
    return render(source).html.removeprefix("<p>").removesuffix("</p>\n")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("**b** __b__", "<strong>b</strong> <strong>b</strong>"),
        ("*i* _i_", "<em>i</em> <em>i</em>"),
        ("~~gone~~ ~not~", "<s>gone</s> ~not~"),
        ("`a*b*`", "<code>a*b*</code>"),
        ("one\ntwo", "one<br>\ntwo"),
        ("snake_case_name", "snake_case_name"),
        (r"\*no\*", "*no*"),
        ("# not a heading", "# not a heading"),
        ("title\n---", "title<br>\n---"),
        ("|a|b|\n|-|-|", "|a|b|<br>\n|-|-|"),
        ("&nbsp; &lt;", "&amp;nbsp; &amp;lt;"),
        ("docker run \\\n  image", "docker run \\<br>\nimage"),
        ("a@b.org", "a@b.org"),
        ("👩‍👩‍👧‍👦 🏳️‍🌈", "👩‍👩‍👧‍👦 🏳️‍🌈"),
    ],
)
def test_one_paragraph(source: str, html: str) -> None:
    assert body(source) == html


def test_blank_lines_part_paragraphs() -> None:
    assert render("a\n\nb").html == "<p>a</p>\n<p>b</p>\n"


def test_a_fence_keeps_indentation_and_names_its_language() -> None:
    rendered = render("```py\nif x:\n    y\n\n    z\n```\nafter")
    assert rendered.html == ('<pre><code class="language-py">if x:\n    y\n\n    z\n</code></pre>\n<p>after</p>\n')
    assert rendered.plain_text == "if x:\n    y\n\n    z\nafter"


@pytest.mark.parametrize(
    "source",
    ["```ls -la\ncat x```", "```ls -la\ncat x\n```", "```\nls -la\ncat x```", "```\nls -la\ncat x"],
)
def test_a_fence_as_people_type_it_loses_no_code(source: str) -> None:
    assert render(source).plain_text == "ls -la\ncat x"


def test_what_follows_a_fence_closed_in_its_last_line_is_not_code() -> None:
    assert render("```\nx = 1```\n*after*").html.endswith("</code></pre>\n<p><em>after</em></p>\n")


def test_an_answer_below_a_quote_is_not_part_of_it() -> None:
    assert render("> they said\nI answer").html == ("<blockquote>\n<p>they said</p>\n</blockquote>\n<p>I answer</p>\n")


def test_a_line_below_a_list_is_not_part_of_its_last_item() -> None:
    assert render("- a\n- b\nnot an item").html == ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<p>not an item</p>\n")


def test_lists_keep_their_numbers_in_both_forms() -> None:
    rendered = render("3. c\n4. d\n   - e")
    assert '<ol start="3">' in rendered.html
    assert rendered.plain_text == "3. c\n4. d\n• e"


@pytest.mark.parametrize(
    ("source", "address", "shown"),
    [
        ("[x](https://a.org)", "https://a.org", "x"),
        ('[x](https://a.org "title")', "https://a.org", "x"),
        ("<mailto:a@b.org>", "mailto:a@b.org", "mailto:a@b.org"),
        (
            "http://a.org/?a=1&copy=2",
            "http://a.org/?a=1&amp;copy=2",
            "http://a.org/?a=1&amp;copy=2",
        ),
        ("HTTPS://a.org/x_(y)_z", "HTTPS://a.org/x_(y)_z", "HTTPS://a.org/x_(y)_z"),
        ("http://münchen.de", "http://xn--mnchen-3ya.de", "http://münchen.de"),
        ("[http://a.org](http://b.org)", "http://b.org", "http://a.org"),
    ],
)
def test_links(source: str, address: str, shown: str) -> None:
    assert body(source) == f'<a href="{address}" {LINK}>{shown}</a>'


@pytest.mark.parametrize(
    ("source", "before", "after"),
    [
        ("(http://a.org)", "(", ")"),
        ("http://a.org, then", "", ", then"),
        ("**http://a.org**", "<strong>", "</strong>"),
        ("see http://a.org.", "see ", "."),
        ("行く http://a.org。次", "行く ", "。次"),
        ("<<http://a.org>>", "&lt;", "&gt;"),
    ],
)
def test_a_bare_address_ends_where_the_sentence_goes_on(source: str, before: str, after: str) -> None:
    assert body(source) == f'{before}<a href="http://a.org" {LINK}>http://a.org</a>{after}'


@pytest.mark.parametrize(
    "source",
    [
        "[x]()",
        "[x](<>)",
        "[x](/relative)",
        "[x](//host)",
        "[x](#part)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHN2Zz4=)",
        "[x](vbscript:x)",
        "[x](file:///etc/passwd)",
        "<javascript:alert(1)>",
        "xhttp://a.org",
        "http://",
        "http:///path",
        "http://" + "a" * ADDRESS_LIMIT_CHARACTERS,
        "http://" + "é" * 400,
    ],
)
def test_no_link(source: str) -> None:
    assert "<a" not in render(source).html
    assert render(source).plain_text == source


def test_an_entity_does_not_hide_a_scheme() -> None:
    assert "<a" not in render("[x](javascript&colon;alert(1)) [y](&#106;avascript:alert(1))").html


def test_an_image_becomes_a_link() -> None:
    assert "<img" not in render("![x](http://a.org/x.png)").html


def test_blocks_nested_too_deep_stay_as_typed() -> None:
    rendered = render(">" * 30 + " deep")
    assert rendered.html.count("<blockquote>") == BLOCK_NESTING_LIMIT_LEVELS
    assert rendered.plain_text == ">" * (30 - BLOCK_NESTING_LIMIT_LEVELS) + " deep"


def test_lists_nested_too_deep_stay_as_typed() -> None:
    rendered = render("- " * 30 + "deep")
    assert rendered.html.count("<ul>") == BLOCK_NESTING_LIMIT_LEVELS // 2
    assert rendered.plain_text.endswith("- - deep")


def test_emphasis_nested_too_deep_stays_as_typed() -> None:
    rendered = render("**" * 30 + "deep" + "**" * 30)
    assert rendered.html.count("<strong>") == INLINE_NESTING_LIMIT_LEVELS
    marks = "**" * (30 - INLINE_NESTING_LIMIT_LEVELS)
    assert rendered.plain_text == f"{marks}deep{marks}"


def test_a_text_over_the_limit_is_shown_as_typed() -> None:
    rendered = render("*" + "a" * MESSAGE_LIMIT_CHARACTERS + "*\n<b>")
    assert rendered.fallback
    assert rendered.html.endswith("a*<br>\n&lt;b&gt;</p>\n")


def test_plain_text_does_not_turn_the_text_around_it() -> None:
    assert render("a\u202eb").plain_text == "ab"
