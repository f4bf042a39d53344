"""When a failed call of the model is tried again, and how long after: pure."""

import re
from typing import Literal, NamedTuple

_SPENT = re.compile(r"spend|spent|credit balance|quota|billing|usage limit", re.IGNORECASE)


class Pace(NamedTuple):
    """How often, and how slowly, a call is tried again."""

    attempts: int = 6
    first: float = 0.5
    """Seconds after the first failure; twice as many after each further one."""
    longest: float = 8.0
    limited_attempts: int = 30
    """Of a call that a rate limit refuses."""
    patience: float = 6 * 3600.0
    """Seconds that one call waits for rate limits in all; what resets later ends the turn with the reason."""


USUAL_PACE = Pace()


class Failure(NamedTuple):
    """What went wrong, without the library's types."""

    what: Literal["status", "connection", "stream"]
    """An error answer; no answer; an answer that broke off or cannot be read."""
    status: int | None = None
    kind: str = ""
    """The API's word for it."""
    code: str = ""
    """The API's finer word."""
    message: str = ""
    retry_after: float | None = None


def is_spent(failure: Failure) -> bool:
    """Whether money or quota is used up: trying again cannot help."""
    if failure.status == 402 or "spend_limit" in failure.code or failure.kind == "billing_error":
        return True
    return failure.status == 429 and failure.retry_after is None and bool(_SPENT.search(failure.message))


def delay(failure: Failure, attempt: int, pace: Pace, waited: float = 0.0) -> float | None:
    """Seconds until the next attempt after the `attempt`-th (from 1) has failed; none when there is none.

    `waited` are the seconds that the call has waited already: the whole of it is bounded.
    """
    most = pace.limited_attempts if failure.status == 429 else pace.attempts
    if attempt >= most or is_spent(failure):
        return None
    if failure.what == "status" and not _is_passing(failure):
        return None
    if failure.retry_after is not None:
        return failure.retry_after if waited + failure.retry_after <= pace.patience else None
    return min(pace.first * 2.0 ** (attempt - 1), pace.longest)


def _is_passing(failure: Failure) -> bool:
    status = failure.status or 0
    if status < 400:  # an error event inside a stream that began well
        return failure.kind in ("overloaded_error", "api_error", "rate_limit_error", "timeout_error", "")
    return status in (408, 409, 429) or status >= 500


def explained(failure: Failure) -> str:
    """The failure in words, with what a person can do."""
    said = failure.message or failure.kind or "no reason given"
    if is_spent(failure):
        return f"the model's spend limit is reached: {said}; raise it or wait for its reset, then retry"
    match failure.status:
        case 401 | 403:
            return f"the key is not accepted ({failure.status}): {said}; correct ANTHROPIC_API_KEY"
        case 404:
            return f"not found (404): {said}; correct the model (HIVE_MODEL) or ANTHROPIC_BASE_URL"
        case 400 | 413 | 422:
            return f"the request is refused ({failure.status}): {said}"
        case 429:
            wait = "" if failure.retry_after is None else f" for {failure.retry_after:g} more seconds"
            return f"rate limited{wait} (429): {said}"
        case int(status) if status >= 400:
            return f"the model's API fails ({status}): {said}"
    where = "cannot be reached" if failure.what == "connection" else "broke off its answer"
    return f"the model's API {where}: {said}"
