"""hive itself understands the contracts of the example shop."""

from pathlib import Path

from hive import contracts
from hive.model import AddField

CONTRACTS = Path(__file__).parents[2] / "examples" / "shop" / "contracts"
USERS = "users.openapi.yaml"


def test_hive_reads_every_contract_and_can_add_a_field_without_breaking_anybody() -> None:
    known = set()
    for path in sorted(CONTRACTS.iterdir()):
        kind = contracts.detect(path.name, path.read_bytes())
        assert kind is not None, path
        known |= {entity.name for entity in contracts.parse(kind, path.name, path.read_bytes()).entities()}
    assert {"User", "Order", "Supplier", "Customer", "OrderPlaced"} <= known
    assert any(name.endswith("AuthorizeRequest") for name in known)
    old = (CONTRACTS / USERS).read_bytes()
    new = contracts.edit(
        "openapi", USERS, old, AddField(entity="User", name="loyalty_points", type="integer")
    )
    assert {change.severity for change in contracts.diff("openapi", USERS, old, new)} == {"compatible"}
