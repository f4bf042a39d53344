"""Tool calls in the few words of a report: pure."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hive.agents.session import bounded
from hive.model import Assignment

LONGEST = 300
_TELLING = ("command", "file_path", "path", "pattern", "query", "url", "description")


def summary(given: Mapping[str, Any]) -> str:
    """The most telling part of a tool's input."""
    for key in _TELLING:
        value = given.get(key)
        if isinstance(value, str) and value:
            return _short(value)
    return _short(json.dumps(given, default=str, ensure_ascii=False)) if given else ""


def edited_path(path: str, assignment: Assignment) -> str:
    """A path as the tool names it, relative to the workspace where it lies in it."""
    workspace = Path(assignment.workspace)
    try:
        named = (workspace / assignment.service.path / path).resolve()
        return bounded(named.relative_to(workspace.resolve()).as_posix())
    except (ValueError, OSError, RuntimeError):
        return bounded(path)


def _short(text: str) -> str:
    return bounded(text if len(text) <= LONGEST else f"{text[:LONGEST]}…")
