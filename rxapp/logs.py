"""What the server says on standard error."""

import logging
import sys

from rxapp.settings import Settings

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# Chatty on every request or event: their warnings are enough.
QUIET_LOGGERS = ("uvicorn", "engineio", "socketio", "httpx")


def configure_logging(settings: Settings) -> None:
    """Begin to log, in each process that serves."""
    logging.basicConfig(level=settings.log_level.upper(), format=LOG_FORMAT, stream=sys.stderr)
    if settings.log_level != "debug":
        for name in QUIET_LOGGERS:
            logging.getLogger(name).setLevel(logging.WARNING)
