"""Frames on a pipe: four bytes of length (big-endian), then that many bytes."""

from typing import IO

COLOURED, PLAIN = b"c", b"p"
"""How code is wanted: what a request for a rendering begins with."""

_LENGTH_BYTES = 4


def read_frame(pipe: IO[bytes]) -> bytes | None:
    """Block for the next frame; None when the pipe was closed, in the middle of a frame too."""
    header = pipe.read(_LENGTH_BYTES)
    if len(header) < _LENGTH_BYTES:
        return None
    length = int.from_bytes(header, "big")
    body = pipe.read(length)
    return body if len(body) == length else None


def write_frame(pipe: IO[bytes], body: bytes) -> None:
    """Write one frame and flush it. Raises `BrokenPipeError` when nobody reads any more."""
    pipe.write(len(body).to_bytes(_LENGTH_BYTES, "big") + body)
    pipe.flush()
