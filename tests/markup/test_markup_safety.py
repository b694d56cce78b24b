"""Whatever is typed, only what we allow reaches a page, and the work stays bounded."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rxapp.markup import MESSAGE_LIMIT_CHARACTERS, render
from rxapp.markup import links as links_module
from rxapp.markup.highlighting import HIGHLIGHT_CLASSES
from rxapp.markup.nesting import BLOCK_NESTING_LIMIT_LEVELS, INLINE_NESTING_LIMIT_LEVELS
from rxapp.markup.sanitizer import ALLOWED_TAGS, LINK_REL, sanitize
from rxapp.markup.tables import TABLE_CELLS_LIMIT

DEPTH_LIMIT_ELEMENTS = BLOCK_NESTING_LIMIT_LEVELS + INLINE_NESTING_LIMIT_LEVELS + 10
HTML_GROWTH_LIMIT = 16
"""Characters of HTML for one of source, at the most: a link brings its target and rel."""

TABLES_LIMIT_CHARACTERS = TABLE_CELLS_LIMIT * len('<td class="to-center"></td>\n') * 2
UUID = "0190aa00-0000-7000-8000-00000000000a"
VOID_TAGS = {"br", "input"}

PIECES = [
    *("a", "é", "*", "**", "_", "__", "~~", "`", "```", "~~~", "[", "]", "(", ")", "](", "<", ">"),
    *("\n", "\n\n", " ", "    ", "\t", "> ", "- ", "1. ", "\\", "!", '"', "'", "&", "#", "|", ":"),
    *("http://", "https://", "mailto:", "javascript:", "data:", "//", "<script>", "</p>", "<img "),
    *(
        "| a | b |\n|---|:-:|\n",
        "|-|-|\n",
        "- [ ] ",
        "- [x] ",
        ":tada:",
        ":+1:",
        "```py\n",
        "~~~html\n",
        "@ada",
        "#general",
    ),
    *(f"<@{UUID}>", f"<#{UUID}>", f"<@{UUID}", "data-user=", "class=", "import os\n", "🎉"),
    *("onerror=", "href=", "&colon;", "&#58;", "\0", "\u202e", "\u200d", "\ud800", "\x1b", "\r"),
]
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "</p></div><style>*{display:none}</style>",
    "<!-- <a href='javascript:alert(1)'>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '[x](http://a.org"onmouseover="alert(1))',
    '[x](http://a.org "\\"onmouseover=\\"alert(1)")',
    "[x](java\nscript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    '```"><script>alert(1)</script>\nx\n```',
    "```x onclick=alert(1)\nx\n```",
    "http://a.org/'onmouseover='alert(1)",
    'http://a.org/"onmouseover="alert(1)',
    "http://a.org/<script>alert(1)</script>",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} <%= 1 %>",
    "\u202e\u2066txt.exe",
    "Z̸̗̈a̶̖͝l̵̰̾g̴̙̎o̵͎͠",
    f'<span class="mention" data-user="{UUID}" onclick="alert(1)">Ada</span>',
    f"<@{UUID}'onclick='alert(1)>",
    '```html\n<script>alert(1)</script><img src=x onerror="alert(1)">\n```',
    "```py onclick=alert(1)\nimport os\n```",
    "|<script>|\n|-|\n|<img src=x onerror=alert(1)>|",
    '- [x] <input onfocus=alert(1) autofocus> "x',
    "|a" * 5_000 + "\n" + "|-" * 3_000,
    ("a|b\n-|-\n" + "|\n" * 300) * 20,
    "```py\n" + "+" * 16_000,
    "```html\n" + "<" * 7_000,
    "- [ ] x\n" * 2_000,
    ":+1:" * 4_000,
    f"<@{UUID}>" * 400,
    "1;DROP TABLE chat; -- ' OR 1=1",
    "W" * MESSAGE_LIMIT_CHARACTERS,
]


class PageReader(HTMLParser):
    """Fails on anything that a message may not hold, and notes how deep elements nest."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED_TAGS
        values = dict(attrs)
        if tag == "a":
            # The sanitizer drops addresses that no browser could open, such as `http://a:port`.
            assert set(values) | {"href"} == {"href", "target", "rel"}
            address = values.get("href", "mailto:") or ""
            assert re.match(r"https?://|mailto:", address, re.IGNORECASE)
            assert values["rel"] == LINK_REL
        elif tag == "code":
            assert not attrs or re.fullmatch(r"language-[\w+#.-]{1,32}", values["class"] or "")
        elif tag == "ol":
            assert not attrs or (values["start"] or "").isdigit()
        elif tag == "input":
            assert {**values, "checked": ""} == {"type": "checkbox", "disabled": "", "checked": ""}
        elif tag == "span":
            check_span(values)
        elif attrs:
            assert (tag, attrs) in CLASSES
        if tag not in VOID_TAGS:
            self.depth += 1
            self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


CLASSES = [
    ("p", [("class", "jumbo")]),
    ("li", [("class", "task")]),
    *((tag, [("class", name)]) for tag in ("td", "th") for name in ("to-center", "to-right")),
]


def check_span(values: dict[str, str | None]) -> None:
    """A word of code, or a mention of one person or channel."""
    ids = {values.pop(name) for name in ("data-user", "data-channel") if name in values}
    assert all(UUIDS.fullmatch(found or "") for found in ids)
    assert set(values) <= {"class"}
    assert values.get("class", "mention") in HIGHLIGHT_CLASSES | {"mention"}


UUIDS = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def check(source: str) -> None:
    rendered = render(source)
    reader = PageReader()
    reader.feed(rendered.html)
    reader.close()
    assert reader.depth == 0
    assert reader.deepest <= DEPTH_LIMIT_ELEMENTS
    assert len(rendered.html) <= HTML_GROWTH_LIMIT * len(source) + TABLES_LIMIT_CHARACTERS
    rendered.html.encode()
    rendered.plain_text.encode()


@pytest.mark.parametrize("source", HOSTILE)
def test_hostile_text(source: str) -> None:
    check(source)


@settings(deadline=None)
@given(st.text())
def test_any_text(source: str) -> None:
    check(source)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_markup(source: str) -> None:
    check(source)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join))
def test_any_markup_repeated_to_the_limit(unit: str) -> None:
    check((unit * MESSAGE_LIMIT_CHARACTERS)[:MESSAGE_LIMIT_CHARACTERS])


def test_each_character_is_looked_at_by_the_address_rule_a_bounded_number_of_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read = 0

    def counting_end(run: str) -> int:
        nonlocal read
        read += len(run)
        return end_of(run)

    end_of = links_module.bare_address_end
    monkeypatch.setattr(links_module, "bare_address_end", counting_end)
    for unit in ("https://#", "https:////", "http://é", "http://a ", "https://a,"):
        read = 0
        render((unit * MESSAGE_LIMIT_CHARACTERS)[:MESSAGE_LIMIT_CHARACTERS])
        assert read <= 2 * MESSAGE_LIMIT_CHARACTERS


@given(st.text())
def test_the_sanitizer_alone_is_enough(html: str) -> None:
    reader = PageReader()
    reader.feed(sanitize(html))


def test_the_sanitizer_does_not_rely_on_the_parser() -> None:
    dirty = (
        '<a href="javascript:x" title="t" onclick="x">a</a><p style="x" lang="x">b</p>'
        '<code class="evil">c</code><ol start="x"></ol><img src=x><script>d</script>'
        '<span class="dialog" data-user="x" data-evil="y" id="z">e</span><p class="mention">f</p>'
        '<input type="text" name="n" value="v" checked="x" autofocus><label for="x">g</label>'
    )
    clean = sanitize(dirty).replace('type="checkbox" disabled=""', 'disabled="" type="checkbox"')
    assert clean == (
        f'<a target="_blank" rel="{LINK_REL}">a</a><p>b</p><code>c</code><ol></ol>'
        '<span>e</span><p>f</p><input disabled="" type="checkbox"><label>g</label>'
    )
