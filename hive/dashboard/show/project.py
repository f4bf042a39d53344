"""`hive discover`: services, contracts and who depends on whom, as tables."""

from rich.console import RenderableType
from rich.text import Text

from hive.dashboard.palette import DIM, WARN, safe
from hive.dashboard.show.graph import graph
from hive.dashboard.show.layout import part, stack, table
from hive.model import Contract, Graph, Service


def graph_view(whole: Graph) -> RenderableType:
    """Everything that was found; what was not found is said."""
    drawn = graph(whole)
    return stack(
        _services(whole),
        _contracts(whole),
        part("depends", drawn) if drawn else None,
    )


def _services(whole: Graph) -> RenderableType:
    if not whole.services:
        return part("services", Text("none found", style=WARN))
    return part(
        "services",
        table(
            "service",
            "language",
            "folder",
            "tests",
            wrap=("tests", "folder"),
            rows=map(_service, whole.services),
        ),
    )


def _service(service: Service) -> tuple[Text, ...]:
    test = safe(service.test) if service.test else Text("none: its work stays unverified", style=WARN)
    return safe(service.name), safe(service.language), safe(service.path, DIM), test


def _contracts(whole: Graph) -> RenderableType:
    if not whole.contracts:
        return part("contracts", Text("none found", style=WARN))
    return part(
        "contracts",
        table(
            "contract", "kind", "owner", "copies", wrap=("contract",), rows=map(_contract, whole.contracts)
        ),
    )


def _contract(contract: Contract) -> tuple[Text, ...]:
    copies = str(len(contract.copies)) if contract.copies else ""
    return safe(contract.path), Text(contract.kind), safe(contract.owner or "shared"), Text(copies, style=DIM)
