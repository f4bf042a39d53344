"""What agents asked of hive: proposals of another contract with their diff, and notes between sessions."""

import asyncio
from typing import Annotated

from fastapi import FastAPI, Path
from fastapi.responses import Response
from pydantic import BaseModel

from hive.dashboard.web import outside
from hive.dashboard.web.access import Viewer
from hive.dashboard.web.bench import Bench
from hive.dashboard.web.finding import RunId, find_run
from hive.dashboard.web.hub import Hub
from hive.dashboard.web.hunks import DiffFile, parse
from hive.dashboard.web.problem import Problem
from hive.model import Change
from hive.state import Note, Proposal, RunState

MOST_CHANGES = 200
ProposalNumber = Annotated[int, Path(ge=1, le=10**6, description="Number of the proposal in the run.")]


class NoteView(BaseModel):
    """What one session told another one, or all."""

    seq: int
    author: str
    to: str | None
    text: str


class ProposalView(BaseModel):
    """A session's wish for another text of a contract, in short."""

    number: int
    author: str
    status: str
    """`open`, `approved` (its commit is still to come), `rejected`, `made`."""
    path: str
    version: int
    """Of the run's contract, that it was proposed against."""
    reason: str
    severity: str
    changes: list[Change]
    services: list[str]
    """Whose work it touches."""
    decided_by: str | None
    decided_reason: str


class ProposalDetail(ProposalView):
    """The same with what it would change in the text."""

    run: str
    files: list[DiffFile]
    cut: bool


def note_view(note: Note) -> NoteView:
    """One note."""
    return NoteView(**note._asdict())


def proposal_view(proposal: Proposal) -> ProposalView:
    """One proposal."""
    made, decided = proposal.made, proposal.decided
    return ProposalView(
        number=proposal.number,
        author=proposal.author,
        status=proposal.status,
        path=made.path,
        version=made.version,
        reason=made.reason,
        severity=made.severity,
        changes=list(made.changes[:MOST_CHANGES]),
        services=list(made.services),
        decided_by=decided.by if decided else None,
        decided_reason=decided.reason if decided else "",
    )


def register(app: FastAPI) -> None:
    """Add the route."""
    hub: Hub = app.state.hub
    bench: Bench = app.state.bench

    @app.get("/api/v1/runs/{run}/proposals/{number}", tags=["runs"], response_model=ProposalDetail)
    async def proposal(_who: Viewer, run: RunId, number: ProposalNumber) -> Response:
        """An agent's proposal of another contract, with its diff."""
        state = await find_run(hub, run)
        found = _find(state, number)
        text = await asyncio.to_thread(bench.lookup.proposed, state, found)
        files, cut = await asyncio.to_thread(
            parse, f"diff --git a/{found.made.path} b/{found.made.path}\n{text}"
        )
        known = proposal_view(found).model_dump()
        return outside.reply(ProposalDetail(**known, run=state.id, files=files, cut=cut))


def _find(state: RunState, number: int) -> Proposal:
    if number > len(state.proposals):
        known = ", ".join(str(each.number) for each in state.proposals) or "none"
        raise Problem(
            404, f"run {state.id} has no proposal {number}", next_step=f"its proposals are: {known}"
        )
    return state.proposals[number - 1]
