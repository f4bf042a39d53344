"""When the API says that a limit is over, from its headers: pure."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_WINDOWS = ("requests", "tokens", "input-tokens", "output-tokens")
_PREFIX = "anthropic-ratelimit-"


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds, from a number or a date; none when there is neither."""
    said = headers.get("retry-after", "")
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        date = parsedate_to_datetime(said)
    except ValueError:
        return None
    return _seconds(date if date.tzinfo else date.replace(tzinfo=UTC), now)


def resets_in(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds until every limit that is used up begins anew; none when none is."""
    return max(_used_up(headers, now), default=None)


def _used_up(headers: Mapping[str, str], now: datetime) -> Iterator[float]:
    for window in _WINDOWS:
        if headers.get(f"{_PREFIX}{window}-remaining", "").strip() == "0":
            try:
                reset = datetime.fromisoformat(headers.get(f"{_PREFIX}{window}-reset", ""))
            except ValueError:
                continue
            yield _seconds(reset if reset.tzinfo else reset.replace(tzinfo=UTC), now)
    if headers.get(f"{_PREFIX}unified-status") == "rejected":
        try:
            yield max(0.0, float(headers.get(f"{_PREFIX}unified-reset", "")) - now.timestamp())
        except ValueError:
            return


def _seconds(at: datetime, now: datetime) -> float:
    return max(0.0, (at - now).total_seconds())
