from typing import get_args

import pytest

from hive.model import AddField, Change, Direction, Plan, RemoveField, RenameField, RetypeField, Severity
from hive.orchestrator.planner.request import understand
from hive.orchestrator.planner.waves import breaking, lead, steps, waves


def change(direction: Direction, severity: Severity = "compatible") -> Change:
    return Change(element="x#/y", kind="added", direction=direction, severity=severity, rule="r", message="m")


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ([change("response")], "providers"),
        ([change("response"), change("response", "breaking")], "providers"),
        ([change("request", "breaking")], "consumers"),
        ([change("request", "unknown")], "consumers"),
        ([change("request")], "providers"),
        ([change("both")], "nobody"),
        ([change("none")], "nobody"),
        ([change("response"), change("request")], "nobody"),
        ([], "nobody"),
    ],
)
def test_direction_and_severity_decide_who_lands_first(changes: list[Change], first: str) -> None:
    assert lead(changes) == first


CHAIN = [("web", "gateway"), ("gateway", "users"), ("orders", "users"), ("web", "elsewhere")]
SHOP = ["users", "orders", "gateway", "web"]


def test_a_new_answer_goes_out_before_anybody_reads_it() -> None:
    assert waves(SHOP, CHAIN, "providers") == {"users": 0, "orders": 1, "gateway": 1, "web": 2}


def test_a_new_demand_is_met_before_anybody_makes_it() -> None:
    assert waves(SHOP, CHAIN, "consumers") == {"web": 0, "orders": 0, "gateway": 1, "users": 2}


def test_without_a_direction_all_land_together() -> None:
    assert set(waves(SHOP, CHAIN, "nobody").values()) == {0}


def test_services_in_a_circle_share_a_wave_and_hold_nobody_up() -> None:
    circle = [("a", "b"), ("b", "a"), ("c", "a"), ("a", "a")]
    assert waves(["c", "a", "b"], circle, "providers") == {"a": 0, "b": 0, "c": 1}


def test_a_change_that_could_not_be_judged_is_not_compatible() -> None:
    plan = Plan(request="r", base="b", tasks=(), changes=tuple(change("both", s) for s in get_args(Severity)))
    assert [c.severity for c in breaking(plan)] == ["breaking", "unknown"]


def test_a_breaking_change_has_steps_that_break_nobody() -> None:
    renamed = steps(RenameField(entity="User", name="phone", new_name="phone_number"), "string")
    assert renamed == (
        'expand: hive run "add phone_number:string to User"',
        'migrate: hive run "migrate User.phone to phone_number" --agent NAME, one with a model',
        'contract: hive run "remove phone from User" --allow-breaking',
    )
    retyped = steps(RetypeField(entity="Address", name="zipCode", type="string"), "integer")
    assert 'hive run "add zipCodeString:string to Address"' in retyped[0]
    assert len(steps(RemoveField(entity="User", name="phone"), "string")) == 2
    assert steps(AddField(entity="User", name="phone"), "string") == ()
    demanded = steps(AddField(entity="User", name="phone", required=True), "string")
    assert 'hive run "add phone:string to User"' in demanded[0]


@pytest.mark.parametrize(
    "step", steps(RenameField(entity="User", name="phone", new_name="phone_number"), "string")
)
def test_the_steps_are_requests_that_are_understood(step: str) -> None:
    assert understand(step.split('"')[1]).entity == "User"
