"""The order in which services may land, from the direction and the severity of a contract's changes. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Literal

from hive.model import AddField, Change, Graph, Intent, Plan, RemoveField, RenameField, RetypeField
from hive.orchestrator.planner.meaning import suffixed

Lead = Literal["providers", "consumers", "nobody"]


def breaking(plan: Plan) -> tuple[Change, ...]:
    """The changes that callers may not survive; one that could not be judged counts as breaking."""
    return tuple(change for change in plan.changes if change.severity in ("breaking", "unknown"))


def lead(changes: Iterable[Change]) -> Lead:
    """Who must land first.

    What is only answered with goes out before anybody reads it; what is newly demanded of callers is sent
    before anybody demands it, and what they may send is understood before anybody sends it.
    """
    directions = {change.direction for change in changes}
    if directions == {"response"}:
        return "providers"
    if directions == {"request"}:
        demanded = any(change.severity in ("breaking", "unknown") for change in changes)
        return "consumers" if demanded else "providers"
    return "nobody"


def waves(services: Sequence[str], needs: Iterable[tuple[str, str]], first: Lead) -> dict[str, int]:
    """Each service's wave, given who needs whom: (consumer, provider); lower waves land first.

    Services that need each other in a circle share a wave.
    """
    if first == "nobody":
        return dict.fromkeys(services, 0)
    known = set(services)
    pairs = {(a, b) for a, b in needs if a != b and {a, b} <= known}
    before = {s: {b for a, b in pairs if a == s} for s in services}
    if first == "consumers":
        before = {s: {a for a, b in pairs if b == s} for s in services}
    return _levels(before)


def landing(services: Sequence[str], graph: Graph, changes: Iterable[Change]) -> dict[str, int]:
    """Each service's wave, by who calls and hears whom and by what the changes ask for."""
    needs = [(edge.source, edge.target) for edge in graph.edges]
    needs += [(edge.target, edge.source) for edge in graph.event_edges]
    return waves(services, needs, lead(changes))


def _levels(before: Mapping[str, Collection[str]]) -> dict[str, int]:
    level: dict[str, int] = {}
    wave = 0
    while len(level) < len(before):
        waiting = [s for s in before if s not in level]
        ready = [s for s in waiting if all(b in level for b in before[s])]
        for service in ready or _circle(waiting, before):
            level[service] = wave
        wave += 1
    return level


def _circle(waiting: Sequence[str], before: Mapping[str, Collection[str]]) -> list[str]:
    """The services of a circle that waits for nobody outside it."""
    reach = {s: _reachable(s, before, set(waiting)) for s in waiting}
    smallest = min(waiting, key=lambda s: len(reach[s]))
    return [s for s in waiting if s in reach[smallest]]


def _reachable(start: str, before: Mapping[str, Collection[str]], within: set[str]) -> set[str]:
    found = {start}
    todo = [start]
    while todo:
        for service in before[todo.pop()]:
            if service in within and service not in found:
                found.add(service)
                todo.append(service)
    return found


def advice(intent: Intent | None, kind: str, changes: Iterable[Change]) -> tuple[str, ...]:
    """How to make a breaking change without breaking anybody; nothing where it is not breaking."""
    breaks = any(change.severity in ("breaking", "unknown") for change in changes)
    found = steps(intent, kind) if intent is not None and breaks else ()
    if not found:
        return ()
    return (f"this change is breaking; the same in steps that break nobody: {' -> '.join(found)}",)


def steps(intent: Intent, kind: str) -> tuple[str, ...]:
    """A breaking change of a field of type `kind` as requests that break nobody: expand, migrate, contract."""
    entity, name = intent.entity, intent.name
    match intent:
        case AddField():
            optional = (_run("expand", f"add {name}:{kind} to {entity}"), "migrate: let every caller send it")
            return (*optional, "contract: make it required") if intent.required else ()
        case RemoveField():
            last = _run("contract", f"remove {name} from {entity}", " --allow-breaking")
            return (f"migrate: let every service stop using {name}", last)
        case RenameField():
            new, wanted = intent.new_name, kind
        case RetypeField():
            new, wanted = suffixed(name, intent.type), intent.type
    return (
        _run("expand", f"add {new}:{wanted} to {entity}"),
        _run("migrate", f"migrate {entity}.{name} to {new}", " --agent NAME, one with a model"),
        _run("contract", f"remove {name} from {entity}", " --allow-breaking"),
    )


def _run(step: str, request: str, options: str = "") -> str:
    return f'{step}: hive run "{request}"{options}'
