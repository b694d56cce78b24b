"""Where a request comes from."""

from collections.abc import Generator

import pytest

from rxapp.auth.origin import is_own_origin
from rxapp.settings import get_settings

PUBLIC = "https://chat.example.org"


@pytest.fixture
def public_url(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    monkeypatch.setenv("PUBLIC_URL", PUBLIC)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (None, "chat.local:8000"),
        ("", "chat.local:8000"),
        ("null", "chat.local:8000"),
        ("http://evil.example", "chat.local:8000"),
        ("http://chat.local", "chat.local:8000"),
        ("http://chat.local:8001", "chat.local:8000"),
        ("http://chat.local:8000.evil.example", "chat.local:8000"),
        ("http://evil.example/chat.local:8000", "chat.local:8000"),
        ("http://evil.example#chat.local:8000", "chat.local:8000"),
        ("http://chat.local:8000@evil.example", "chat.local:8000"),
        ("http://evil.example@chat.local:8000", "chat.local:8000"),
        ("chat.local:8000", "chat.local:8000"),
        ("http://", ""),
        ("http://", None),
        ("null", ""),
        ("http://[", "["),
    ],
)
def test_another_or_no_origin_is_foreign(origin: str | None, host: str | None) -> None:
    assert is_own_origin(origin, host) is False


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://chat.local:8000", "chat.local:8000"),
        ("https://chat.local", "chat.local"),
        ("http://Chat.Local:8000", "chat.local:8000"),
        ("http://[::1]:8000", "[::1]:8000"),
    ],
)
def test_the_host_that_was_asked_is_our_own(origin: str, host: str) -> None:
    assert is_own_origin(origin, host) is True


@pytest.mark.usefixtures("public_url")
def test_the_public_address_is_our_own_whatever_host_a_proxy_asks_for() -> None:
    assert is_own_origin(PUBLIC, "10.0.0.7:8000") is True
    for foreign in ("http://chat.example.org", f"{PUBLIC}.evil.example", f"{PUBLIC}:444"):
        assert is_own_origin(foreign, "10.0.0.7:8000") is False
