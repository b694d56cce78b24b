"""Settings: read from the environment and `.env`, refused by name, and documented in one table."""

from pathlib import Path

import pytest

from rxapp.cli.settings import settings_table
from rxapp.operator_error import OperatorError
from rxapp.settings import LogLevel, Settings, load_settings

PROJECT = Path(__file__).resolve().parents[2]


def test_nothing_has_to_be_set(operator: Path) -> None:
    settings = load_settings()
    assert (settings.port, settings.host, settings.url) == (8000, "127.0.0.1", "http://127.0.0.1:8000")
    assert settings.data_dir == operator / ".confab"
    assert settings.database_url is None
    assert settings.trusted_proxies == ()


def test_the_environment_wins_over_the_file_and_the_file_over_defaults(
    operator: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (operator / ".env").write_text("PORT=8123\nLOG_LEVEL=debug\n# a comment\nPUBLIC_URL=\nUNKNOWN=1\n")
    monkeypatch.setenv("PORT", "8124")
    settings = load_settings()
    assert (settings.port, settings.log_level, settings.public_url) == (8124, LogLevel.DEBUG, None)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("PORT", "eighty", "valid integer"),
        ("PORT", "70000", "less than or equal to 65535"),
        ("HOST", "http://127.0.0.1", "without http:// and without a port"),
        ("PUBLIC_URL", "chat.example.org", "expected scheme and host only"),
        ("PUBLIC_URL", "https://example.org/chat", "expected scheme and host only"),
        ("TRUSTED_PROXIES", "proxy.local", "does not appear to be an IPv4 or IPv6 network"),
        ("LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("SECRET_KEY", "short", "at least 32"),
        ("SESSION_LIFETIME_DAYS", "0", "greater than or equal to 1"),
    ],
)
def test_a_wrong_value_is_refused_by_name(
    operator: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    del operator
    monkeypatch.setenv(name, value)
    with pytest.raises(OperatorError) as refused:
        load_settings()
    assert str(refused.value).startswith(f"The setting {name} is not usable: ")
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


def test_proxies_are_a_list_of_networks(operator: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    del operator
    monkeypatch.setenv("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,")
    assert load_settings().trusted_proxies == ("127.0.0.1", "10.0.0.0/8")


@pytest.mark.parametrize(
    ("host", "public", "url"),
    [
        ("0.0.0.0", None, "http://127.0.0.1:9"),
        ("::", None, "http://[::1]:9"),
        ("::1", None, "http://[::1]:9"),
        ("192.0.2.1", None, "http://192.0.2.1:9"),
        ("0.0.0.0", "https://chat.example.org/", "https://chat.example.org"),
    ],
)
def test_the_address_that_people_are_told_can_be_opened(host: str, public: str | None, url: str) -> None:
    assert Settings(HOST=host, PORT=9, PUBLIC_URL=public, _env_file=None).url == url


def test_passwords_are_not_shown_by_accident() -> None:
    settings = Settings(DATABASE_URL="postgresql://u:hidden@h/d", SECRET_KEY="hidden" * 6, _env_file=None)
    assert "hidden" not in repr(settings)


def test_the_table_in_the_docs_is_current() -> None:
    current = (PROJECT / "docs" / "settings.md").read_text()
    assert current == settings_table(), "run: python -m rxapp settings > docs/settings.md"


def test_the_example_file_names_every_setting() -> None:
    lines = (PROJECT / ".env.example").read_text().splitlines()
    names = {line.lstrip("#").partition("=")[0] for line in lines if "=" in line}
    assert names == {field.alias for field in Settings.model_fields.values()}
