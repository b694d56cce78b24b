"""What a browser says of a failure of its page, reduced to what no person can have written."""

import re

KIND = re.compile(r"\b(?:[A-Z][A-Za-z]{2,30})?Error\b")
PLACE = re.compile(r"/assets/([A-Za-z0-9_.$-]{1,80}\.js:\d{1,7}:\d{1,7})")
PLACES_MAX = 3
UNKNOWN = "unknown"
KINDS = frozenset(
    {"Error", "TypeError", "RangeError", "ReferenceError", "SyntaxError", "InvariantError", "AggregateError"}
)


def what_broke(report: str) -> tuple[str, str]:
    """The kind of the error, and the first places of the page's scripts that it names."""
    kinds = (found.group() for found in KIND.finditer(report))
    places = [found.group(1) for found in PLACE.finditer(report)][:PLACES_MAX]
    return next((kind for kind in kinds if kind in KINDS), UNKNOWN), ", ".join(places) or UNKNOWN
