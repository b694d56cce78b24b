"""Text from people, checked at the edge; what is refused is said with its limit."""

import emoji

from rxapp.errors import ConfabError, ErrorCode
from rxapp.markup import LONE_SURROGATE, MESSAGE_LIMIT_CHARACTERS, TextRefusal, TextRefused, clean_message, clean_name

_CODES = {
    TextRefusal.EMPTY: ErrorCode.EMPTY,
    TextRefusal.TOO_LONG: ErrorCode.TOO_LONG,
    TextRefusal.NUL: ErrorCode.INVALID_TEXT,
    TextRefusal.LONE_SURROGATE: ErrorCode.INVALID_TEXT,
}
TOPIC_MAX_CHARACTERS = 250
PURPOSE_MAX_CHARACTERS = 250
SEARCH_MAX_CHARACTERS = 250
ICON_MAX_CHARACTERS = 32  # of one emoji: a family has seven
TITLE_MAX_CHARACTERS = 100
PRONOUNS_MAX_CHARACTERS = 40


def check_name(value: object, *, field: str) -> str:
    """A name of one line, 80 characters at most. Raises EMPTY, TOO_LONG, INVALID_TEXT."""
    try:
        return clean_name(_text(value, field), field=field)
    except TextRefused as refused:
        raise _refusal(refused) from refused


def check_topic(value: object) -> str:
    """A topic; an empty one is none. Raises TOO_LONG, INVALID_TEXT."""
    return _line_or_nothing(value, "topic", TOPIC_MAX_CHARACTERS)


def check_purpose(value: object) -> str:
    """What a channel is for; an empty one is none. Raises TOO_LONG, INVALID_TEXT."""
    return _line_or_nothing(value, "purpose", PURPOSE_MAX_CHARACTERS)


def check_title(value: object) -> str:
    """What a person does; an empty one is none. Raises TOO_LONG, INVALID_TEXT."""
    return _line_or_nothing(value, "title", TITLE_MAX_CHARACTERS)


def check_pronouns(value: object) -> str:
    """How a person is spoken of; empty ones are none. Raises TOO_LONG, INVALID_TEXT."""
    return _line_or_nothing(value, "pronouns", PRONOUNS_MAX_CHARACTERS)


def check_message(value: object) -> str:
    """A message's source, 16,383 characters at most. Raises EMPTY, TOO_LONG, INVALID_TEXT."""
    try:
        return clean_message(_text(value, "message"))
    except TextRefused as refused:
        raise _refusal(refused) from refused


def check_draft(value: object) -> str:
    """A draft as it was typed, 16,383 characters at most; it may be empty. Raises TOO_LONG, INVALID_TEXT."""
    text = _text(value, "draft")
    if len(text) > MESSAGE_LIMIT_CHARACTERS:
        raise ConfabError(ErrorCode.TOO_LONG, field="draft", limit=MESSAGE_LIMIT_CHARACTERS, actual=len(text))
    if "\0" in text or LONE_SURROGATE.search(text):
        raise ConfabError(ErrorCode.INVALID_TEXT, field="draft")
    return text


def check_search(value: object) -> str:
    """What somebody looks for, cleaned as names are; what shows nothing is nothing. Raises TOO_LONG, INVALID_TEXT."""
    return _line_or_nothing(value, "search", SEARCH_MAX_CHARACTERS)


def check_icon(value: object) -> str:
    """One emoji, or nothing. Raises INVALID_ICON."""
    text = _text(value, "icon").strip()
    if text and not (len(text) <= ICON_MAX_CHARACTERS and emoji.is_emoji(text)):
        raise ConfabError(ErrorCode.INVALID_ICON)
    return text


def _line_or_nothing(value: object, field: str, limit_characters: int) -> str:
    try:
        return clean_name(_text(value, field), field=field, limit_characters=limit_characters)
    except TextRefused as refused:
        if refused.code is TextRefusal.EMPTY:
            return ""
        raise _refusal(refused) from refused


def _text(value: object, field: str) -> str:
    if not isinstance(value, str):
        raise ConfabError(ErrorCode.INVALID_REQUEST, field=field)
    return value


def _refusal(refused: TextRefused) -> ConfabError:
    return ConfabError(
        _CODES[refused.code],
        field=refused.field,
        limit=refused.limit_characters,
        actual=refused.actual_characters,
    )
