"""Comments of a review as the page sees them; pure."""

from pydantic import BaseModel

from hive.state import Comment, RunState


class CommentView(BaseModel):
    """A comment of a review."""

    id: int
    status: str
    """`draft`, `open`, `taken`, `claimed` (by the agent), `unanswered` (its turn failed), `resolved`."""
    by: str
    text: str
    path: str | None
    line: int | None
    end_line: int | None
    element: str | None
    now: int | None
    """Where its line is in the diff as it is now."""
    vanished: bool
    turn: int | None


class PlacedComment(CommentView):
    """The same with the service that it is about."""

    service: str


def comment_view(comment: Comment) -> CommentView:
    """One comment."""
    said = comment.said.model_dump(exclude={"kind", "draft"})
    facts = {"id": comment.id, "status": comment.status, "turn": comment.turn}
    return CommentView(**said, **facts, now=comment.line, vanished=comment.vanished)


def placed_comments(state: RunState) -> list[PlacedComment]:
    """Those of all services, oldest first."""
    found = [(task.service, comment) for task in state.tasks.values() for comment in task.remarks]
    return [
        PlacedComment(**comment_view(comment).model_dump(), service=service)
        for service, comment in sorted(found, key=lambda each: each[1].id)
    ]
