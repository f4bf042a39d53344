"""What code says an entity is, by language."""

import pytest

from hive import contracts
from hive.model import AddField, Graph, Service
from hive.orchestrator.planner.definitions import definitions, kind_of, schema
from tests.discovery.memory import MemoryTree

GRAPH = Graph(services=(Service(name="users", path="users"), Service(name="web", path="web")))

CODE = {
    "model.py": """
        class OrderItem(Base):
            __tablename__ = "items"
            KINDS = choices()
            id = Column(Integer, primary_key=True)
            unit_price: Decimal | None = None
            tags = fields.List(fields.Str())
            order = relationship("Order")
            def total(self):
                unit: int = 3
        """,
    "Item.java": """
        class OrderItem {
            private static final long serialVersionUID = 1L;
            @Autowired private Clock clock;
            private long id;
            private BigDecimal unitPrice;
            private List<Tag> tags;
            private Order order;
            public long getId() { return id; }
        }
        """,
    "Record.java": "public record OrderItem(long id, BigDecimal unitPrice, List<Tag> tags, Order order) {}\n",
    "item.go": """
        package users
        type OrderItem struct {
            ID        int64           `json:"id"`
            UnitPrice decimal.Decimal `json:"unitPrice,omitempty"`
            Tags      []string        `json:"tags"`
            Order     *Order          `json:"order"`
            Base
        }
        """,
    "Item.cs": """
        public class OrderItem {
            public int Id { get; set; }
            public decimal? UnitPrice { get; set; }
            public List<string> Tags { get; set; }
            public Order Order { get; set; }
        }
        """,
    "item.ts": """
        export interface OrderItem {
            id: bigint; unitPrice?: Decimal; tags: Tag[]; order: Order;
            total(): number
        }
        """,
    "dto.ts": "export class OrderItem { @Prop() id: bigint; unitPrice: Decimal; tags: Tag[]; order: Order }\n",
    "alias.ts": "type OrderItem = { id: bigint, unitPrice: Decimal, tags: Tag[], order: Order }\n",
}


@pytest.mark.parametrize("name", CODE)
def test_fields_are_read_with_their_types(name: str) -> None:
    (found,) = definitions(MemoryTree({f"users/{name}": CODE[name]}), GRAPH, "order item")
    assert [(field.replace("_", "").lower(), kind) for field, kind in found.fields] == [
        ("id", "integer"), ("unitprice", "number"), ("tags", "array"), ("order", None),
    ]  # fmt: skip
    assert found.service == "users"


def test_the_one_with_most_fields_is_first_and_tests_and_generated_code_say_nothing() -> None:
    short = "class User:\n    id: str\n"
    tree = MemoryTree(
        {
            "users/model.py": short + "    email: str\n",
            "web/user.py": short,
            "web/empty.py": "class User:\n    pass\n",
            "web/tests/test_user.py": short,
            "web/user_pb2.py": short,
            "web/other.py": short.replace("User", "UserView"),
            "web/broken.py": "class User(:\n",
        }
    )
    found = definitions(tree, GRAPH, "User")
    assert [str(each) for each in found] == ["users/model.py:1", "web/user.py:1"]


def test_the_schema_is_a_contract_that_can_be_read_and_changed() -> None:
    import json

    tree = MemoryTree({"users/model.py": CODE["model.py"]})
    text = json.dumps(schema("OrderItem", definitions(tree, GRAPH, "OrderItem"))).encode()
    assert contracts.detect("contracts/order-item.schema.json", text) == "jsonschema"
    (entity,) = contracts.parse("jsonschema", "x.json", text).entities()
    assert (entity.name, [field.name for field in entity.fields]) == (
        "OrderItem", ["id", "unit_price", "tags", "order"],
    )  # fmt: skip
    new = contracts.edit("jsonschema", "x.json", text, AddField(entity="OrderItem", name="note"))
    assert [change.severity for change in contracts.diff("jsonschema", "x.json", text, new)] == ["compatible"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Optional[int]", "integer"), ("Mapped[str]", "string"), ("dict[str, int]", "object"), ("list[int]", "array"),
        ("LocalDate", "string"), ("Boolean", "boolean"), ("java.util.UUID", "string"), ("float64", "number"),
        ("map[string]int", "object"), ("Currency", None), ("", None), ("Pointer", None), ("Stringer", None),
    ],
)  # fmt: skip
def test_types_are_told_in_hives_words(said: str, kind: str | None) -> None:
    assert kind_of(said) == kind
