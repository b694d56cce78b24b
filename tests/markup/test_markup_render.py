"""What messages look like."""

import re

import pytest

from rxapp.markup import MESSAGE_LIMIT_CHARACTERS, render
from rxapp.markup.highlighting import HIGHLIGHT_LIMIT_CHARACTERS
from rxapp.markup.links import ADDRESS_LIMIT_CHARACTERS
from rxapp.markup.nesting import BLOCK_NESTING_LIMIT_LEVELS, INLINE_NESTING_LIMIT_LEVELS
from rxapp.markup.tables import TABLE_CELLS_LIMIT, TABLE_COLUMNS_LIMIT, TABLE_ROWS_LIMIT

ADA = "0190aa00-0000-7000-8000-00000000000a"
GENERAL = "0190aa00-0000-7000-8000-00000000000b"
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
        ("one\ntwo", "one<br>two"),
        ("snake_case_name", "snake_case_name"),
        (r"\*no\*", "*no*"),
        ("# not a heading", "# not a heading"),
        ("title\n---", "title<br>---"),
        ("|a|b|\n|-|", "|a|b|<br>|-|"),
        ("&nbsp; &lt;", "&amp;nbsp; &amp;lt;"),
        ("docker run \\\n  image", "docker run \\<br>image"),
        ("a@b.org", "a@b.org"),
        ("hi 👩‍👩‍👧‍👦 🏳️‍🌈", "hi 👩‍👩‍👧‍👦 🏳️‍🌈"),
    ],
)
def test_one_paragraph(source: str, html: str) -> None:
    assert body(source) == html


def test_blank_lines_part_paragraphs() -> None:
    assert render("a\n\nb").html == "<p>a</p>\n<p>b</p>\n"


def test_a_fence_keeps_indentation_and_names_its_language() -> None:
    rendered = render("```py\nif x:\n    y\n\n    z\n```\nafter")
    assert rendered.html.startswith('<pre><code class="language-py"><span class="k">if</span> ')
    assert re.sub("</?span[^>]*>", "", rendered.html) == (
        '<pre><code class="language-py">if x:\n    y\n\n    z\n</code></pre>\n<p>after</p>\n'
    )
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
    assert render("- a\n- b\nnot an item").html == (
        "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>\n<p>not an item</p>\n"
    )


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
    assert rendered.html.endswith("a*<br>&lt;b&gt;</p>\n")


def test_plain_text_does_not_turn_the_text_around_it() -> None:
    assert render("a\u202eb").plain_text == "ab"


def test_code_is_coloured_only_in_a_language_that_is_named_and_known() -> None:
    assert "<span" not in render("```\nimport os\n```").html
    assert "<span" not in render("```no-such-language\nimport os\n```").html
    assert '<span class="kn">import</span>' in render("```PYTHON\nimport os\n```").html


def test_code_beyond_the_limit_of_a_message_is_plain() -> None:
    block = "```py\n" + "import os\n" * (HIGHLIGHT_LIMIT_CHARACTERS // 15) + "```\n"
    first, second = render(block * 2).html.split("</pre>\n")[:2]
    assert "<span" in first
    assert "<span" not in second
    assert second.count("import os") == HIGHLIGHT_LIMIT_CHARACTERS // 15


def test_a_table_ends_where_its_lines_do() -> None:
    rendered = render("| a | b |\n|:-:|--:|\n| *1* | x \\| y |\nafter")
    assert rendered.html == (
        '<table>\n<thead>\n<tr>\n<th class="to-center">a</th>\n<th class="to-right">b</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<td class="to-center"><em>1</em></td>\n<td class="to-right">x | y</td>\n</tr>\n</tbody>\n'
        "</table>\n<p>after</p>\n"
    )
    assert rendered.plain_text == "a | b\n1 | x | y\nafter"


def test_a_table_too_wide_stays_as_typed_and_a_long_one_goes_on_as_text() -> None:
    wide = "|a" * (TABLE_COLUMNS_LIMIT + 1) + "|\n" + "|-" * (TABLE_COLUMNS_LIMIT + 1) + "|"
    assert "<table>" not in render(wide).html
    assert render(wide).plain_text == wide
    long = render("|a|\n|-|\n" + "|x|\n" * (TABLE_ROWS_LIMIT + 1))
    assert long.html.count("<td>") == TABLE_ROWS_LIMIT
    assert long.html.endswith("<p>|x|</p>\n")
    many = render(("|" + "a|" * 20 + "\n|" + "-|" * 20 + "\n" + "|\n" * 60 + "\n") * 3).html
    assert many.count("<td>") + many.count("<th>") == TABLE_CELLS_LIMIT


def test_tasks_are_boxes_named_by_their_text_that_nobody_can_press() -> None:
    rendered = render("- [ ] *one*\n- [X] two\n- \\[ ] three\n- [] four\n\n[ ] five")
    assert rendered.html.count("<input") == rendered.html.count("disabled") == 2
    assert '<p><label><input type="checkbox" disabled=""> <em>one</em></label></p>' in rendered.html
    assert '<p><label><input type="checkbox" disabled="" checked=""> two</label></p>' in rendered.html
    assert rendered.plain_text == "• ☐ one\n• ☑ two\n• [ ] three\n• [] four\n[ ] five"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("done :tada:!", "done 🎉!"),
        (":+1: :THUMBSUP: :-1: :smile:", "👍 👍 👎 😄"),
        (":+1::skin-tone-3::tada:", "👍🏼🎉"),
        ("(:cat:)", "(🐱)"),
        ("`:tada:` x", ":tada: x"),
        ("```\n:tada:\n```", ":tada:"),
        ("\\:tada: x", ":tada: x"),
        ("at 10:100:00, std::cat::x, ::cat::, :cat:s, a:cat:", "at 10:100:00, std::cat::x, ::cat::, :cat:s, a:cat:"),
        (":no_such_emoji: :) :-) nick: text", ":no_such_emoji: :) :-) nick: text"),
        ("[:tada:](http://a.org/:tada:) http://a.org/:cat:", "🎉 http://a.org/:cat:"),
    ],
)
def test_names_of_emoji(source: str, text: str) -> None:
    assert render(source).plain_text == text


def test_an_address_keeps_the_name_of_an_emoji() -> None:
    assert 'href="http://a.org/:tada:"' in render("[x](http://a.org/:tada:)").html
    assert 'href="http://a.org/:cat:y"' in render("http://a.org/:cat:y").html


@pytest.mark.parametrize("source", ["🎉", ":tada:", "👍🏽 👩‍👩‍👧‍👦\n:cat:", "❤️" * 20])
def test_a_few_emoji_alone_are_jumbo(source: str) -> None:
    assert render(source).html.startswith('<p class="jumbo">')


@pytest.mark.parametrize(
    "source", ["🎉 x", "*🎉*", "1", "🎉" * 21, "> 🎉", "🎉\n\n🎉", "`🎉`", "#", "(c)", f"<@{ADA}>"]
)
def test_anything_else_is_not(source: str) -> None:
    assert "jumbo" not in render(source).html


def test_a_mention_is_an_id_without_a_name() -> None:
    rendered = render(f"hi <@{ADA}>, **<#{GENERAL}>**")
    assert rendered.html == (
        f'<p>hi <span class="mention" data-user="{ADA}"></span>, '
        f'<strong><span class="mention" data-channel="{GENERAL}"></span></strong></p>\n'
    )
    assert rendered.mentions == (f"<@{ADA}>", f"<#{GENERAL}>")
    assert rendered.plain_text == f"hi <@{ADA}>, <#{GENERAL}>"


@pytest.mark.parametrize(
    "source",
    [
        f"`<@{ADA}>`",
        f"```\n<@{ADA}>\n```",
        f"\\<@{ADA}>",
        f"[<@{ADA}>](http://a.org)",
        f"<@{ADA.upper()}>",
        f"<@ {ADA}>",
        f"<!{ADA}>",
        f"<@{ADA[:-1]}>",
        "@ada #general @channel @here",
    ],
)
def test_no_mention(source: str) -> None:
    rendered = render(source)
    assert "mention" not in rendered.html
    assert rendered.mentions == ()
