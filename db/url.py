"""Addresses of databases: what people write, and what SQLAlchemy and libpq expect."""

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from rxapp.operator_error import OperatorError

SCHEMES = {"postgres", "postgresql", "postgresql+psycopg"}
EXPECTED = "expected something like postgresql://user:password@host:5432/name"


def libpq_url(url: str) -> str:
    """The address as libpq and its tools take it; raises OperatorError when it is malformed."""
    scheme, separator, rest = url.strip().partition("://")
    if not separator or scheme.lower() not in SCHEMES:
        # The value may hold a password: only its scheme is repeated.
        came = f"starts with {scheme!r}" if separator else "has no ://"
        raise OperatorError(f"DATABASE_URL {came}: {EXPECTED}. Correct it, or remove it to use the embedded database.")
    plain = f"postgresql://{rest}"
    try:
        port = str(conninfo_to_dict(plain).get("port") or "0")
        if not port.replace(",", "").isdigit():  # libpq would look it up as a service name
            raise ValueError("the port is no number")
    except (ProgrammingError, ValueError) as error:
        raise OperatorError(
            f"DATABASE_URL cannot be read: {EXPECTED}, with special characters in the password percent-encoded."
        ) from error
    return plain


def sqlalchemy_url(url: str) -> URL:
    """The address as SQLAlchemy takes it, on psycopg."""
    plain = libpq_url(url)
    try:
        return make_url(plain).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError) as error:
        raise OperatorError(
            f"DATABASE_URL cannot be read: {EXPECTED}, with special characters in the password percent-encoded."
        ) from error


def with_database(url: str, name: str) -> str:
    """The same server and account, another database."""
    return make_url(libpq_url(url)).set(database=name).render_as_string(hide_password=False)


def shown(url: str) -> str:
    """The address without its password, for messages."""
    parts = conninfo_to_dict(libpq_url(url))
    host = str(parts.get("host") or parts.get("hostaddr") or "localhost")
    where = host if host.startswith("/") else f"{host}:{parts.get('port', 5432)}"
    return f"{where}/{parts.get('dbname') or parts.get('user') or 'postgres'}"
