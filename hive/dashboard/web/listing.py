"""Runs in lists: those that are folded as they are, the others by what their first and last event tell."""

from collections.abc import Iterator

from hive.dashboard.board import Board, Brief
from hive.dashboard.web.views import RunView, run_view


def newest_first(board: Board) -> Iterator[RunView]:
    """Every run that the board knows."""
    for name, brief in reversed(board.briefs.items()):
        yield run_view(board.runs[name]) if name in board.runs else brief_view(brief)


def views(board: Board, most_past: int) -> list[RunView]:
    """All open runs and the newest closed ones, oldest first."""
    found = []
    for name, brief in reversed(board.briefs.items()):
        most_past -= brief.outcome is not None
        if brief.outcome is None or most_past >= 0:
            found.append(run_view(board.runs[name]) if name in board.runs else brief_view(brief))
    return found[::-1]


def brief_view(brief: Brief) -> RunView:
    """A run that is not folded: closed, or open and about to be."""
    return RunView(
        run=brief.run,
        request=brief.request,
        phase=brief.outcome or "reading",
        target=brief.target,
        created=brief.at,
        updated=brief.updated,
        seq=brief.seq,
        agent=brief.agent,
        services=0,
        cost_usd=0,
        budget_usd=brief.budget_usd,
        sandbox=brief.sandbox,
        trusted=brief.trusted,
        plan_approved=brief.outcome == "landed",
        landed=None,
        whole=False,
        needs=[],
        tasks=[],
    )
