"""The library's exceptions in hive's words."""

from anthropic import APIConnectionError, APIError, APIStatusError

from hive.agents.anthropic.retry import Failure
from hive.text import one_line


class BrokenAnswerError(Exception):
    """The model's answer ended before it was complete, or contradicts itself."""


def failure_of(error: Exception) -> Failure:
    """What happened, for the retry policy."""
    match error:
        case APIStatusError():
            return Failure(
                what="status",
                status=error.status_code,
                kind=str(error.type or ""),
                code=str(error.error_code or ""),
                message=one_line(error.api_message or error.message, 500),
                retry_after=_seconds(error.response.headers.get("retry-after")),
            )
        case APIConnectionError():
            return Failure(what="connection", message=one_line(_cause(error), 500))
        case APIError():
            return Failure(what="stream", message=one_line(error.message, 500))
        case _:
            return Failure(what="stream", message=one_line(_cause(error), 500))


def _cause(error: Exception) -> str:
    inner = error.__cause__ or error
    return f"{type(inner).__name__}: {inner}"


def _seconds(header: str | None) -> float | None:
    try:
        return max(0.0, float(header)) if header is not None else None
    except ValueError:
        return None  # a date: the backoff decides
