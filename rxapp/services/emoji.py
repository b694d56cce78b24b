"""The emoji that messages and reactions know by name."""

from rxapp.markup import list_emoji
from rxapp.services.views import View


def read_emoji() -> View:
    """`emoji`: each character, followed by its names, the shortest first."""
    return {"emoji": [[character, *names] for character, names in list_emoji().items()]}
