"""A checked proposal as a plan: hive's own delta, services and order, the model's words in the briefs."""

from collections.abc import Sequence

from hive import contracts as formats
from hive.model import AddField, Entity, Graph, Intent, Plan, Service, TaskPlan
from hive.orchestrator.planner import siblings, waves
from hive.orchestrator.planner.affected import Affected, Involved, LeftOut
from hive.orchestrator.planner.brief import Work, brief
from hive.orchestrator.planner.catalogue import Catalogue
from hive.orchestrator.planner.delta import Edited
from hive.orchestrator.planner.model.answer import Answer, Part
from hive.orchestrator.planner.model.reach import Reach
from hive.orchestrator.planner.model.rewriting import Rewritten, intent_of
from hive.ports import Tree
from hive.prompts import render
from hive.text import one_line, plural

ADDED = (
    "No contract and no code ties it to the change: the planner's model named it, and a person approved that."
)


def assemble(
    request: str,
    base: str,
    tree: Tree,
    graph: Graph,
    catalogue: Catalogue,
    answer: Answer,
    rewritten: Rewritten,
    reached: Reach,
) -> Plan:
    """The plan. Raises UsageError when the project's own brief template is wrong."""
    changes = tuple(change for part in rewritten.contracts for change in part.changes)
    intent = intent_of(answer.edits)
    entity = _entity(rewritten.contracts, intent)
    order = _siblings(reached, intent)
    involved, added = reached.involved.services, _added(answer, graph, reached)
    parts = {part.service: part for part in answer.parts}
    names = tuple(each.service for each in (*involved, *added))
    landing = waves.landing(names, graph, changes)
    work = Work(request, intent or one_line(request), entity, changes, order, names, tree)
    tasks = [
        _task(work, answer.summary, service, each, landing[each.service], parts.get(each.service))
        for each in (*involved, *added)
        if (service := graph.service(each.service))
    ]
    steps = waves.advice(intent, intent.type if isinstance(intent, AddField) else "string", changes)
    notes = (
        f"the model understands the request as: {answer.summary}",
        *_named(added),
        *(() if intent else ("not the change of one field: it needs an agent with a model (--agent NAME)",)),
        *rewritten.notes,
        *(note for part in rewritten.contracts for note in part.notes),
        *_without(reached.involved, added).left_out,
        *catalogue.unread,
        *steps,
    )
    return Plan(
        request=request,
        base=base,
        intent=intent,
        siblings=order,
        assumptions=tuple(one_line(note, 600) for note in notes),
        patches=tuple(patch for part in rewritten.contracts for patch in part.patches),
        changes=changes,
        tasks=tuple(sorted(tasks, key=lambda task: task.wave)),
    )


def _added(answer: Answer, graph: Graph, reached: Reach) -> tuple[Affected, ...]:
    """The services that the model names and nothing else does."""
    known = {each.service for each in reached.involved.services}
    reasons = {part.service: part.reason for part in answer.parts if part.service not in known}
    return tuple(
        Affected(
            s.name, "carrier", f"added by the model, because {one_line(reasons[s.name], 300)}", means=ADDED
        )
        for s in graph.services
        if s.name in reasons
    )


def _without(involved: Involved, added: Sequence[Affected]) -> Involved:
    """What is known of the services that take part, and of those that still do not."""
    names = {each.service for each in added}
    left = (LeftOut(each.why, tuple(n for n in each.services if n not in names)) for each in involved.idle)
    return involved._replace(idle=tuple(each for each in left if each.services))


def _named(added: Sequence[Affected]) -> tuple[str, ...]:
    names = ", ".join(one_line(each.service) for each in added)
    return (f"{plural(len(added), 'service')} named by the model alone: {names}",) if added else ()


def _task(
    work: Work, summary: str, service: Service, each: Affected, wave: int, part: Part | None
) -> TaskPlan:
    own = brief(work, service, each, wave)
    words = _advice(summary, service, part) if part else ""
    return TaskPlan(service=service.name, wave=wave, role=each.role, reason=each.reason, brief=words + own)


def _advice(summary: str, service: Service, part: Part) -> str:
    """The model's words as marked text; hive's own brief with its rules follows behind them."""
    return render(
        "planning-advice",
        None,
        service=one_line(service.name),
        summary=summary,
        advice=part.brief,
        files=list(part.files),
    )


def _entity(parts: Sequence[Edited], intent: Intent | None) -> Entity | None:
    """The entity that a change of one field is about, as it is in the new contract."""
    for part in parts if intent else ():
        new = part.patches[0]
        document = formats.parse(part.contract.kind, new.path, new.text.encode())
        for entity in document.entities():
            if intent and entity.name == intent.entity:
                return entity
    return None


def _siblings(reached: Reach, intent: Intent | None) -> tuple[str, ...]:
    if reached.first is None or intent is None:
        return ()
    kind = intent.type if isinstance(intent, AddField) else "string"
    return siblings.order(reached.first.fields, intent.name, kind, reached.found.carried)
