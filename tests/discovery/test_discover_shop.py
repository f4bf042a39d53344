"""The demo project is understood exactly."""

from pathlib import Path

from hive.discovery import discover
from tests.discovery.memory import MemoryTree, calls, events, services

SHOP = Path(__file__).parents[2] / "examples/shop"


def shop() -> MemoryTree:
    """The demo project's files."""
    files = (path for path in SHOP.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return MemoryTree({path.relative_to(SHOP).as_posix(): path.read_bytes() for path in files})


def test_its_services_and_their_tests() -> None:
    graph = discover(shop())
    assert services(graph) == {
        name: f"services/{name}"
        for name in ("gateway", "notifications", "orders", "payments", "users", "web")
    }
    assert {service.name: (service.language, service.test) for service in graph.services} == {
        "gateway": ("javascript", "npm test"),
        "notifications": ("python", "python -m pytest"),
        "orders": ("python", "python -m pytest"),
        "payments": ("javascript", "npm test"),
        "users": ("python", "python -m pytest"),
        "web": ("javascript", "npm test"),
    }


def test_its_contracts_and_who_provides_them() -> None:
    assert {contract.path: (contract.kind, contract.owner) for contract in discover(shop()).contracts} == {
        "contracts/events.asyncapi.yaml": ("asyncapi", None),
        "contracts/gateway.openapi.yaml": ("openapi", "gateway"),
        "contracts/orders.openapi.yaml": ("openapi", "orders"),
        "contracts/payments.proto": ("protobuf", "payments"),
        "contracts/users.openapi.yaml": ("openapi", "users"),
    }


def test_its_calls_and_events_with_their_contracts() -> None:
    graph = discover(shop())
    assert calls(graph) == {
        ("web", "gateway"),
        ("gateway", "users"),
        ("gateway", "orders"),
        ("orders", "users"),
        ("orders", "payments"),
    }
    assert events(graph) == {("users", "notifications"), ("orders", "notifications")}
    assert {edge.contract for edge in graph.edges if edge.source == "orders"} == {
        "contracts/payments.proto",
        "contracts/users.openapi.yaml",
    }
    assert {edge.contract for edge in graph.event_edges} == {"contracts/events.asyncapi.yaml"}
