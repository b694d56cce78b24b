"""What a reader sees of a message, without its markup."""

from collections.abc import Sequence

from markdown_it.token import Token

from rxapp.markup.characters import BIDI_CONTROLS


def plain_text_of(tokens: Sequence[Token]) -> str:
    """Return the text of parsed `tokens`, one line for each line on the page.

    A list item keeps its mark (`• `, its number, or its box), so that no item is lost; the cells of
    a row are parted by ` | `. Of a link only its text is left: where it leads is found in the source.
    Direction changes are dropped, because a preview stands in a line with other texts.
    """
    lines: list[str] = []
    numbers: list[int | None] = []
    mark = ""
    cells: list[str] | None = None
    for token in tokens:
        match token.type:
            case "bullet_list_open":
                numbers.append(None)
            case "ordered_list_open":
                numbers.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                numbers.pop()
            case "list_item_open":
                number = numbers[-1]
                mark += "• " if number is None else f"{number}. "
                if number is not None:
                    numbers[-1] = number + 1
            case "list_item_close" if mark:
                lines.append(mark.rstrip())
                mark = ""
            case "tr_open":
                cells = []
            case "tr_close":
                lines.append(mark + " | ".join(cells or ()))
                mark, cells = "", None
            case "inline" if cells is not None:
                cells.append(_inline_text(token))
            case "inline" | "fence":
                text = token.content.removesuffix("\n")
                lines.append(mark + (text if token.type == "fence" else _inline_text(token)))
                mark = ""
    return BIDI_CONTROLS.sub("", "\n".join(lines))


def _inline_text(token: Token) -> str:
    return "".join(_child_text(child) for child in token.children or ())


def _child_text(child: Token) -> str:
    match child.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "checkbox":
            return "☑ " if child.meta["done"] else "☐ "
        case _:
            return child.content
