"""Refusing a log as a whole."""

import enum


class LogRefusal(enum.Enum):
    """Why a whole log was refused."""

    DATE_UNKNOWN = "date_unknown"
    DATE_OUT_OF_RANGE = "date_out_of_range"
    UTF_16 = "utf_16"


class LogRefused(Exception):
    """A log that cannot be read at all; a single bad line is a `BrokenLine` instead."""

    def __init__(self, code: LogRefusal, explanation: str) -> None:
        super().__init__(explanation)
        self.code = code
