"""Which planner plans: the one that a person names, else grammar wherever it understands the request."""

from dataclasses import dataclass, field
from typing import NoReturn

from hive.errors import UsageError
from hive.model import Graph, Plan, Planning
from hive.orchestrator.planner.grammar import GrammarPlanner
from hive.orchestrator.planner.model.memory import Remembering
from hive.orchestrator.planner.model.planner import ModelPlanner
from hive.orchestrator.planner.model.talking import ModelPlanError
from hive.orchestrator.planner.request import NotUnderstoodError
from hive.ports import Planner, Tree
from hive.text import one_line

_GRAMMAR = "correct that, or plan with --planner grammar"


@dataclass(frozen=True)
class CarefulModel:
    """The model planner where it may be used; elsewhere an error that says why not."""

    planner: ModelPlanner | Remembering
    withheld: str | None = None
    """Why nothing of this project may be sent to a model, and what to do about it."""

    def missing(self) -> str | None:
        """Why it cannot be used here; none when it can."""
        return self.planner.missing() or self.withheld

    def plan(self, request: str, *, base: str, tree: Tree, graph: Graph, to: str | None = None) -> Plan:
        """The plan. Raises ModelPlanError."""
        if missing := self.missing():
            message = f"the model planner cannot be used here: {missing}"
            raise ModelPlanError(message, next_step=_GRAMMAR, planning=Planning())
        return self.planner.plan(request, base=base, tree=tree, graph=graph, to=to)


@dataclass(frozen=True)
class ModelFirst:
    """The model planner; grammar where the model makes no plan."""

    model: CarefulModel
    named: bool
    """Whether a person asked for the model this time: then only a plan that cannot be carried out is replaced."""
    grammar: Planner = field(default_factory=GrammarPlanner)

    def plan(self, request: str, *, base: str, tree: Tree, graph: Graph, to: str | None = None) -> Plan:
        """The plan. Raises ModelPlanError, or UsageError when neither planner makes one."""
        try:
            return self.model.plan(request, base=base, tree=tree, graph=graph, to=to)
        except ModelPlanError as error:
            if self.named and not error.invalid:
                raise
            try:
                plan = self.grammar.plan(request, base=base, tree=tree, graph=graph, to=to)
            except UsageError as other:
                _neither(error, other)
            return _instead(error, plan)


@dataclass(frozen=True)
class GrammarFirst:
    """Grammar; the model planner for requests that grammar does not understand."""

    model: CarefulModel
    grammar: Planner = field(default_factory=GrammarPlanner)

    def plan(self, request: str, *, base: str, tree: Tree, graph: Graph, to: str | None = None) -> Plan:
        """The plan. Raises UsageError in grammar's words, with what keeps the model from planning."""
        try:
            return self.grammar.plan(request, base=base, tree=tree, graph=graph, to=to)
        except NotUnderstoodError as error:
            if missing := self.model.missing():
                step = f"{error.next_step}; or let a model plan it (--planner model): {missing}"
                raise NotUnderstoodError(error.message, next_step=step) from error
            try:
                return self.model.plan(request, base=base, tree=tree, graph=graph, to=to)
            except ModelPlanError as other:
                _neither(other, error)


def _neither(model: ModelPlanError, grammar: UsageError) -> NoReturn:
    cost = f" (that cost {model.planning.cost_usd:.2f} USD)" if model.planning.cost_usd else ""
    raise UsageError(
        f"{model.message}{cost}; and without a model {grammar.message}",
        next_step=f"{model.next_step}; or {grammar.next_step}",
    ) from model


def _instead(error: ModelPlanError, plan: Plan) -> Plan:
    """Grammar's plan, with why it is not the model's, and with what the model cost."""
    reason = one_line(error.message, 500)
    spent = error.planning.model_copy(update={"planner": "grammar", "fallback": reason})
    note = f"planned by grammar, since {reason}"
    return plan.model_copy(update={"planning": spent, "assumptions": (note, *plan.assumptions)})
