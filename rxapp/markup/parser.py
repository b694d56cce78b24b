"""The Markdown of messages: without raw HTML, images and headings; with mentions, emoji, tables and tasks."""

from markdown_it import MarkdownIt
from markdown_it.rules_block import blockquote, list_block

from rxapp.markup.code_block import code_block
from rxapp.markup.emoji_rule import emoji_name, enlarge_emoji
from rxapp.markup.links import (
    bare_address,
    is_allowed_address,
    normalize_address,
    show_empty_links,
)
from rxapp.markup.mentions import mention
from rxapp.markup.nesting import capped, flatten_deep_inline
from rxapp.markup.render_rules import RENDER_RULES, show_list_paragraphs
from rxapp.markup.tables import message_table, name_alignment
from rxapp.markup.tasks import task_items
from rxapp.markup.typed_lines import ends_lazy_line, escape_in_line

_BLOCK_RULES = ["blockquote", "fence", "list", "table"]
_INLINE_RULES = ["autolink", "backticks", "emphasis", "escape", "link", "newline", "strikethrough"]
_PAIRING_RULES = ["balance_pairs", "emphasis", "strikethrough", "fragments_join"]

# Above our own limit for blocks, so that the library's, which drops text, is never met there. For
# `[[[[` it bounds the recursion.
_LIBRARY_NESTING_LEVELS = 20


class _MessageParser(MarkdownIt):
    def normalizeLink(self, url: str) -> str:
        return normalize_address(url)

    def validateLink(self, url: str) -> bool:
        return is_allowed_address(url)


def build_parser() -> MarkdownIt:
    """Return a parser for messages. It keeps no state between messages.

    Entities (`&nbsp;`) and `# headings` are left out on purpose: in a chat they are typed to be
    seen.
    """
    parser = _MessageParser("zero", {"breaks": True, "maxNesting": _LIBRARY_NESTING_LEVELS})
    parser.enable(_BLOCK_RULES + _INLINE_RULES)
    parser.inline.ruler2.enable(_PAIRING_RULES)
    parser.block.ruler.at("blockquote", capped(blockquote), {"alt": ["paragraph", "blockquote", "list"]})
    parser.block.ruler.at("list", capped(list_block), {"alt": ["paragraph", "blockquote"]})
    parser.block.ruler.at("fence", code_block, {"alt": ["paragraph", "blockquote", "list"]})
    parser.block.ruler.before("fence", "typed_lines", ends_lazy_line, {"alt": ["paragraph", "blockquote"]})
    parser.inline.ruler.at("escape", escape_in_line)
    parser.block.ruler.at("table", capped(message_table), {"alt": ["paragraph"]})
    parser.inline.ruler.after("text", "bare_address", bare_address)
    parser.inline.ruler.after("bare_address", "emoji_name", emoji_name)
    parser.inline.ruler.before("autolink", "mention", mention)
    parser.core.ruler.push("show_empty_links", show_empty_links)
    parser.core.ruler.push("flatten_deep_inline", flatten_deep_inline)
    parser.core.ruler.push("task_items", task_items)
    parser.core.ruler.push("name_alignment", name_alignment)
    parser.core.ruler.push("show_list_paragraphs", show_list_paragraphs)
    parser.core.ruler.push("enlarge_emoji", enlarge_emoji)
    for name, rule in RENDER_RULES.items():
        parser.add_render_rule(name, rule)
    return parser
