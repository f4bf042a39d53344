"""What agents ask of hive, and what becomes of it."""

from typing import Literal

from hive.model import Fact


class NotePosted(Fact):
    """A session told the others of its run something: information for them, never an order."""

    kind: Literal["note_posted"] = "note_posted"
    turn: int
    text: str
    to: str | None = None
    """The service whose session it is for; none for all of them."""
