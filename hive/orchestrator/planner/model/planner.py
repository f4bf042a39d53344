"""The planner with a model: what it proposes becomes a plan only after hive has checked every part of it."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from hive.agents.requirements import extra_missing
from hive.errors import UsageError
from hive.model import Graph, Plan
from hive.orchestrator.planner.catalogue import Catalogue, load
from hive.orchestrator.planner.model.answer import Answer, NotAnAnswerError, parse
from hive.orchestrator.planner.model.assembly import assemble
from hive.orchestrator.planner.model.checking import findings
from hive.orchestrator.planner.model.facts import LONGEST_REQUEST, facts, prompt
from hive.orchestrator.planner.model.reach import Reach, reach
from hive.orchestrator.planner.model.rewriting import Rewritten, rewrite
from hive.orchestrator.planner.model.talking import Judged, Means, Talk
from hive.ports import Tree

T = TypeVar("T")


class Proposal(NamedTuple):
    """An answer that can be carried out, and what hive makes of it."""

    answer: Answer
    contracts: Rewritten
    reach: Reach


@dataclass(frozen=True)
class ModelPlanner:
    """Asks a model for contract edits and briefs; who is affected, and what breaks, is hive's own judgement."""

    means: Means

    def missing(self) -> str | None:
        """Why it cannot be used here, and how to get it; none when it can."""
        if missing := extra_missing("anthropic", "anthropic"):
            return missing
        if self.means.settings.key(self.means.environ):
            return None
        return "ANTHROPIC_API_KEY is not set, nor anthropic_key in your own hive settings"

    def plan(self, request: str, *, base: str, tree: Tree, graph: Graph, to: str | None = None) -> Plan:
        """The model's plan, checked. Raises ModelPlanError when there is none, with what was spent on it."""
        if len(request) > LONGEST_REQUEST:
            raise UsageError(
                f"the request has {len(request)} characters; at most {LONGEST_REQUEST} are taken",
                next_step="say it shorter",
            )
        catalogue = load(tree, graph)
        question = prompt(request, facts(request, tree, graph, catalogue), to)
        talk = Talk(self.means)
        proposal, planning = _alone(talk.plan(question, lambda text: judge(text, tree, graph, catalogue)))
        plan = assemble(
            request, base, tree, graph, catalogue, proposal.answer, proposal.contracts, proposal.reach
        )
        return plan.model_copy(update={"planning": planning})


def judge(text: str, tree: Tree, graph: Graph, catalogue: Catalogue) -> Judged[Proposal]:
    """What a model's words are worth: a proposal that can be carried out, or everything that is wrong with them."""
    try:
        answer = parse(text)
    except NotAnAnswerError as error:
        return Judged(None, tuple(map(str, error.args)))
    contracts = rewrite(tree, graph, catalogue, answer.edits)
    wrong = (*contracts.findings, *findings(answer, graph))
    if wrong:
        return Judged(None, wrong)
    reached = reach(tree, graph, catalogue, contracts.contracts)
    if not reached.involved.services and not answer.parts:
        return Judged(None, ("no service has any work to do in this plan; name at least one part",))
    return Judged(Proposal(answer, contracts, reached))


def _alone(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end, in a thread of its own where this one has an event loop already."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
