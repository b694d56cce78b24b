"""Lines as they were typed: where a quote or a list item ends, and backslashes at a line's end."""

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, escape


def ends_lazy_line(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Terminator rule: an unmarked line after `> …` or `- …` belongs to neither.

    Markdown would go on with the quote ("lazy continuation"), which in a chat puts the answer typed
    right below into the mouth of the person quoted.
    """
    if not silent:
        return False
    if state.parentType == "blockquote":
        return True
    return state.sCount[start] < state.blkIndent


def escape_in_line(state: StateInline, silent: bool) -> bool:
    """Inline rule: `\\*` is an asterisk; a backslash at a line's end stays, for shell commands."""
    if state.src.startswith("\\\n", state.pos):
        return False
    return escape(state, silent)
