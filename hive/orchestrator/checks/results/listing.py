"""The single tests of a check, kept in a small file beside its output."""

from collections.abc import Iterable
from pathlib import Path

from hive.model import CASES, Case

MOST_BYTES = 900_000
"""Screens read at most a mebibyte of a file."""
_FIRST = ("failed", "skipped", "passed")


def write(cases: Iterable[Case], output: Path) -> str | None:
    """Write them, failures first, as many as there is room for; the file's name, none without cases."""
    kept: list[Case] = []
    room = MOST_BYTES
    for case in sorted(cases, key=lambda case: _FIRST.index(case.outcome)):
        room -= len(case.model_dump_json().encode()) + 1
        if room < 0:
            break
        kept.append(case)
    if not kept:
        return None
    file = output.with_name(f"{output.name}.tests.json")
    file.write_bytes(CASES.dump_json(tuple(kept)))
    return file.name
