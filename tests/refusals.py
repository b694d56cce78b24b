"""Expecting a refusal, with its code and its parameters."""

from collections.abc import Generator
from contextlib import contextmanager

import pytest

from rxapp.errors import ConfabError, ErrorCode


@contextmanager
def refused(code: ErrorCode, **parameters: str | int) -> Generator[None]:
    """The block is refused in exactly this way."""
    with pytest.raises(ConfabError) as caught:
        yield
    assert (caught.value.code, caught.value.parameters) == (code, parameters)
