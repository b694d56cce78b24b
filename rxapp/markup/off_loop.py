"""Rendering for callers on the event loop: at once what is surely quick, elsewhere the rest."""

import asyncio
import atexit
import re
import time
from collections.abc import Callable, Sequence

from rxapp.markup.rendered import MESSAGE_LIMIT_CHARACTERS, Rendered, render_as_typed
from rxapp.markup.renderer_pool import RendererPool
from rxapp.markup.rendering import render

QUICK_LIMIT_CHARACTERS = 1_000

QUICK_LIMIT_MARKS = 32
"""Characters that may begin markup, line ends included: they cost more time than the length."""

_MARK = re.compile(r"[\n!#$%&*+\-:<=>@\[\\\]^_`{|}~]")

_FENCE = re.compile("`{3}|~{3}")

_MANY = "many at once"

_pool = RendererPool()
atexit.register(_pool.close)
_told: list[Callable[[bool, float], None]] = []


async def render_off_loop(
    source: str, *, who: object = None, with_colours: bool = True, is_patient: bool = False
) -> Rendered:
    """Render `source` without holding up the event loop. Never raises for any text.

    A message within the two quick limits is rendered right here, in under a millisecond; others in
    a child process, which is killed after `RENDER_TIMEOUT_SECONDS`, one at a time of each `who`.
    What could not be rendered in time is given as typed, with `fallback` set; a patient caller's
    time begins when its turn comes.
    """
    if len(source) > MESSAGE_LIMIT_CHARACTERS:
        return render_as_typed(source)
    started = time.perf_counter()
    is_here = is_quick(source)
    if is_here:
        rendered = render(source)
    else:
        rendered = await _pool.render(source, who=who, with_colours=with_colours, is_patient=is_patient)
    for told in _told:
        told(is_here, time.perf_counter() - started)
    return rendered


def tell_of_rendering(told: Callable[[bool, float], None]) -> None:
    """Have it told of each message whether it was rendered in this process, and how many seconds that took."""
    _told[:] = [told]


async def render_all_off_loop(sources: Sequence[str]) -> list[Rendered]:
    """Render many at once without holding up the event loop: the quick ones in one thread, patiently the others."""
    quick = await asyncio.to_thread(lambda: [render(source) if is_quick(source) else None for source in sources])
    return [
        done or await render_off_loop(source, who=_MANY, is_patient=True)
        for source, done in zip(sources, quick, strict=True)
    ]


def is_quick(source: str) -> bool:
    """Tell whether `source` has so little markup that it may be rendered on the event loop."""
    if len(source) > QUICK_LIMIT_CHARACTERS:
        return False
    if _FENCE.search(source):
        # Reading a language may need a part of Pygments that was not loaded yet.
        return False
    if "//" in source and not source.isascii():
        # Host names may have to be written in punycode, which is slow.
        return False
    return sum(1 for _ in _MARK.finditer(source)) <= QUICK_LIMIT_MARKS


def close_renderers() -> None:
    """End the idle renderer processes, when the app stops."""
    _pool.close()
