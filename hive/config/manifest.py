"""Writing a `hive.toml` that a person can read and keep."""

from collections.abc import Mapping

import tomlkit
from tomlkit.items import Table

from hive.model import Contract, Graph, Service


def render_project(
    name: str,
    graph: Graph,
    target: str | None = None,
    repositories: Mapping[str, tuple[str, str]] | None = None,
) -> str:
    """A `hive.toml` that a person can read and keep; `repositories` have a path and a target each."""
    document = tomlkit.document()
    document.add(
        tomlkit.comment("What hive knows of this project. Edit it freely: hive never overwrites it.")
    )
    project = tomlkit.table()
    project["name"] = name
    if target:
        project["target"] = target
    document["project"] = project
    if repositories:
        tables = tomlkit.table(is_super_table=True)
        for each, (path, branch) in repositories.items():
            table = tomlkit.table()
            table["path"], table["target"] = path, branch
            tables[each] = table
        document["repositories"] = tables
    services = tomlkit.table(is_super_table=True)
    for service in graph.services:
        services[service.name] = _service_table(service, graph)
    document["services"] = services
    if graph.contracts:
        contracts = tomlkit.table(is_super_table=True)
        for contract in graph.contracts:
            contracts[contract.path] = _contract_table(contract)
        document["contracts"] = contracts
    return tomlkit.dumps(document)


def _service_table(service: Service, graph: Graph) -> Table:
    table = tomlkit.table()
    table["path"], table["language"] = service.path, service.language
    if service.test:
        table["test"] = service.test
    calls = [edge for edge in graph.edges if edge.source == service.name]
    if any(edge.contract for edge in calls):
        inline = tomlkit.inline_table()
        inline.update({edge.target: edge.contract or "" for edge in calls})
        table["calls"] = inline
    elif calls:
        table["calls"] = [edge.target for edge in calls]
    if events := [edge.target for edge in graph.event_edges if edge.source == service.name]:
        table["events_to"] = events
    return table


def _contract_table(contract: Contract) -> Table:
    table = tomlkit.table()
    table["kind"] = contract.kind
    if contract.owner:
        table["owner"] = contract.owner
    if contract.copies:
        table["copies"] = list(contract.copies)
    return table
