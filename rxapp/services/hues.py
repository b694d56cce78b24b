"""Hues: what tells people and workspaces without a picture apart."""

from rxapp.errors import ConfabError, ErrorCode
from rxapp.services.ids import number

HUES_DEGREES = 360
_DIGITS_MAX = 4  # more are no hue, however long they are


def check_hue(value: object) -> int:
    """Degrees on the colour circle, as forms and programs send them. Raises INVALID_REQUEST."""
    is_digits = isinstance(value, str) and value.isascii() and value.isdecimal()
    hue = number(int(value[:_DIGITS_MAX]) if is_digits and isinstance(value, str) else value, field="hue")
    if hue >= HUES_DEGREES:
        raise ConfabError(ErrorCode.INVALID_REQUEST, field="hue")
    return hue
