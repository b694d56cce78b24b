"""Every setting of an installation, read from the environment and from `.env`."""

import ipaddress
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from rxapp.operator_error import OperatorError


class LogLevel(StrEnum):
    """How much the server says on standard error."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How the server says it."""

    TEXT = "text"
    JSON = "json"


class Settings(BaseSettings):
    """The settings; the alias of a field is the name of its environment variable."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        # An empty line in .env means "not set", as it does in compose files.
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    port: int = Field(8000, alias="PORT", ge=1, le=65535, description="The port that page, API and socket share.")
    host: str = Field(
        "127.0.0.1",
        alias="HOST",
        description="The address to listen on. `0.0.0.0` lets other machines in; the first start then prints a "
        "set-up link.",
    )
    data_dir: Path = Field(
        Path(".confab"),
        alias="CONFAB_DATA",
        description="The folder that holds the embedded database, uploaded files and generated secrets.",
    )
    database_url: SecretStr | None = Field(
        None,
        alias="DATABASE_URL",
        description="A PostgreSQL 15 or newer to use instead of the embedded one: "
        "`postgresql://user:password@host:5432/name`, "
        "a direct or session-pooled address.",
    )
    public_url: str | None = Field(
        None,
        alias="PUBLIC_URL",
        description="The address people type, `https://chat.example.org`, where it differs from the one listened on.",
    )
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        alias="TRUSTED_PROXIES",
        description="Comma-separated addresses or networks (CIDR) of reverse proxies whose `X-Forwarded-*` "
        "headers are believed.",
    )
    log_level: LogLevel = Field(LogLevel.INFO, alias="LOG_LEVEL", description="`debug`, `info`, `warning` or `error`.")
    log_format: LogFormat = Field(
        LogFormat.TEXT, alias="LOG_FORMAT", description="`text`, lines for people, or `json`, an object a line."
    )
    slow_request_ms: int = Field(
        1000,
        alias="SLOW_REQUEST_MS",
        ge=0,
        description="Milliseconds after which a request is logged as slow; 0: never.",
    )
    slow_query_ms: int = Field(
        200,
        alias="SLOW_QUERY_MS",
        ge=0,
        description="Milliseconds after which a statement to the database is logged as slow; 0: never.",
    )
    metrics_token: SecretStr | None = Field(
        None,
        alias="METRICS_TOKEN",
        min_length=16,
        description="Opens `/metrics` to who sends it as a bearer token; without it there is no such page.",
    )
    session_lifetime_days: int = Field(
        30,
        alias="SESSION_LIFETIME_DAYS",
        ge=1,
        le=3650,
        description="Days after which a signed-in device has to sign in again.",
    )
    secret_key: SecretStr | None = Field(
        None,
        alias="SECRET_KEY",
        min_length=32,
        description="Signs links to files. Generated on the first start and kept in `secrets.json` in the data folder; "
        "set it only when several machines serve one database.",
    )
    database_pool_size: int = Field(
        10,
        alias="DATABASE_POOL_SIZE",
        ge=2,
        le=1000,
        description="Database connections each worker opens at most; what comes while all are in use waits.",
    )
    rate_limit_factor: float = Field(
        1,
        alias="RATE_LIMIT_FACTOR",
        ge=0.1,
        le=1000,
        description="Makes all limits of how often something may be done larger (`2`) or smaller (`0.5`), see "
        "[limits](limits.md).",
    )
    address_limit_factor: float = Field(
        1,
        alias="ADDRESS_LIMIT_FACTOR",
        ge=0.1,
        le=1000,
        description="The same besides for what comes from one address: more where many thousands of people are behind "
        "one.",
    )
    sockets_per_account: int = Field(
        50, alias="SOCKETS_PER_ACCOUNT", ge=1, description="Tabs that one person may have open at a worker."
    )
    sockets_per_address: int = Field(
        5000, alias="SOCKETS_PER_ADDRESS", ge=1, description="Tabs that may be open from one address at a worker."
    )
    redis_url: SecretStr | None = Field(
        None,
        alias="REDIS_URL",
        description="A Redis 6 or newer (or Valkey), `redis://:password@host:6379/0`: several workers need it to tell "
        "one another what happens. One worker needs none.",
    )
    workers: int = Field(
        1,
        alias="WEB_CONCURRENCY",
        ge=1,
        le=64,
        description="How many processes serve, at best one a processor core. More than one need `REDIS_URL`.",
    )

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for part in value:
            ipaddress.ip_network(part, strict=False)
        return value

    @field_validator("public_url")
    @classmethod
    def _origin(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"} or parts.query:
            raise ValueError("expected scheme and host only, like https://chat.example.org")
        return f"{parts.scheme}://{parts.netloc}"

    @model_validator(mode="after")
    def _host_is_bare(self) -> Self:
        if "://" in self.host or "/" in self.host:
            raise ValueError("HOST is an address like 127.0.0.1 or 0.0.0.0, without http:// and without a port")
        return self

    @property
    def local_url(self) -> str:
        """Where this machine's own browser reaches the server."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{self.port}"

    @property
    def url(self) -> str:
        """Where people reach the server: `public_url` when set."""
        return self.public_url or self.local_url


def load_settings() -> Settings:
    """Read the settings; raises OperatorError naming the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        reason = first["msg"].removeprefix("Value error, ")
        raise OperatorError(
            f"The setting {name or 'HOST'} is not usable: {reason}. Correct it in the environment or in .env; "
            "docs/settings.md lists all."
        ) from error


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return load_settings()
