"""What Codex says of its model's limits: pure."""

from typing import Any

from hive.agents.codex.shapes import record

UPDATED = "account/rateLimits/updated"


def resets_at(params: dict[str, Any]) -> float | None:
    """When a limit that is used up begins anew, in seconds since the epoch; none when none is used up."""
    limits = record(params.get("rateLimits"))
    windows = (record(limits.get(name)) for name in ("primary", "secondary"))
    found = [
        float(window["resetsAt"])
        for window in windows
        if _number(window.get("usedPercent")) >= 100 and _number(window.get("resetsAt"))
    ]
    return max(found, default=None)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
