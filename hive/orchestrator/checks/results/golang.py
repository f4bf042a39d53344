"""Counts and readable output from `go test -json`. Pure."""

import json
from collections.abc import Iterator
from typing import Any, Literal

from hive.model import Case
from hive.orchestrator.checks.results.counts import Counts
from hive.text import one_line

_OUTCOMES: dict[str, Literal["passed", "failed", "skipped"]] = {
    "pass": "passed",
    "fail": "failed",
    "skip": "skipped",
}


def parse(output: str) -> Counts | None:
    """The counts of the last result of each test; none when there is no event at all.

    A package that fails without a failing test did not compile, or crashed: it counts as one failure.
    """
    tests: dict[tuple[str, str], str] = {}
    packages: dict[str, str] = {}
    for event in _events(output):
        package, action = str(event.get("Package")), str(event["Action"])
        if action not in ("pass", "fail", "skip"):
            packages.setdefault(package, action)
        elif "Test" in event:
            tests[package, str(event["Test"])] = action
        else:
            packages[package] = action
    if not packages:
        return None
    red = {package for (package, _), action in tests.items() if action == "fail"}
    broken = sum(action == "fail" and package not in red for package, action in packages.items())
    actions = list(tests.values())
    cases = tuple(
        Case(group=one_line(package), name=one_line(name, 300), outcome=_OUTCOMES[action])
        for (package, name), action in tests.items()
    )
    return Counts(actions.count("pass"), actions.count("fail") + broken, actions.count("skip"), cases)


def readable(output: str) -> str:
    """What `go test` would have printed without `-json`."""
    lines = output.splitlines(keepends=True)
    return "".join(str(event.get("Output", "")) if (event := _event(line)) else line for line in lines)


def _events(output: str) -> Iterator[dict[str, Any]]:
    return (event for line in output.splitlines() if (event := _event(line)))


def _event(line: str) -> dict[str, Any] | None:
    if not line.startswith('{"'):
        return None
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) and "Action" in event else None
