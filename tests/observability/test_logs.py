"""The log: one line or object for each thing said, with its circumstances, and without what people wrote."""

import json
import logging
import traceback
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError

from rxapp.errors import ConfabError, ErrorCode
from rxapp.observability.circumstances import Circumstances, note_actor, note_places, under
from rxapp.observability.failure_text import LEFT_OUT, failure_text
from rxapp.observability.logs import TALKATIVE_LOGGERS, Lines, Objects, configure_logging
from rxapp.observability.page_failures import what_broke
from rxapp.operator_error import OperatorError
from rxapp.settings import Settings
from tests.hostile import TEXTS

SECRET = "tell nobody"


def record(message: str, *words: object, name: str = "rxapp.x", **more: Any) -> logging.LogRecord:
    made = logging.LogRecord(name, logging.WARNING, __file__, 1, message, words, None)
    for key, value in more.items():
        setattr(made, key, value)
    return made


def as_object(made: logging.LogRecord) -> dict[str, Any]:
    found = json.loads(Objects(7).format(made))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("before", ["", "a\n2026-11-25 ERROR root: forged", "a\r\x1b[31mred\u2028\x85"])
def test_whatever_is_said_stays_on_its_line(text: str, before: str) -> None:
    made = record("Somebody called %s", before + text)
    line = Lines().format(made)
    assert len(line.splitlines()) == 1
    assert line.isprintable()
    written = Objects(7).format(made)
    assert "\n" not in written
    assert len(as_object(made)["message"].splitlines()) == 1


def test_what_an_operator_can_mend_is_said_without_the_way_to_it() -> None:
    try:
        raise OperatorError("Redis does not answer: start it.")
    except OperatorError:
        told = traceback.format_exc()
    made = record(told, name="uvicorn.error")
    assert as_object(made)["message"] == "Redis does not answer: start it."
    assert Lines().format(made).endswith("WARNING uvicorn.error: Redis does not answer: start it.")
    assert as_object(record("Application startup failed. Exiting.", name="uvicorn.error"))["message"].endswith("ing.")


def test_an_object_has_what_was_going_on() -> None:
    actor, channel = uuid4(), uuid4()
    with under(Circumstances("request-1", where="/api/channels/{channel_id}/messages")):
        note_actor(actor)
        note_places(workspace_id=SECRET, channel_id=str(channel))
        found = as_object(record("%d things", 3, duration_ms=1.5, cookie=SECRET))
    assert found.pop("time").endswith("+00:00")
    assert found == {
        "level": "warning",
        "logger": "rxapp.x",
        "message": "3 things",
        "worker": 7,
        "request_id": "request-1",
        "where": "/api/channels/{channel_id}/messages",
        "actor_id": str(actor),
        "channel_id": str(channel),
        "duration_ms": 1.5,
    }


def test_a_line_has_it_too_and_what_goes_on_after_a_request_is_not_of_it() -> None:
    with under(Circumstances("request-1")) as found:
        assert Lines().format(record("here")).endswith("rxapp.x: here [request_id=request-1]")
    with under(found):
        found.is_over = True
        assert Lines().format(record("here")).endswith("rxapp.x: here")


class Form(BaseModel):
    """Something with a field."""

    number: int


def failing(what: str) -> None:
    match what:
        case "value":
            int(SECRET)
        case "key":
            dict[str, int]()[SECRET]
        case "validation":
            Form.model_validate({"number": SECRET})
        case "unicode":
            f"{SECRET}\ud800".encode()
        case "statement":
            raise IntegrityError("insert", {"source": SECRET}, psycopg.errors.UniqueViolation(f"({SECRET}) is there"))
        case "refusal":
            raise ConfabError(ErrorCode.NAME_TAKEN, name=SECRET)
        case "cause":
            try:
                int(SECRET)
            except ValueError as error:
                raise RuntimeError("expected a number") from error
        case "group":
            raise ExceptionGroup("two", [ValueError(SECRET), KeyError(SECRET)])


@pytest.mark.parametrize("what", ["value", "key", "validation", "unicode", "statement", "refusal", "cause", "group"])
def test_a_traceback_says_where_and_quotes_nobody(what: str) -> None:
    with pytest.raises(Exception) as raised:
        failing(what)
    text = failure_text(raised.value)
    assert SECRET not in text
    assert "in failing" in text
    assert type(raised.value).__name__ in text


def test_what_is_no_persons_is_said() -> None:
    assert "RuntimeError: expected this\\nand that" in failure_text(RuntimeError("expected this\nand that"))
    assert "FileNotFoundError: [Errno 2] No such file: 'x'" in failure_text(FileNotFoundError(2, "No such file", "x"))
    assert failure_text(ValueError(SECRET)).endswith(f"ValueError: {LEFT_OUT}\n")


def test_an_exception_is_a_field_and_follows_a_line() -> None:
    try:
        failing("value")
    except ValueError as error:
        made = record("It failed")
        made.exc_info = (type(error), error, error.__traceback__)
    found = as_object(made)
    assert found["message"] == "It failed"
    assert "in failing" in found["exception"]
    line, *traceback = Lines().format(made).splitlines()
    assert line.endswith("It failed")
    assert traceback[0] == "Traceback (most recent call last):"
    assert SECRET not in json.dumps(found) + Lines().format(made)


@pytest.mark.parametrize(
    ("name", "message", "said"),
    [
        (
            "asyncio",
            f"Task exception was never retrieved\nfuture: <Task {SECRET}>",
            "Task exception was never retrieved",
        ),
        ("reflex.app", f"Received a string. Event data: {SECRET}", "Received a string"),
        ("reflex_base.event", f"Error in reflex_event|ChannelState.open|{SECRET}|1:", "Error in reflex_event"),
        ("reflex.state", f"[Reflex Backend Exception]\n {SECRET}", "[Reflex Backend Exception]"),
    ],
)
def test_what_libraries_quote_is_left_out(name: str, message: str, said: str) -> None:
    assert as_object(record("%s", message, name=name))["message"] == said


def test_what_a_browser_says_is_reduced_to_what_nobody_wrote() -> None:
    report = f"TypeError: cannot read {SECRET}\n at x (https://chat.example.org/assets/root-B3x.js:1:20534)"
    assert what_broke(report) == ("TypeError", "root-B3x.js:1:20534")
    assert what_broke(f"{SECRET}Error: x\n/assets/../{SECRET}") == ("unknown", "unknown")


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_the_settings_choose_and_talkative_libraries_stay_quiet(log_format: str) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in TALKATIVE_LOGGERS}
    try:
        configure_logging(Settings(_env_file=None, LOG_FORMAT=log_format, LOG_LEVEL="debug"))
        (handler,) = root.handlers
        assert isinstance(handler.formatter, Objects if log_format == "json" else Lines)
        assert root.level == logging.DEBUG
        assert {logging.getLogger(name).getEffectiveLevel() for name in TALKATIVE_LOGGERS} == {logging.WARNING}
    finally:
        root.handlers[:], root.level = handlers, level
        for name, before in levels.items():
            logging.getLogger(name).setLevel(before)
