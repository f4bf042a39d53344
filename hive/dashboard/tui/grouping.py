"""The diffs of a changeset in the order in which a person walks them: by service or by contract element. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from hive.dashboard import phrases
from hive.state import RunState


class Stop(NamedTuple):
    """One diff to look at; without a service, the contract's own."""

    service: str | None
    group: str = ""

    @property
    def key(self) -> str:
        """Tells stops apart."""
        return f"{self.service or ''}\0{self.group}"


def by_service(run: RunState) -> list[Stop]:
    """The contract first, then the services in the order in which they deploy."""
    tasks = sorted(run.tasks.values(), key=lambda task: task.plan.wave)
    contract = [Stop(None)] if run.contract else []
    return contract + [Stop(task.service) for task in tasks]


def by_element(run: RunState) -> list[Stop]:
    """Below each contract that changes, the services that provide or consume it; the rest at the end."""
    return list(_by_element(run)) or by_service(run)


def _by_element(run: RunState) -> Iterator[Stop]:
    if run.plan is None or not run.plan.changes:
        return
    placed: set[str] = set()
    if run.contract:
        yield Stop(None, "contract")
    contracts: dict[str, list[str]] = {}
    for change in run.plan.changes:
        element = phrases.element(change).partition(" (")[0]
        elements = contracts.setdefault(change.element.partition("#")[0], [])
        if element not in elements:
            elements.append(element)
    for path, elements in contracts.items():
        touching = _touching(run, path)
        for service in [stop.service for stop in by_service(run) if stop.service in touching]:
            placed.add(service or "")
            yield Stop(service, f"{', '.join(elements[:3])} · {path.rpartition('/')[2]}")
    for stop in by_service(run):
        if stop.service is not None and stop.service not in placed:
            yield Stop(stop.service, "without a contract of its own")


def _touching(run: RunState, path: str) -> set[str]:
    graph = run.created.graph
    contract = graph.contract(path)
    found = {contract.owner} if contract and contract.owner else set()
    for edge in (*graph.edges, *graph.event_edges):
        if edge.contract == path:
            found |= {edge.source, edge.target}
    return {service for service in found if service in run.tasks}
