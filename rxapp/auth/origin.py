"""Where a request comes from: a page of ours, or another site that uses a person's cookie."""

from urllib.parse import urlsplit

from rxapp.settings import get_settings


def is_own_origin(origin: str | None, host: str | None) -> bool:
    """Whether an Origin is this installation: the Host it was sent to, or the public address. A missing one is not."""
    if not origin:
        return False
    try:
        place = urlsplit(origin).netloc.lower()
    except ValueError:
        return False  # such as an IPv6 address that never ends
    return origin == get_settings().public_url or place == (host or "").lower() != ""
