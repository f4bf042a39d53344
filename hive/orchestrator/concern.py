"""Which services a change of a contract concerns: those that provide or consume the changed elements. Pure."""

from collections.abc import Sequence

from hive.model import Change, Contract, Graph, Plan


def concerned(graph: Graph, contract: Contract, changes: Sequence[Change]) -> frozenset[str]:
    """Owners, callers, publishers and listeners of a contract; of remote procedures, only of those that carry it."""
    from hive.orchestrator.planner.ties import Subject, consumes, provides  # brings the whole planner with it

    operations = tuple(dict.fromkeys(name for change in changes for name in change.affected))
    subject = Subject("", 0, None, (contract,), operations)
    providers = provides(subject, graph, {}, frozenset())
    return frozenset(providers) | frozenset(consumes(subject, graph, {}, providers))


def taking_part(
    plan: Plan, graph: Graph, contract: Contract, changes: Sequence[Change], author: str
) -> tuple[str, ...]:
    """Services with a part in the run that a revision touches: its author, whoever it concerns, and for the entity
    that the plan is about everybody who was planned to carry it."""
    touched = concerned(graph, contract, changes) | {author}
    entity = plan.intent.entity if plan.intent else None
    of_plan = entity is not None and any(entity in _parts(change.element) for change in changes)
    return tuple(task.service for task in plan.tasks if of_plan or task.service in touched)


def _parts(element: str) -> list[str]:
    return element.partition("#")[2].replace(".", "/").split("/")
