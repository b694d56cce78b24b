"""Reading answers of the API."""

import httpx

from rxapp.errors import DEFAULT_STATUS, HTTP_STATUS, ErrorCode


def refusal_of(answer: httpx.Response) -> tuple[ErrorCode, dict[str, str | int]]:
    """Code and parameters of a refusal, after a look at its shape and status."""
    body = answer.json()
    assert list(body) == ["error"], body
    error = body["error"]
    assert sorted(error) == ["code", "message", "parameters"], error
    code = ErrorCode(error["code"])
    assert answer.status_code == HTTP_STATUS.get(code, DEFAULT_STATUS)
    assert error["message"]
    assert answer.headers["content-type"] == "application/json"
    return code, error["parameters"]


def code_of(answer: httpx.Response) -> ErrorCode:
    """The code of a refusal."""
    return refusal_of(answer)[0]
