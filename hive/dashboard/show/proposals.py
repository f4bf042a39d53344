"""`hive proposals RUN`: what agents want changed in the contract, the open ones with their text."""

from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from hive.dashboard.palette import BAD, DIM, GOOD, SEVERITY_MARKS, STRONG, WARN, marked, safe
from hive.dashboard.show.contract import delta
from hive.dashboard.show.diff import diff_view
from hive.dashboard.show.layout import stack
from hive.state import Proposal, ProposalStatus, RunState

_STYLES: dict[ProposalStatus, str] = {"open": WARN, "approved": GOOD, "made": GOOD, "rejected": BAD}


def proposals_view(state: RunState, diffs: Mapping[int, str]) -> RenderableType:
    """Every proposal, oldest first; `diffs` are those of texts, by number."""
    if not state.proposals:
        return Text("no agent of this run has proposed anything", style=DIM)
    return stack(*(Group(*_lines(state, each, diffs.get(each.number, ""))) for each in state.proposals))


def _lines(state: RunState, proposal: Proposal, diff: str) -> Iterator[RenderableType]:
    made = proposal.made
    severity = marked(SEVERITY_MARKS[made.severity], made.severity)
    status = Text(proposal.status, style=_STYLES[proposal.status])
    head = (Text(f"{proposal.number}", style=STRONG), status, severity, safe(made.path))
    yield Text("  ").join(head)
    yield _below(safe(f"{proposal.author}: {made.reason}", limit=2000))
    yield _below(safe(f"touches {', '.join(made.services)}", DIM))
    if proposal.decided:
        verdict = "approved" if proposal.decided.approved else "rejected"
        why = f": {proposal.decided.reason}" if proposal.decided.reason else ""
        yield _below(safe(f"{verdict} by {proposal.decided.by}{why}", DIM))
    if proposal.revised:
        yield _below(safe(f"is version {proposal.revised.version} of the contract", DIM))
    if proposal.status == "open":
        if changes := delta(made.changes):
            yield _below(changes)
        yield _below(diff_view(diff))
        yield _below(safe(f"hive approve {state.id} --proposal {proposal.number}", STRONG))
        yield _below(safe(f'hive reject {state.id} --proposal {proposal.number} --reason "…"', STRONG))


def _below(each: RenderableType) -> RenderableType:
    return Padding(each, (0, 0, 0, 2))
