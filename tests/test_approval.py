"""Who is still missing before a diff counts as approved: one table."""

import pytest

from hive.config.review import ReviewTable
from hive.model import Change, Ownership, Plan, ReviewPolicy, TaskPlan
from hive.state.approval import POLICY, lacking, rule, wants_person

TASK = TaskPlan(service="pay", role="provider", reason="", brief="")
TEAMS = {"payments": ("ann", "bob"), "@dba": ("Dora",)}


def plan(*severities: str) -> Plan:
    changes = tuple(
        Change.model_validate(
            {
                "element": "e",
                "kind": "removed",
                "direction": "both",
                "severity": s,
                "rule": "r",
                "message": "m",
            }
        )
        for s in severities
    )
    return Plan(request="r", base="b", tasks=(TASK,), changes=changes)


def policy(**said: object) -> ReviewPolicy:
    return ReviewTable.model_validate({"teams": TEAMS, **said}).policy()


OWNED = (Ownership(path="db/x", owners=("@dba", "x@example.com")),)


@pytest.mark.parametrize(
    ("review", "by", "owned", "missing"),
    [
        (policy(), [], (), ["needs an approval"]),
        (policy(), ["eve"], (), []),
        (policy(), [POLICY], (), []),
        (policy(approvals=1), [POLICY], (), ["needs an approval"]),
        (policy(approvals=2), [], (), ["needs 2 approvals"]),
        (policy(approvals=2), ["eve", "eve"], (), ["needs a second approval"]),
        (policy(approvals=2), ["eve", "ann"], (), []),
        (policy(approvals=1, approvers=["@payments"]), ["eve"], (), ["needs an approval, of @payments"]),
        (policy(approvals=2, approvers=["payments"]), ["Ann", "eve"], (), ["needs a second approval, of payments"]),
        (policy(approvals=1, approvers=["eve"]), ["eve"], (), []),
        (policy(), [POLICY], OWNED, ["needs an approval of @dba or x@example.com, for 'db/x'"]),
        (policy(), ["ann"], OWNED, ["needs an approval of @dba or x@example.com, for 'db/x'"]),
        (policy(), ["dora"], OWNED, []),
        (policy(), ["x@example.com"], OWNED, []),
        (policy(approvals=2), ["dora"], OWNED, ["needs a second approval"]),
        (policy(starter_alone=False), ["sam"], (), ["needs an approval of somebody else than 'sam', who started the run"]),
        (policy(starter_alone=False), ["sam", "ann"], (), []),
        (policy(starter_alone=False), [POLICY], (), ["needs an approval"]),
        (policy(services={"pay": {"approvals": 1, "approvers": ["bob"]}}), ["ann"], (), ["needs an approval, of bob"]),
        (policy(services={"web": {"approvals": 9}}), ["ann"], (), []),
    ],
)  # fmt: skip
def test_what_is_missing_follows_from_the_rules_and_the_approvals(review, by, owned, missing):
    assert list(lacking(rule(review, "pay", plan(), "sam"), by, owned)) == missing


@pytest.mark.parametrize(
    ("severities", "people"),
    [((), 1), (("compatible",), 1), (("compatible", "breaking"), 2), (("unknown",), 2)],
)
def test_a_breaking_change_needs_as_many_people_as_the_project_says(severities, people):
    assert rule(policy(approvals=1, breaking=2), "pay", plan(*severities), "sam").people == people


def test_a_flag_approves_only_where_no_person_is_needed():
    def wants(review, owned=()):
        return wants_person(rule(review, "pay", plan("breaking"), "sam"), owned)

    assert not wants(policy())
    assert not wants(policy(approvers=["ann"]))
    assert wants(policy(approvals=1))
    assert wants(policy(breaking=1))
    assert wants(policy(starter_alone=False))
    assert wants(policy(), OWNED)
