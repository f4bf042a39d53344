"""The last plan of a model: what a person was shown is what runs, and it is paid for once."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from hive import __version__
from hive.model import Fact, Graph, Plan, digest
from hive.orchestrator.planner.model.planner import ModelPlanner
from hive.ports import Tree


class _Kept(Fact):
    question: str
    """Digest of all that the plan was made from."""
    plan: Plan


@dataclass(frozen=True)
class Remembering:
    """The model planner; asked the same again, it gives the plan that is there."""

    planner: ModelPlanner
    file: Path
    """Where agents cannot write."""
    anew: bool
    """Whether to ask the model whatever is there."""

    def missing(self) -> str | None:
        """Why it cannot be used here; none when it can."""
        return self.planner.missing()

    def plan(self, request: str, *, base: str, tree: Tree, graph: Graph, to: str | None = None) -> Plan:
        """The plan. Raises ModelPlanError."""
        model = self.planner.means.settings.model or ""
        question = digest(request, base, to or "", graph.model_dump_json(), model, __version__)
        known = None if self.anew else self._known()
        if known is not None and known.question == question:
            return known.plan
        plan = self.planner.plan(request, base=base, tree=tree, graph=graph, to=to)
        part = self.file.with_suffix(".part")
        part.write_text(_Kept(question=question, plan=plan).model_dump_json(), "utf-8")
        part.replace(self.file)
        return plan

    def _known(self) -> _Kept | None:
        try:
            return _Kept.model_validate_json(self.file.read_bytes())
        except (OSError, ValidationError):
            return None  # nothing was planned yet, or by another hive
