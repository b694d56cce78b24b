"""The log: lines for people, or JSON objects for programs, each with the circumstances in which it was said.

A line never has what people wrote, and never anything that opens something: no message, password, cookie or token.
"""

import logging
import os
import re
import sys
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from rxapp.observability.circumstances import circumstances
from rxapp.observability.failure_text import ExcInfo, failure_text, one_line
from rxapp.observability.metrics import LOG_LINES
from rxapp.operator_error import OperatorError
from rxapp.settings import LogFormat, Settings

# These say what goes over sockets, cookies and messages included: never below warnings, whatever LOG_LEVEL says.
TALKATIVE_LOGGERS = (
    "uvicorn", "websockets", "engineio", "socketio", "httpx", "httpcore", "sqlalchemy", "psycopg", "redis",
    "multipart", "python_multipart", "reflex", "reflex_base",
)  # fmt: skip
TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
FROM_CIRCUMSTANCES = ("request_id", "where", "actor_id", "workspace_id", "channel_id")
# What a call may hand over besides, as `extra`; nothing else of a record is written.
EXTRAS = ("duration_ms", "method", "status", "statement")
OPERATOR_ERROR = f"{OperatorError.__module__}.{OperatorError.__qualname__}: "
EVENT_DATA = re.compile(r"[.:]? Event data: |: |\n|\|")


class Lines(logging.Formatter):
    """One line for each thing said, whatever is in it; the lines of a traceback follow."""

    def __init__(self) -> None:
        super().__init__(TEXT)

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The line, with the request at its end."""
        record.message = _said(record)
        line = super().formatMessage(record)
        known = [f"{name}={value}" for name, value in _about(record).items()]
        return f"{line} [{' '.join(known)}]" if known else line

    def formatException(self, ei: Any) -> str:
        """The traceback, without what people wrote."""
        return _failure(ei)


class Objects(JsonFormatter):
    """A JSON object a line."""

    def __init__(self, worker: int) -> None:
        super().__init__(json_ensure_ascii=False)
        self._worker = worker

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        """All of them; a record's other attributes are left out."""
        del message_dict
        log_data.clear()
        log_data["time"] = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        log_data["level"] = record.levelname.lower()
        log_data["logger"] = record.name
        log_data["message"] = _said(record)
        log_data["worker"] = self._worker
        log_data.update(_about(record))
        if record.exc_info:
            log_data["exception"] = _failure(record.exc_info)

    def formatException(self, ei: Any) -> str:
        """The traceback, without what people wrote."""
        return _failure(ei)


def _about(record: logging.LogRecord) -> dict[str, Any]:
    found = circumstances()
    known = {name: getattr(found, name) for name in FROM_CIRCUMSTANCES} if found else {}
    more = {name: getattr(record, name, None) for name in EXTRAS}
    return {name: value for name, value in (known | more).items() if value not in (None, "")}


def _said(record: logging.LogRecord) -> str:
    """What is said, on one line; without the exception or the event that asyncio and Reflex quote, texts included."""
    text = record.getMessage()
    if record.name == "uvicorn.error":
        # It quotes why the app did not start. What an operator can mend is said as such, without the way to it.
        text = text.rpartition(OPERATOR_ERROR)[2].rstrip()
    elif record.name == "asyncio":
        text = text.partition("\n")[0]
    elif record.name.partition(".")[0] in ("reflex", "reflex_base"):
        text = EVENT_DATA.split(text, maxsplit=1)[0]
    return one_line(text)


def _failure(found: ExcInfo) -> str:
    return failure_text(found[1]) if found[1] is not None else ""


class _Counting(logging.Filter):
    """Counts what is worse than a remark."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno >= logging.WARNING:
            LOG_LINES.labels(level="warning" if record.levelno < logging.ERROR else "error").inc()
        return True


def configure_logging(settings: Settings) -> None:
    """Log on standard error from now on, as the settings say."""
    handler = logging.StreamHandler(sys.stderr)
    is_json = settings.log_format is LogFormat.JSON
    handler.setFormatter(Objects(os.getpid()) if is_json else Lines())
    handler.addFilter(_Counting())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    root.setLevel(level)
    for name in TALKATIVE_LOGGERS:
        logging.getLogger(name).setLevel(max(logging.WARNING, level))
