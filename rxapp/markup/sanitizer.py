"""The last gate before a page: only these tags, attributes and address schemes pass."""

import re

import nh3

from rxapp.markup.emoji_rule import JUMBO_CLASS
from rxapp.markup.highlighting import HIGHLIGHT_CLASSES
from rxapp.markup.links import LINK_SCHEMES
from rxapp.markup.tasks import TASK_CLASS

ALLOWED_TAGS = frozenset(
    {"a", "blockquote", "br", "code", "em", "input", "label", "li", "ol", "p", "pre", "s", "span", "strong", "table"}
    | {"tbody", "td", "th", "thead", "tr", "ul"}
)
# "*" is named because the library would otherwise let `title` and `lang` pass everywhere.
ALLOWED_ATTRIBUTES = {
    "*": set[str](),
    "a": {"href"},
    "code": {"class"},
    # Type and state are set below whatever they were; named here, they keep their order.
    "input": {"type", "disabled", "checked"},
    "li": {"class"},
    "ol": {"start"},
    "p": {"class"},
    "span": {"class", "data-user", "data-channel"},
    "td": {"class"},
    "th": {"class"},
}
MENTION_CLASS = "mention"
ALIGNMENT_CLASSES = frozenset({"to-center", "to-right"})
LINK_REL = "noopener noreferrer nofollow"

_LANGUAGE_CLASS = re.compile(r"language-[A-Za-z0-9_+#.-]{1,32}\Z")
_LIST_START = re.compile(r"[0-9]{1,9}\Z")


_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_CLASSES = {
    "li": frozenset({TASK_CLASS}),
    "p": frozenset({JUMBO_CLASS}),
    "span": HIGHLIGHT_CLASSES | {MENTION_CLASS},
    "td": ALIGNMENT_CLASSES,
    "th": ALIGNMENT_CLASSES,
}


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    match attribute:
        case "class":
            is_kept = bool(_LANGUAGE_CLASS.match(value)) if tag == "code" else value in _CLASSES.get(tag, ())
        case "start":
            is_kept = bool(_LIST_START.match(value))
        case "data-user" | "data-channel":
            is_kept = bool(_UUID.match(value))
        case "checked":
            is_kept = value == ""
        case _:
            is_kept = True
    return value if is_kept else None


_cleaner = nh3.Cleaner(
    tags=ALLOWED_TAGS,
    attributes=ALLOWED_ATTRIBUTES,
    attribute_filter=_keep_attribute,
    link_rel=LINK_REL,
    set_tag_attribute_values={"a": {"target": "_blank"}, "input": {"disabled": "", "type": "checkbox"}},
    url_schemes=LINK_SCHEMES,
    url_relative="deny",
)


def sanitize(html: str) -> str:
    """Return `html` without what a message may not hold. It may have no lone surrogates."""
    return _cleaner.clean(html)
