"""What an app server sends, read without trusting its shape: whatever is not as expected counts as not there."""

from typing import Any

from hive.agents.session import bounded


def record(value: object) -> dict[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else {}


def records(value: object, most: int = 100) -> list[dict[str, Any]]:
    """The objects of a list, at most so many."""
    return [each for each in value[:most] if isinstance(each, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """The words, bounded, or none."""
    return bounded(value) if isinstance(value, str) else ""


def texts(value: object) -> list[str]:
    """The words of a list."""
    return [bounded(each) for each in value[:100] if isinstance(each, str)] if isinstance(value, list) else []


def count(value: object) -> int:
    """A number of things that cannot be negative."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def code(value: object) -> int | None:
    """An exit code, where there is one."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 31 else None
