"""A workspace of a test's own, with its owner and one more person, both in #general."""

from dataclasses import dataclass

from tests.browser.people import Person
from tests.browser.server import Server


@dataclass(frozen=True, slots=True)
class Team:
    """Ada owns the workspace, Bob came by her link."""

    server: Server
    ada: Person
    bob: Person
    link: str
