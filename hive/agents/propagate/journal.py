"""What the agent has edited, kept outside of the workspace so that it can be taken back."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hive.agents.propagate.alignment import aligned
from hive.agents.propagate.files import write
from hive.agents.propagate.proposal import Placed
from hive.agents.propagate.source import Edit, applied
from hive.model import digest

NAME = "propagate.json"


class Entry(BaseModel):
    """One edited place."""

    model_config = ConfigDict(frozen=True)

    line: int
    """In the file as it is after all edits."""
    summary: str
    certainty: float
    edits: tuple[tuple[int, int, str], ...]
    taken: bool = False
    """Whether it was taken back."""
    why: str = ""
    """Why it was."""


class Page(BaseModel):
    """One edited file."""

    model_config = ConfigDict(frozen=True)

    path: str
    original: str | None
    """Its content before, one character per byte; none for a file that the agent has made."""
    written: str
    """Digest of what the agent wrote: when the file is another one now, somebody else has changed it."""
    entries: tuple[Entry, ...]

    def content(self) -> str | None:
        """What the file holds with the entries that are not taken back; none when it is gone again."""
        kept = [Edit(*edit) for entry in self.entries if not entry.taken for edit in entry.edits]
        if self.original is None:
            return applied("", kept) if kept else None
        text = applied(self.original, kept)
        return aligned(text, self.original) if self.path.endswith(".go") and kept else text


class Remark(BaseModel):
    """A place that was left to a person."""

    model_config = ConfigDict(frozen=True)

    path: str
    line: int | None
    reason: str


class Score(BaseModel):
    """How many tests failed and passed, where a check's output says so."""

    model_config = ConfigDict(frozen=True)

    failed: int
    passed: int

    def better(self, than: "Score | None", *, rows: bool = False) -> bool:
        """Whether fewer tests failed and none that passed is gone; rows of tests take what passed of them along."""
        if than is None:
            return True
        gone = than.passed - self.passed
        return self.failed < than.failed and gone <= (than.failed - self.failed if rows else 0)


class Trial(BaseModel):
    """One turn's try to help by taking edits back."""

    model_config = ConfigDict(frozen=True)

    turn: int
    places: tuple[tuple[str, int], ...]
    """Paths, each with the number of an entry of its page."""
    before: Score | None
    comparable: bool = True
    """Whether counts of tests can tell if it helped; they cannot where a file was refused."""
    outcome: Literal["open", "kept", "undone"] = "open"
    judged: int = 0
    """The turn in which the outcome was known."""


class Journal(BaseModel):
    """All edited files of one session."""

    model_config = ConfigDict(frozen=True)

    pages: tuple[Page, ...] = Field(default=())
    remarks: tuple[Remark, ...] = ()
    trials: tuple[Trial, ...] = ()

    def page(self, path: str) -> Page | None:
        """The page of a file."""
        return next((page for page in self.pages if page.path == path), None)

    def with_page(self, new: Page) -> "Journal":
        """The journal with one page added or replaced."""
        others = (page for page in self.pages if page.path != new.path)
        return self.model_copy(update={"pages": tuple(sorted((*others, new), key=lambda page: page.path))})

    def marked(self, places: Sequence[tuple[str, int]], *, taken: bool, why: str = "") -> "Journal":
        """The journal with these entries taken back, or put back."""
        update = {"taken": taken} | ({"why": why} if why else {})

        def mark(page: Page) -> Page:
            entries = tuple(
                entry.model_copy(update=update) if (page.path, number) in places else entry
                for number, entry in enumerate(page.entries)
            )
            return page.model_copy(update={"entries": entries})

        return self.model_copy(update={"pages": tuple(map(mark, self.pages))})

    def rewound(self, turn: int) -> "Journal":
        """The journal as it was before a turn that is done again after a crash."""
        journal = self.marked([p for one in self.trials if one.turn >= turn for p in one.places], taken=False)
        again = [one for one in self.trials if one.turn < turn <= one.judged]
        journal = journal.marked([place for one in again for place in one.places], taken=True)
        reopened = {"outcome": "open", "judged": 0}
        trials = [one.model_copy(update=reopened) if one in again else one for one in self.trials]
        return journal.model_copy(update={"trials": tuple(one for one in trials if one.turn < turn)})


def page_of(path: str, original: str | None, text: str, placed: Sequence[Placed]) -> Page:
    """The page of a freshly edited file."""
    return Page(
        path=path,
        original=original,
        written=digest(text.encode("latin-1")),
        entries=tuple(
            Entry(
                line=one.line,
                summary=one.summary,
                certainty=one.certainty,
                edits=tuple((edit.start, edit.end, edit.text) for edit in one.edits),
            )
            for one in placed
        ),
    )


def load(home: Path) -> Journal:
    """The journal of earlier turns; empty where there is none or it cannot be read."""
    try:
        return Journal.model_validate_json((home / NAME).read_bytes())
    except (OSError, ValidationError, json.JSONDecodeError):
        return Journal()


def save(home: Path, journal: Journal) -> None:
    """Keep the journal for later turns."""
    home.mkdir(parents=True, exist_ok=True)
    write(home / NAME, journal.model_dump_json().encode())
