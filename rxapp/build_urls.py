"""Make a built page work wherever it is served from.

Reflex bakes the back end's address into the bundle. A build names a placeholder instead, and here every place that
holds it becomes an expression on `window.location`.
"""

import gzip
import re
from pathlib import Path

from rxapp.operator_error import OperatorError

PLACEHOLDER_HOST = "confab.invalid"
PLACEHOLDER_URL = f"http://{PLACEHOLDER_HOST}"
TEXT_SUFFIXES = {".js", ".html", ".css", ".json", ".xml", ".txt"}

_QUOTED_URL = re.compile(
    rf"""(?P<quote>[`"'])(?P<scheme>http|ws)://{re.escape(PLACEHOLDER_HOST)}(?P<path>[^`"'$]*)(?P=quote)"""
)
# The page's own host is always the right one, also behind https on another port, where Reflex would drop the port.
_SAME_DOMAIN = re.compile(
    r"""\[(?P<q>[`"'])localhost(?P=q),(?P=q)0\.0\.0\.0(?P=q),(?P=q)::(?P=q),(?P=q)(?:0:){7}0(?P=q)\]"""
)


def rewrite_urls(client: Path) -> None:
    """Rewrite the built files under `client`; raises OperatorError when Reflex has come to write them differently."""
    urls = same_domain = 0
    for path in sorted(client.rglob("*")):
        if path.suffix not in TEXT_SUFFIXES or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        changed, url_count = _QUOTED_URL.subn(_from_location, text)
        if path.suffix == ".js":
            changed, list_count = _SAME_DOMAIN.subn("[]", changed)
            same_domain += list_count
        urls += url_count
        if PLACEHOLDER_HOST in changed:
            raise _unexpected(f"{path.name} holds the placeholder address outside a plain string")
        if changed != text:
            _write(path, changed)
    if not urls:
        raise _unexpected("no file holds the back end's address")
    if not same_domain:
        raise _unexpected("no file holds the list of same-domain host names")


def _from_location(match: re.Match[str]) -> str:
    origin = "window.location.origin" if match["scheme"] == "http" else 'window.location.origin.replace(/^http/,"ws")'
    return f'({origin}+"{match["path"]}")'


def _write(path: Path, text: str) -> None:
    """Write the file and the compressed copy that is served in its place."""
    content = text.encode()
    path.write_bytes(content)
    compressed = path.with_name(f"{path.name}.gz")
    if compressed.exists():
        compressed.write_bytes(gzip.compress(content, mtime=0))


def _unexpected(what: str) -> OperatorError:
    return OperatorError(
        f"The page was built but {what}: this Reflex version writes it differently; use the version pinned in "
        "requirements.txt."
    )
