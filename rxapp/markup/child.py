"""The renderer as a process of its own, `python -m rxapp.markup.child`, so that it can be killed.

It says that it is ready with an empty frame, then answers each frame on its standard input (`COLOURED` or `PLAIN`, then
a source) with one on its standard output (a `Rendered` as JSON) until its input is closed.
"""

import json
import sys
from dataclasses import asdict

from rxapp.markup.frames import COLOURED, read_frame, write_frame
from rxapp.markup.rendering import render

COLOURING_LIMIT_SECONDS = 0.4
"""Of processor time, for one message; twice what reading the markup of the slowest known one takes."""


def main() -> None:
    """Serve until the parent closes the pipe, which it also does by dying."""
    write_frame(sys.stdout.buffer, b"")
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        seconds = COLOURING_LIMIT_SECONDS if frame[:1] == COLOURED else 0.0
        rendered = render(frame[1:].decode("utf-8", "surrogatepass"), colouring_seconds=seconds)
        write_frame(sys.stdout.buffer, json.dumps(asdict(rendered)).encode())


if __name__ == "__main__":
    main()
