"""A built page finds its server wherever it is served from."""

import gzip
from pathlib import Path

import pytest

from rxapp.build_urls import PLACEHOLDER_URL, rewrite_urls
from rxapp.operator_error import OperatorError

SAME_DOMAIN = 'const s=["localhost","0.0.0.0","::","0:0:0:0:0:0:0:0"];'


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content)
    return path


def test_addresses_become_those_of_the_page(tmp_path: Path) -> None:
    bundle = write(
        tmp_path,
        "env.js",
        f"{SAME_DOMAIN}var e={{PING:\"{PLACEHOLDER_URL}/ping\",EVENT:`ws://confab.invalid/_event`,UP:'{PLACEHOLDER_URL}'}}",
    )
    rewrite_urls(tmp_path)
    assert bundle.read_text() == (
        'const s=[];var e={PING:(window.location.origin+"/ping"),'
        'EVENT:(window.location.origin.replace(/^http/,"ws")+"/_event"),UP:(window.location.origin+"")}'
    )


def test_the_compressed_copy_is_the_same(tmp_path: Path) -> None:
    bundle = write(tmp_path, "env.js", f'{SAME_DOMAIN}x="{PLACEHOLDER_URL}/ping"')
    compressed = tmp_path / "env.js.gz"
    compressed.write_bytes(gzip.compress(bundle.read_bytes()))
    rewrite_urls(tmp_path)
    assert gzip.decompress(compressed.read_bytes()) == bundle.read_bytes()


def test_files_without_an_address_are_untouched(tmp_path: Path) -> None:
    write(tmp_path, "env.js", f'{SAME_DOMAIN}x="{PLACEHOLDER_URL}/ping"')
    other = write(tmp_path, "other.js", 'y="https://example.org"')
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\xff\xd8 not text")
    rewrite_urls(tmp_path)
    assert other.read_text() == 'y="https://example.org"'
    assert picture.read_bytes() == b"\xff\xd8 not text"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (f"{SAME_DOMAIN}x=`{PLACEHOLDER_URL}/${{y}}`", "outside a plain string"),
        (f"{SAME_DOMAIN}x='//confab.invalid'", "outside a plain string"),
        (f'x="{PLACEHOLDER_URL}/ping"', "no file holds the list of same-domain host names"),
        (SAME_DOMAIN, "no file holds the back end's address"),
    ],
)
def test_a_page_written_in_another_way_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    write(tmp_path, "env.js", content)
    with pytest.raises(OperatorError, match=reason):
        rewrite_urls(tmp_path)
