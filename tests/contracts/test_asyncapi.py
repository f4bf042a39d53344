import json

from hive import contracts
from hive.model import AddField, RemoveField
from tests.contracts.cases import A, S, asyncapi, asyncapi_3

YAML = b"""\
asyncapi: 2.6.0
channels:
  order.created:
    subscribe:
      message:
        $ref: '#/components/messages/OrderCreated'
  order.cancel:
    publish:
      message:
        name: CancelOrder
        payload:
          type: object
          properties:
            id: {type: string}
components:
  messages:
    OrderCreated:
      payload:
        type: object
        required: [id]
        properties:
          id:
            type: string
          customer:
            $ref: '#/components/schemas/Customer'
  schemas:
    Customer:
      type: object
      properties:
        name:
          type: string
"""


def test_payloads_are_entities_whether_named_or_written_into_their_message() -> None:
    document = contracts.parse("asyncapi", "events.yaml", YAML)
    assert {entity.name: [field.name for field in entity.fields] for entity in document.entities()} == {
        "Customer": ["name"],
        "OrderCreated": ["id", "customer"],
        "CancelOrder": ["id"],
    }


def test_what_the_application_sends_is_published_and_what_it_takes_is_subscribed() -> None:
    created, cancel = contracts.parse("asyncapi", "events.yaml", YAML).operations()
    assert (created.name, created.request, created.response) == (
        "publish order.created",
        (),
        ("OrderCreated", "Customer"),
    )
    assert (cancel.name, cancel.request) == ("subscribe order.cancel", ("CancelOrder",))


def test_version_3_is_read_like_version_2() -> None:
    (sent,) = contracts.parse("asyncapi", "a.json", asyncapi_3()).operations()
    assert (sent.name, sent.response) == ("publish orders", ("Order",))
    (taken,) = contracts.parse("asyncapi", "a.json", asyncapi_3(action="receive")).operations()
    assert (taken.name, taken.request) == ("subscribe orders", ("Order",))


def test_a_field_is_added_to_a_payload_and_carried_by_its_operation() -> None:
    new = contracts.edit(
        "asyncapi", "e.yaml", YAML, AddField(entity="Customer", name="points", required=True)
    )
    (change,) = contracts.diff("asyncapi", "e.yaml", YAML, new)
    assert (change.rule, change.severity) == ("sent-required-property-added", "compatible")
    assert change.affected == ("publish order.created",)
    inline = contracts.edit(
        "asyncapi", "e.yaml", YAML, AddField(entity="CancelOrder", name="why", required=True)
    )
    (change,) = contracts.diff("asyncapi", "e.yaml", YAML, inline)
    assert (change.rule, change.severity) == ("new-required-received-property", "breaking")
    gone = contracts.edit("asyncapi", "e.yaml", YAML, RemoveField(entity="OrderCreated", name="id"))
    assert [c.severity for c in contracts.diff("asyncapi", "e.yaml", YAML, gone)] == ["breaking"]


def test_a_message_that_no_operation_carries_is_compared_all_the_same() -> None:
    def lonely(payload: dict) -> bytes:
        return json.dumps(
            {
                "asyncapi": "2.6.0",
                "channels": {"a": {"publish": {"message": {"name": "m", "payload": S}}}},
                "components": {"messages": {"Lonely": {"payload": payload}}},
            }
        ).encode()

    (change,) = contracts.diff("asyncapi", "a.json", lonely(A), lonely({**A, "required": ["a"]}))
    assert (change.rule, change.severity, change.affected) == (
        "schema-property-became-required",
        "dangerous",
        (),
    )


def test_payloads_in_another_schema_language_are_not_read_as_json_schema() -> None:
    avro = {
        "schemaFormat": "application/vnd.apache.avro;version=1.9.0",
        "payload": {"type": "record", "fields": []},
    }
    assert contracts.parse("asyncapi", "a.json", asyncapi("publish", m=avro)).entities() == ()


def test_what_is_said_beside_the_messages_is_seen_to_differ() -> None:
    old = json.loads(asyncapi_3())
    for path in (("operations", "tell"), ("channels", "orders"), ()):
        new = json.loads(asyncapi_3())
        place = new
        for step in path:
            place = place[step]
        place["bindings" if path else "servers"] = {"kafka": {}}
        (change,) = contracts.diff("asyncapi", "a.json", json.dumps(old).encode(), json.dumps(new).encode())
        assert (change.rule, change.severity) == ("message-unreadable", "unknown")
