"""The library's exceptions in hive's words."""

from datetime import UTC, datetime

from anthropic import APIConnectionError, APIError, APIStatusError

from hive.agents.anthropic.limits import resets_in, retry_after
from hive.agents.anthropic.retry import Failure
from hive.text import one_line


class BrokenAnswerError(Exception):
    """The model's answer ended before it was complete, or contradicts itself."""


def failure_of(error: Exception) -> Failure:
    """What happened, for the retry policy."""
    match error:
        case APIStatusError():
            headers, now = error.response.headers, datetime.now(UTC)
            after = retry_after(headers, now)
            return Failure(
                what="status",
                status=error.status_code,
                kind=str(error.type or ""),
                code=str(error.error_code or ""),
                message=one_line(error.api_message or error.message, 500),
                retry_after=resets_in(headers, now) if after is None else after,
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
