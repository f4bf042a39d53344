from collections.abc import Callable

import pytest

from hive.contracts import parse
from hive.errors import ContractError, UsageError
from hive.model import AddField, Contract, Graph, Plan, RenameField
from hive.orchestrator.planner import breaking

PlanOf = Callable[..., Plan]


def text_of(plan: Plan, path: str) -> str:
    return next(patch.text for patch in plan.patches if patch.path == path)


def roles(plan: Plan) -> dict[str, str]:
    return {task.service: task.role for task in plan.tasks}


def test_one_sentence_becomes_a_change_of_every_contract_of_the_entity(plan_of: PlanOf) -> None:
    plan = plan_of("add loyalty_points field")
    assert plan.intent == AddField(entity="User", name="loyalty_points", type="integer")
    assert [patch.path for patch in plan.patches] == [
        "contracts/users.yaml",
        "contracts/gateway.yaml",
        "contracts/user.updated.json",
    ]
    assert "loyalty_points" in text_of(plan, "contracts/users.yaml")
    assert "loyaltyPoints" in text_of(plan, "contracts/gateway.yaml")
    assert "loyalty_points" in text_of(plan, "contracts/user.updated.json")
    assert {change.kind for change in plan.changes} == {"added"}
    assert not breaking(plan)
    assert plan.estimated_cost_usd == 0


def test_the_services_that_have_a_part_in_it_get_a_task_and_others_a_note(plan_of: PlanOf) -> None:
    plan = plan_of("add loyalty_points field")
    assert roles(plan) == {"users": "provider", "gateway": "both", "mailer": "consumer"}
    assert "left out, calls users but carries no field of User: payments" in plan.assumptions


def test_what_was_assumed_is_said(plan_of: PlanOf) -> None:
    said = "\n".join(plan_of("add loyalty_points field").assumptions)
    assert "assuming User, carried by 3 services; --to chooses another (" in said
    assert "assuming type integer for loyalty_points" in said
    assert "User is described in contracts/users.yaml#User, contracts/gateway.yaml#User" in said
    named = "\n".join(plan_of("add loyalty_points:integer to User").assumptions)
    assert "assuming" not in named


def test_the_same_request_gives_the_same_plan(plan_of: PlanOf) -> None:
    assert plan_of("add loyalty_points field") == plan_of("add loyalty_points field")


def test_the_best_example_is_of_the_same_type(plan_of: PlanOf) -> None:
    assert plan_of("add loyalty_points field").siblings[:3] == ("credit_limit", "email", "user_id")


def test_new_answers_land_at_the_provider_first(plan_of: PlanOf) -> None:
    plan = plan_of("add loyalty_points field", to="users.yaml#User")
    assert {task.service: task.wave for task in plan.tasks}["users"] == 0
    assert {task.service: task.wave for task in plan.tasks}["gateway"] == 1
    assert [patch.path for patch in plan.patches] == ["contracts/users.yaml"]


def test_a_field_that_some_contracts_have_is_added_to_the_others(plan_of: PlanOf) -> None:
    plan = plan_of("add phone to User")
    assert [patch.path for patch in plan.patches] == ["contracts/gateway.yaml"]
    assert any("contracts/users.yaml: User has phone already" in note for note in plan.assumptions)


def test_a_field_that_is_there_already_is_refused_with_its_places(plan_of: PlanOf) -> None:
    with pytest.raises(
        UsageError, match=r"'email' already: contracts/users\.yaml:\d+, contracts/gateway\.yaml:\d+"
    ):
        plan_of("add email to User")


def test_an_unknown_field_is_refused_with_those_that_there_are(plan_of: PlanOf) -> None:
    with pytest.raises(UsageError, match="User has no field 'fax'; it has user_id, email"):
        plan_of("remove fax from User")
    with pytest.raises(UsageError, match="no entity has a field 'fax'"):
        plan_of("remove fax")
    with pytest.raises(UsageError, match="it is an entity, and this planner changes fields"):
        plan_of("remove user")


def test_an_unnamed_field_is_looked_for_where_it_is(plan_of: PlanOf) -> None:
    plan = plan_of("rename zip_code to postalCode")
    assert plan.intent == RenameField(entity="Address", name="zip_code", new_name="postal_code")


def test_an_unknown_entity_is_refused_with_the_nearest_names(plan_of: PlanOf) -> None:
    with pytest.raises(UsageError, match="there are User") as error:
        plan_of("add nickname to Usr")
    assert "hive run 'add nickname to Usr' --to User" in error.value.next_step
    assert plan_of("add nickname to Usr", to="User").intent == AddField(entity="User", name="nickname")


def test_a_breaking_change_is_shown_as_such_with_steps_that_break_nobody(plan_of: PlanOf) -> None:
    plan = plan_of("rename User.phone to phone_number")
    assert breaking(plan)
    steps = plan.assumptions[-1]
    assert 'hive run "add phone_number:string to User"' in steps
    assert 'hive run "migrate User.phone to phone_number"' in steps
    assert 'hive run "remove phone from User" --allow-breaking' in steps
    assert not breaking(plan_of("add nickname to User"))


def test_a_migration_changes_code_and_no_contract(plan_of: PlanOf) -> None:
    plan = plan_of("migrate User.phone to email")
    assert (plan.intent, plan.patches, plan.changes) == (None, (), ())
    assert roles(plan) == {"users": "provider", "gateway": "both", "mailer": "consumer"}
    brief = plan.tasks[0].brief
    assert "Move from User.phone to email, and keep both" in brief
    assert "No contract changes." in brief


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        ("migrate User.phone to fax", "has no field 'fax' beside 'phone'"),
        ("migrate User.fax to phone", "has no field 'fax' beside 'phone'"),
        ("migrate User.phone to phone", "nothing to migrate"),
        ("add best_friend: Robot to User", "'Robot' is neither a type nor an entity"),
        ("rename User.phone to email", "User has a field 'email' already"),
        ("rename User.phone to phone", "as the request wants it already"),
        ("change type of User.phone to string", "as the request wants it already"),
    ],
)
def test_what_makes_no_sense_is_refused(plan_of: PlanOf, request_: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason) as error:
        plan_of(request_)
    assert error.value.next_step


def test_protobuf_changes_with_its_copies_and_the_next_free_number(plan_of: PlanOf) -> None:
    plan = plan_of("add delivery_zone field to Address")
    assert [patch.path for patch in plan.patches] == ["protos/shipping.proto", "orders/protos/shipping.proto"]
    assert all("string delivery_zone = 8;" in patch.text for patch in plan.patches)
    assert len(plan.changes) == 1
    assert roles(plan) == {"shipping": "provider", "orders": "consumer"}
    assert "serves Shipping (shipping/main.go:7)" in plan.tasks[0].reason
    orders = plan.task("orders")
    assert orders is not None
    assert "calls Shipping (orders/client.go:1)" in orders.reason
    assert "orders/genproto/shipping.pb.go" in orders.brief


def test_what_a_contract_cannot_require_is_planned_as_optional(plan_of: PlanOf) -> None:
    plan = plan_of("add required delivery_zone to Address")
    assert plan.intent == AddField(entity="Address", name="delivery_zone", required=False)
    assert any("protos/shipping.proto cannot require a field" in note for note in plan.assumptions)


def test_a_copy_that_has_drifted_is_edited_on_its_own(plan_of: PlanOf, files: dict[str, str]) -> None:
    files["orders/protos/shipping.proto"] = files["protos/shipping.proto"].replace(
        "= 7;", "= 7;\n  string floor = 9;"
    )
    plan = plan_of("add delivery_zone field to Address")
    assert "delivery_zone = 8;" in text_of(plan, "protos/shipping.proto")
    assert "floor = 9;" in text_of(plan, "orders/protos/shipping.proto")
    assert "delivery_zone = " in text_of(plan, "orders/protos/shipping.proto")


def test_a_copy_without_the_entity_stays_as_it_is(plan_of: PlanOf, files: dict[str, str]) -> None:
    files["orders/protos/shipping.proto"] = 'syntax = "proto3";\nmessage Other {\n  string a = 1;\n}\n'
    plan = plan_of("add delivery_zone field to Address")
    assert [patch.path for patch in plan.patches] == ["protos/shipping.proto"]
    assert any("orders/protos/shipping.proto, a copy" in note for note in plan.assumptions)


def test_a_contract_that_cannot_be_read_stops_a_change_of_its_entity_and_no_other(
    plan_of: PlanOf, files: dict[str, str]
) -> None:
    files["contracts/gateway.yaml"] += "  broken: [\n"
    with pytest.raises(ContractError, match=r"contracts/gateway\.yaml:\d+"):
        plan_of("add loyalty_points to User")
    plan = plan_of("add delivery_zone to Address")
    assert any("cannot be read: contracts/gateway.yaml" in note for note in plan.assumptions)


def test_a_contract_that_is_not_there_is_noted(plan_of: PlanOf, files: dict[str, str]) -> None:
    del files["contracts/gateway.yaml"]
    plan = plan_of("add loyalty_points to User")
    assert any(
        "contracts/gateway.yaml: the contract is not in this version" in note for note in plan.assumptions
    )


def test_a_project_without_contracts_is_told_what_to_do(plan_of: PlanOf) -> None:
    with pytest.raises(UsageError, match="no contract of this project describes an entity") as error:
        plan_of("add loyalty_points", graph=Graph())
    assert "hive.toml" in error.value.next_step


def test_a_reference_from_another_contract_counts_without_a_changed_line(
    plan_of: PlanOf, graph: Graph
) -> None:
    admin = """\
openapi: 3.1.0
info: {title: Admin, version: 1.0.0}
paths: {}
components:
  schemas:
    Audit:
      type: object
      properties:
        who: {$ref: "./users.yaml#/components/schemas/User"}
"""
    wider = graph.model_copy(
        update={
            "contracts": (
                *graph.contracts,
                Contract(path="contracts/admin.yaml", kind="openapi", owner="payments"),
            )
        }
    )
    plan = plan_of("add loyalty_points to users.yaml#User", graph=wider, more={"contracts/admin.yaml": admin})
    task = plan.task("payments")
    assert task is not None
    assert task.role == "both"
    assert "provides contracts/admin.yaml, which refers to User" in task.reason


def test_every_patched_contract_still_parses(plan_of: PlanOf) -> None:
    for request in ("add loyalty_points", "remove phone from User", "rename phone of User to tel"):
        plan = plan_of(request)
        for patch in plan.patches:
            kind = "jsonschema" if patch.path.endswith(".json") else "openapi"
            assert parse(kind, patch.path, patch.text.encode()).entities()
