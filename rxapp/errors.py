"""The one error base: a code for programs, parameters for the sentence people read."""

from enum import StrEnum


class ErrorCode(StrEnum):
    """What went wrong. The sentence is `error.<code>` in rxapp/texts; the HTTP status is below."""

    NOT_FOUND = "not_found"
    NOT_SIGNED_IN = "not_signed_in"
    NOT_ALLOWED = "not_allowed"
    FOREIGN_ORIGIN = "foreign_origin"
    WRONG_CREDENTIALS = "wrong_credentials"
    TOO_MANY_ATTEMPTS = "too_many_attempts"
    TOO_MANY_REQUESTS = "too_many_requests"
    WEAK_PASSWORD = "weak_password"
    PASSWORD_TOO_LONG = "password_too_long"
    EMAIL_INVALID = "email_invalid"
    EMAIL_TAKEN = "email_taken"
    NAME_TAKEN = "name_taken"
    HANDLE_INVALID = "handle_invalid"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    INVALID_TEXT = "invalid_text"
    INVALID_REQUEST = "invalid_request"
    INVALID_ICON = "invalid_icon"
    NAME_DIFFERS = "name_differs"
    INVITATION_INVALID = "invitation_invalid"
    REGISTRATION_CLOSED = "registration_closed"
    SETUP_LINK_REQUIRED = "setup_link_required"
    NOT_JOINED = "not_joined"
    CHANNEL_ARCHIVED = "channel_archived"
    FIRST_CHANNEL = "first_channel"
    DIRECT_FIXED = "direct_fixed"
    TOO_MANY_PEOPLE = "too_many_people"
    TOO_MANY_CHANNELS = "too_many_channels"
    TOO_MANY_WORKSPACES = "too_many_workspaces"
    LAST_OWNER = "last_owner"
    DELETED = "deleted"
    RESTORE_TOO_LATE = "restore_too_late"
    UNAVAILABLE = "unavailable"


HTTP_STATUS = {
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.NOT_SIGNED_IN: 401,
    ErrorCode.NOT_ALLOWED: 403,
    ErrorCode.FOREIGN_ORIGIN: 403,
    ErrorCode.WRONG_CREDENTIALS: 401,
    ErrorCode.TOO_MANY_ATTEMPTS: 429,
    ErrorCode.TOO_MANY_REQUESTS: 429,
    ErrorCode.REGISTRATION_CLOSED: 403,
    ErrorCode.SETUP_LINK_REQUIRED: 403,
    ErrorCode.NOT_JOINED: 403,
    ErrorCode.EMAIL_TAKEN: 409,
    ErrorCode.NAME_TAKEN: 409,
    ErrorCode.CHANNEL_ARCHIVED: 409,
    ErrorCode.FIRST_CHANNEL: 409,
    ErrorCode.DIRECT_FIXED: 409,
    ErrorCode.LAST_OWNER: 409,
    ErrorCode.DELETED: 410,
    ErrorCode.RESTORE_TOO_LATE: 410,
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.TOO_SLOW: 408,
    ErrorCode.UNAVAILABLE: 503,
}
DEFAULT_STATUS = 422


class ConfabError(Exception):
    """A refusal that a person can understand and act upon."""

    def __init__(self, code: ErrorCode, **parameters: str | int) -> None:
        super().__init__(code.value)
        self.code = code
        self.parameters = parameters

    @property
    def http_status(self) -> int:
        """The HTTP status that says the same."""
        return HTTP_STATUS.get(self.code, DEFAULT_STATUS)

    def __str__(self) -> str:
        return f"{self.code.value} {self.parameters}" if self.parameters else self.code.value


def not_found() -> ConfabError:
    """The one answer for what is absent and for what is forbidden to know."""
    return ConfabError(ErrorCode.NOT_FOUND)
