"""The last gate before a page: only these tags, attributes and address schemes pass."""

import re

import nh3

from rxapp.markup.links import LINK_SCHEMES

ALLOWED_TAGS = frozenset({"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "s", "strong", "ul"})
# "*" is named because the library would otherwise let `title` and `lang` pass everywhere.
ALLOWED_ATTRIBUTES = {"*": set[str](), "a": {"href"}, "code": {"class"}, "ol": {"start"}}
LINK_REL = "noopener noreferrer nofollow"

_LANGUAGE_CLASS = re.compile(r"language-[A-Za-z0-9_+#.-]{1,32}\Z")
_LIST_START = re.compile(r"[0-9]{1,9}\Z")


def _keep_attribute(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class" and not _LANGUAGE_CLASS.match(value):
        return None
    if attribute == "start" and not _LIST_START.match(value):
        return None
    return value


_cleaner = nh3.Cleaner(
    tags=ALLOWED_TAGS,
    attributes=ALLOWED_ATTRIBUTES,
    attribute_filter=_keep_attribute,
    link_rel=LINK_REL,
    set_tag_attribute_values={"a": {"target": "_blank"}},
    url_schemes=LINK_SCHEMES,
    url_relative="deny",
)


def sanitize(html: str) -> str:
    """Return `html` without what a message may not hold. It may have no lone surrogates."""
    return _cleaner.clean(html)
