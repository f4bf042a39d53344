"""What the dashboard remembers between two times: diffs seen, theme, bell. One small JSON file."""

import json
import os
from pathlib import Path
from typing import NamedTuple

from pydantic import Field, ValidationError

from hive.model import Fact

MOST_SEEN = 2000
"""Diffs that are remembered; the oldest are forgotten first."""


class Seen(Fact):
    """The version of a service's work that a person last looked at."""

    diff: str
    commit: str


class Remembered(Fact):
    """The file's content."""

    theme: str = ""
    bell: bool = True
    seen: dict[str, Seen] = Field(default_factory=dict)


class Look(NamedTuple):
    """How a diff relates to what was seen before."""

    word: str
    """`new`, `changed` or `seen`."""
    before: Seen | None


class Memory:
    """Reads once, writes whenever something changes; a file that cannot be read or written costs only memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.now = Remembered.model_validate(json.loads(path.read_bytes()))
        except (OSError, ValueError, ValidationError, RecursionError):
            self.now = Remembered()

    def prefer(self, *, theme: str | None = None, bell: bool | None = None) -> None:
        """Keep a choice."""
        chosen = {"theme": theme, "bell": bell}
        self._keep(self.now.model_copy(update={k: v for k, v in chosen.items() if v is not None}))

    def look(self, run: str, service: str, diff: str) -> Look:
        """What a person knows of this diff."""
        before = self.now.seen.get(f"{run}/{service}")
        if before is None:
            return Look("new", None)
        return Look("seen" if before.diff == diff else "changed", before)

    def saw(self, run: str, service: str, seen: Seen) -> None:
        """A person has this diff before their eyes."""
        key = f"{run}/{service}"
        if self.now.seen.get(key) == seen:
            return
        others = {name: value for name, value in self.now.seen.items() if name != key}
        kept = dict(list(others.items())[-MOST_SEEN + 1 :])
        self._keep(self.now.model_copy(update={"seen": kept | {key: seen}}))

    def _keep(self, now: Remembered) -> None:
        self.now = now
        part = self.path.with_suffix(f".{os.getpid()}.part")
        try:
            part.write_text(now.model_dump_json(indent=1))
            part.replace(self.path)
        except OSError:
            part.unlink(missing_ok=True)
