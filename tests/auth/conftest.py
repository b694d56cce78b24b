"""What the tests of accounts share."""

import pytest

from db.engine import Database
from rxapp.auth.identity import LocalIdentity


@pytest.fixture
def identity(database: Database) -> LocalIdentity:
    return LocalIdentity(database)
