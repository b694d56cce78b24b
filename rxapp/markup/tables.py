"""Tables, as large as a message needs them."""

from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore

TABLE_COLUMNS_LIMIT = 30
"""A wider one stays as typed: one of 4,000 columns took more than a second to read."""

TABLE_ROWS_LIMIT = 200
"""What follows the last of them stays as typed."""

TABLE_CELLS_LIMIT = 2_000
"""Of all tables of a message: a row of one character may be filled up with empty cells. The rest stays as typed."""

_CELLS = "table_cells"
_ALIGNED = {"text-align:center": "to-center", "text-align:right": "to-right"}


def message_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Block rule: a table, up to the first line without a `|`: what is typed right below it is not in it."""
    if start + 1 >= end or "|" not in _line(state, start) or not (columns := _columns(state, start + 1)):
        return False
    if columns > TABLE_COLUMNS_LIMIT:
        return False
    rows_left = min(TABLE_ROWS_LIMIT, (TABLE_CELLS_LIMIT - state.env.get(_CELLS, 0)) // columns - 1)
    if rows_left < 0:
        return False
    last = start + 2
    while not silent and last < min(end, start + 2 + rows_left) and "|" in _line(state, last):
        last += 1
    if not table(state, start, last, silent):
        return False
    if not silent:
        state.env[_CELLS] = state.env.get(_CELLS, 0) + (last - start - 1) * columns
    return True


def name_alignment(state: StateCore) -> None:
    """Core rule: a cell's alignment is a class; no style passes the sanitizer."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open"):
            name = _ALIGNED.get(str(token.attrs.pop("style", "")))
            token.attrs = {"class": name} if name else {}


def _columns(state: StateBlock, number: int) -> int:
    """How many columns a line of dashes may divide; 0 for any other line."""
    line = _line(state, number).strip()
    if "-" not in line or line.strip("|-: \t"):
        return 0
    return line.removeprefix("|").removesuffix("|").count("|") + 1


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
