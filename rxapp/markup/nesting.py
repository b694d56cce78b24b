"""How deep markup may nest. Deeper markup stays on the page as the characters that were typed."""

from collections.abc import Callable

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

BLOCK_NESTING_LIMIT_LEVELS = 8
"""Open blocks around a paragraph; a quote is one level, a list is two (itself and its item)."""

INLINE_NESTING_LIMIT_LEVELS = 8
"""Bold, italic, strike and links inside one another."""

BlockRule = Callable[[StateBlock, int, int, bool], bool]


def capped(rule: BlockRule) -> BlockRule:
    """Wrap a block rule so that it does not apply below `BLOCK_NESTING_LIMIT_LEVELS`.

    markdown-it's own `maxNesting` drops the text of too deep blocks; this keeps it, as a paragraph.
    """

    def rule_within_limit(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < BLOCK_NESTING_LIMIT_LEVELS and rule(state, start, end, silent)

    return rule_within_limit


def flatten_deep_inline(state: StateCore) -> None:
    """Core rule: turn inline markup nested too deep back into the marks that were typed.

    `maxNesting` does not see emphasis, which is paired only after the text was read: a few thousand
    asterisks would otherwise become a few thousand nested elements in every reader's browser.
    """
    for block in state.tokens:
        if block.children:
            _flatten(block.children)


def _flatten(tokens: list[Token]) -> None:
    depth = 0
    for token in tokens:
        nesting = token.nesting
        if nesting > 0:
            depth += 1
        if nesting and depth > INLINE_NESTING_LIMIT_LEVELS and token.tag != "a":
            token.type, token.tag, token.nesting = "text", "", 0
            token.content = token.markup
        if nesting < 0:
            depth -= 1
