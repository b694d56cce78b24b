"""Blocks of code between fences, written the way people write them in a chat."""

import re

from markdown_it.rules_block import StateBlock

LANGUAGE_LIMIT_CHARACTERS = 32

_OPENING = re.compile(r"(`{3,}|~{3,})(.*)", re.DOTALL)
_LANGUAGE = re.compile(rf"[A-Za-z0-9_+#.-]{{1,{LANGUAGE_LIMIT_CHARACTERS}}}\Z")


def code_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule: a fence of at least three backticks or tildes, up to its like or the end.

    Beyond CommonMark it takes code that begins right after the opening fence (Markdown would drop
    it as an "info string") and a closing fence at the end of the last line of code.
    """
    opening = _OPENING.match(_line(state, start))
    if opening is None:
        return False
    fence, info = opening.group(1), opening.group(2).strip()
    if fence[0] == "`" and "`" in info:
        return False
    if silent:
        return True
    language = info if _LANGUAGE.match(info) else ""
    last = start + 1
    while last < end and not _is_outdented(state, last) and not _closes(state, last, fence):
        last += 1
    is_closed = last < end and not _is_outdented(state, last)
    code = state.getLines(start + 1, last, state.sCount[start], True)
    if is_closed and (tail := _line(state, last).rstrip().rstrip(fence[0])):
        indent = " " * max(0, state.sCount[last] - state.sCount[start])
        code += f"{indent}{tail}\n"
    if info and not language:
        code = f"{info}\n{code}"
    token = state.push("fence", "code", 0)
    token.info, token.content, token.markup = language, code, fence
    token.map = [start, last + is_closed]
    state.line = last + is_closed
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _closes(state: StateBlock, number: int, fence: str) -> bool:
    return _line(state, number).rstrip().endswith(fence)


def _is_outdented(state: StateBlock, number: int) -> bool:
    return not state.isEmpty(number) and state.sCount[number] < state.blkIndent
