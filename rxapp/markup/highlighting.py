"""Code in its language's colours: class names only, what they look like is the page's.

Some languages are read in time that grows with the square of the code's length. Where that matters, colouring gets a
limited time and code is shown plain when it is over.
"""

import signal
import time
from dataclasses import dataclass
from functools import cache
from html import escape
from types import FrameType

from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import STANDARD_TYPES

HIGHLIGHT_LIMIT_CHARACTERS = 8_000
"""Of one message. Beyond that code is shown plain: reading it costs, and so do its many elements."""

HIGHLIGHT_GROWTH_LIMIT = 12
"""Characters of HTML for one of code; beyond that it is shown plain."""

LOADING_LIMIT_SECONDS = 0.4
"""Of processor time, for the languages of one message that were not met before; beyond it the next are shown plain."""

HIGHLIGHT_CLASSES = frozenset(name for name in STANDARD_TYPES.values() if name)

COLOURING = "colouring"
"""Where what a message may still take is kept while it is rendered: a `Colouring`."""

_formatter = HtmlFormatter(nowrap=True)


@dataclass(slots=True)
class Colouring:
    """What colouring may still take for one message: characters, and seconds of processor time if they are limited.

    Parts of Pygments that are loaded for it have a time of their own, because they are loaded once. A limit needs the
    process's main thread: its alarm interrupts whatever runs there.
    """

    characters: int = HIGHLIGHT_LIMIT_CHARACTERS
    seconds: float | None = None
    loading_seconds: float = LOADING_LIMIT_SECONDS

    def of(self, code: str, language: str) -> str | None:
        """`code` as HTML with a class for each kind of word.

        None for a language that is not known, for what is not worth it, and when too much was asked for.
        """
        if len(code) > self.characters or self.seconds == 0 or language.lower() not in _languages():
            return None
        self.characters -= len(code)
        html = self._in_time(code, language.lower())
        return html if html is not None and len(html) <= HIGHLIGHT_GROWTH_LIMIT * len(code) + 100 else None

    def _in_time(self, code: str, language: str) -> str | None:
        if self.seconds is None:
            return str(highlight(code, _lexer(language), _formatter))
        if self.loading_seconds == 0:
            return None
        began = time.process_time()
        lexer = _lexer(language)  # never interrupted, so that it need not be done again
        self.loading_seconds = max(0.0, self.loading_seconds - (time.process_time() - began))
        signal.signal(signal.SIGVTALRM, _time_is_over)
        began = time.process_time()
        try:
            signal.setitimer(signal.ITIMER_VIRTUAL, self.seconds)
            html = str(highlight(code, lexer, _formatter))
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        except _TimeIsOver:
            self.seconds = 0.0
            return None
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        self.seconds = max(0.0, self.seconds - (time.process_time() - began))
        return html


class _TimeIsOver(BaseException):
    """Colouring took too long. Pygments makes another failure of every `Exception` in some of its parts."""


def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False, ensurenl=False)


def _time_is_over(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise _TimeIsOver


def render_fence(_: object, tokens: list[Token], index: int, __: object, env: dict[str, Colouring]) -> str:
    """Render rule of a block of code. A language is never guessed."""
    token = tokens[index]
    code, language = token.content, token.info
    html = env[COLOURING].of(code, language) if language else None
    named = f' class="language-{escape(language)}"' if language else ""
    return f"<pre><code{named}>{escape(code, quote=False) if html is None else html}</code></pre>\n"


@cache
def _languages() -> frozenset[str]:
    """The names that Pygments itself knows: asking it for another one would search all installed packages."""
    return frozenset(alias.lower() for _, aliases, _, _ in get_all_lexers(plugins=False) for alias in aliases)
