"""Renderer processes that come to serve and then never answer: everything that is not quick is shown as typed."""

import sys

import pytest

from rxapp.markup import off_loop
from rxapp.markup.renderer_pool import RendererPool

FRAMES = "import sys, time\nready = lambda: (sys.stdout.buffer.write(bytes(4)), sys.stdout.flush())\n"
HANGS = (sys.executable, "-c", f"{FRAMES}ready()\ntime.sleep(60)")

SLOW = "- slow\n" * (off_loop.QUICK_LIMIT_MARKS + 1)
"""Never rendered on the event loop."""


def let_renderers_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on until undone."""
    monkeypatch.setattr(off_loop, "_pool", RendererPool(timeout_seconds=0.1, command=HANGS))
