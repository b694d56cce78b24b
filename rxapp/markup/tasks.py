"""Lists of tasks: `- [ ] to do`, `- [x] done`."""

import re

from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

TASK_CLASS = "task"

_BOX = re.compile(r"\[([ xX])\][ \t]+")


def task_items(state: StateCore) -> None:
    """Core rule: the box of a list's item becomes a checkbox, in time linear in the number of items.

    (The plugin of mdit-py-plugins walks back to its list from each item.) The box is named by the item's text, which
    stands in the same label: a name in words would be in one language for all readers.
    """
    for at in range(2, len(state.tokens)):
        item, paragraph, inline = state.tokens[at - 2 : at + 1]
        if (item.type, paragraph.type, inline.type) != ("list_item_open", "paragraph_open", "inline"):
            continue
        children = inline.children or []
        # The source is looked at too: in `\[ ]` the bracket is escaped.
        if not _BOX.match(inline.content) or not (box := _BOX.match(children[0].content)):
            continue
        children[0].content = children[0].content[box.end() :]
        item.attrs = {"class": TASK_CLASS}
        is_done = box[1] != " "
        inline.children = [
            Token("label_open", "label", 1),
            Token("checkbox", "input", 0, meta={"done": is_done}),
            *children,
            Token("label_close", "label", -1),
        ]


def render_checkbox(_: RendererHTML, tokens: list[Token], index: int, *__: object) -> str:
    """Render rule of a task's box; the sanitizer makes it one that nobody can press."""
    return f'<input type="checkbox" disabled{" checked" if tokens[index].meta["done"] else ""}> '
