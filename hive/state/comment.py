"""A comment of a review, as far as its events tell."""

from dataclasses import dataclass
from typing import Literal

from hive import events as e
from hive.model import Feedback

CommentStatus = Literal["draft", "open", "taken", "claimed", "unanswered", "resolved"]


@dataclass
class Comment:
    """What a person said of a service's work, and what became of it."""

    id: int
    """Sequence number of its event."""
    said: e.Commented
    commit: str | None
    """The work that its line is counted in."""
    line: int | None
    draft: bool = False
    turn: int | None = None
    """The turn of the agent that took it up."""
    claimed: bool | None = None
    """Whether that turn's agent says that it is done; none while it works."""
    resolved: e.CommentResolved | None = None

    @property
    def status(self) -> CommentStatus:
        """Only a person resolves; `claimed` is the agent's word, `unanswered` means that its turn failed."""
        if self.resolved:
            return "resolved"
        if self.draft:
            return "draft"
        if self.turn is None:
            return "open"
        if self.claimed is None:
            return "taken"
        return "claimed" if self.claimed else "unanswered"

    @property
    def vanished(self) -> bool:
        """Whether the lines that it is about are gone."""
        return self.said.line is not None and self.line is None

    @property
    def place(self) -> str:
        """Where it is about, as it was when the comment was made; empty for the whole service."""
        said = self.said
        if said.element is not None:
            return said.element
        if said.path is None or said.line is None:
            return said.path or ""
        return f"{said.path}:{said.line}" + (f"-{said.end_line}" if said.end_line else "")

    @property
    def feedback(self) -> Feedback:
        """What the agent is told."""
        return Feedback(source="review", text=": ".join(filter(None, (self.place, self.said.text))))
