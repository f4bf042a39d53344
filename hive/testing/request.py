"""A request as a fake server received it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Request:
    """Method, path, headers (lower case) and body."""

    method: str
    target: str
    headers: Mapping[str, str]
    raw: bytes = field(repr=False)

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    @cached_property
    def body(self) -> dict[str, Any]:
        """The JSON object; empty when the body is none."""
        try:
            found = json.loads(self.raw or b"{}")
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @cached_property
    def words(self) -> str:
        """Every string of the body, one per line, for searching."""
        return "\n".join(_strings(self.body))


def _strings(value: object) -> list[str]:
    found: list[str] = []
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str(text):
                found.append(text)
            case dict(members):
                waiting.extend(reversed(members.values()))
            case list(items):
                waiting.extend(reversed(items))
    return found
