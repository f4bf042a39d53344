"""An approved proposal becomes the next contract commit, and whoever works on an older one is told."""

import asyncio

from hive.events import ContractRevised, Draft, ProposalDecided
from hive.orchestrator.context import Context
from hive.orchestrator.proposals import HIVE, described, telling
from hive.orchestrator.revision import Unmakeable, revised
from hive.orchestrator.schedule import Unit
from hive.orchestrator.units.prepare import contract_ref


async def revise(ctx: Context, unit: Unit) -> None:
    """Commit it and record that; equal facts make an equal commit, so doing it twice is harmless."""
    state = ctx.state(unit.run)
    proposal = state.proposals[unit.number - 1]
    if proposal.status != "approved":
        return
    found = await asyncio.to_thread(revised, ctx, state, proposal)
    if isinstance(found, Unmakeable):
        refused = ProposalDecided(proposal=unit.number, approved=False, by=HIVE, reason=found.reason)
        told = f"Proposal {unit.number} cannot be made: {found.reason}. The contract stays as it is."
        ctx.log.append(Draft(run=state.id, event=refused), *telling(state, (proposal.author,), told))
        return
    await asyncio.to_thread(ctx.objects.keep, contract_ref(state.id), found.commit)
    ctx.log.append(
        Draft(run=state.id, event=found), *telling(ctx.state(state.id), found.services, _words(found))
    )


def _words(revision: ContractRevised) -> str:
    """For a session in the middle of its turn: its files change only between turns."""
    return (
        f"The contract was revised (version {revision.version}, proposal {revision.proposal}):\n"
        f"{described(revision.changes)}\n"
        "The contract files in your workspace are brought up to date when this turn ends, and another turn follows "
        "for what the revision asks of your service. get_contract shows the new text now."
    )
