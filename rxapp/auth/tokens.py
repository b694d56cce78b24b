"""Opaque tokens: what a cookie or a link carries, and what the database keeps of it."""

import hashlib
import secrets

TOKEN_BYTES = 32


def new_token() -> str:
    """A URL-safe random token of 256 bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> bytes:
    """What is stored. The token is random, so a plain SHA-256 cannot be searched."""
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
