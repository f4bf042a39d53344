"""What Claude Code says of the model's limits: pure."""

from typing import NamedTuple

from claude_agent_sdk import RateLimitEvent, SystemMessage

from hive.agents.session import bounded
from hive.model import Ended

_HOPELESS = (400, 401, 402, 403, 404)
"""Answers that another attempt does not change, though Claude Code makes some."""


class Hindrance(NamedTuple):
    """Something that keeps the model from answering."""

    seconds: float = 0.0
    resets_at: float | None = None
    """Seconds since the epoch."""
    hopeless: Ended | None = None


def hindered(message: object) -> Hindrance | None:
    """What a message says of limits; none when it is about something else."""
    match message:
        case RateLimitEvent() if message.rate_limit_info.status == "rejected":
            return Hindrance(resets_at=message.rate_limit_info.resets_at)
        case SystemMessage(subtype="api_retry"):
            return _retried(message.data.get("error_status"), message.data)
        case _:
            return None


def _retried(status: object, data: dict[str, object]) -> Hindrance | None:
    if status in _HOPELESS:
        said = f"Claude Code failed ({status}): {data.get('error') or 'refused'}"
        return Hindrance(hopeless=Ended(outcome="failed", reason=bounded(said)))
    wait = data.get("retry_delay_ms")
    if status == 429 and isinstance(wait, int | float):
        return Hindrance(seconds=wait / 1000)
    return None
