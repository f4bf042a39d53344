"""The planner without a model: a sentence of a known shape becomes a plan, the same one every time."""

from hive.model import AddField, Graph, Plan, TaskPlan
from hive.orchestrator.planner import siblings, waves
from hive.orchestrator.planner.affected import Involved, affected
from hive.orchestrator.planner.brief import Work, brief
from hive.orchestrator.planner.catalogue import Catalogue, check, load
from hive.orchestrator.planner.delta import Delta, delta
from hive.orchestrator.planner.family import Family
from hive.orchestrator.planner.home import find
from hive.orchestrator.planner.kind import kind_of
from hive.orchestrator.planner.migration import migrate
from hive.orchestrator.planner.reference import referring
from hive.orchestrator.planner.request import Move, understand
from hive.orchestrator.planner.ties import Subject
from hive.ports import Tree
from hive.text import one_line


class GrammarPlanner:
    """Understands requests that add, remove, rename or retype a field of an entity."""

    def plan(self, request: str, *, base: str, tree: Tree, graph: Graph, to: str | None = None) -> Plan:
        """The contract change, the affected services and their briefs.

        Raises UsageError when the request is not understood, the entity is unknown or nothing would change, and
        ContractError when a contract that matters cannot be read or edited.
        """
        wish = understand(request, to)
        catalogue = load(tree, graph)
        check(catalogue, graph)
        home = find(request, wish, tree, graph, catalogue)
        kind = kind_of(wish, home.family, catalogue)
        if isinstance(wish, Move):
            change = migrate(catalogue, home.family, wish)
        else:
            change = delta(tree, catalogue, home.family, wish, kind.type)
        involved = affected(_subject(home.family, change, catalogue), graph, home.found)
        order = siblings.order(home.family.fields, change.goal.name, kind.type, home.found.carried)
        steps = waves.advice(change.intent, kind.type, change.changes)
        notes = (*home.notes, kind.assumption, *change.notes, *involved.left_out, *catalogue.unread)
        return Plan(
            request=request,
            base=base,
            intent=change.intent,
            siblings=order,
            assumptions=tuple(one_line(note, 600) for note in (*notes, *steps) if note),
            patches=change.patches,
            changes=change.changes,
            tasks=_tasks(request, tree, graph, change, involved, order),
        )


def _subject(family: Family, change: Delta, catalogue: Catalogue) -> Subject:
    field = None if isinstance(change.goal, AddField) else change.goal.name
    size = len(family.members[0].fields)
    return Subject(
        family.name, size, field, change.contracts, change.operations, referring(catalogue, family)
    )


def _tasks(
    request: str, tree: Tree, graph: Graph, change: Delta, involved: Involved, order: tuple[str, ...]
) -> tuple[TaskPlan, ...]:
    names = tuple(part.service for part in involved.services)
    landing = waves.landing(names, graph, change.changes)
    work = Work(request, change.goal, change.entity, change.changes, order, names, tree)
    tasks = []
    for part in involved.services:
        service = graph.service(part.service)
        if service is not None:
            wave = landing[part.service]
            text = brief(work, service, part, wave)
            tasks.append(
                TaskPlan(service=service.name, wave=wave, role=part.role, reason=part.reason, brief=text)
            )
    return tuple(sorted(tasks, key=lambda task: task.wave))
