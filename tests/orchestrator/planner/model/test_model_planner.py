import pytest

from hive.errors import UsageError
from hive.orchestrator.planner.model.talking import ModelPlanError
from hive.testing import Break, Refusal, Reply, Text
from tests.orchestrator.planner.conftest import GRAPH
from tests.orchestrator.planner.model.rig import (
    ADD_FIELD,
    ADD_OPERATION,
    GOOD,
    REQUEST,
    UNKNOWN_SERVICE,
    USERS,
    answer,
    model_at,
    models,
    part,
    plan,
    reply,
    tree,
)


def briefs(planned):
    return {task.service: task.brief for task in planned.tasks}


def test_a_new_operation_is_planned_with_the_differences_that_hive_finds_itself():
    planned = plan(reply(GOOD))
    assert [patch.path for patch in planned.patches] == [USERS]
    assert [(c.rule, c.severity) for c in planned.changes] == [("endpoint-added", "compatible")]
    assert planned.intent is None
    assert [(task.service, task.role) for task in planned.tasks] == [("users", "provider")]
    assert any("needs an agent with a model" in note for note in planned.assumptions)
    assert any(
        "nothing changes that it uses today: payments, gateway" in n or "gateway, payments" in n
        for n in planned.assumptions
    )


def test_who_is_affected_by_a_field_is_told_by_the_graph_and_the_code_whatever_the_model_says():
    planned = plan(reply(answer(ADD_FIELD, parts=[part("mailer")])))
    assert {task.service for task in planned.tasks} == {"users", "gateway", "mailer"}
    assert planned.intent is not None
    assert planned.intent.name == "paused"
    assert "credit_limit" in planned.siblings
    assert "Do not bill" in briefs(planned)["mailer"]
    assert "A model wrote" not in briefs(planned)["users"]


def test_a_service_that_only_the_model_names_is_shown_as_such():
    planned = plan(reply(answer(ADD_OPERATION, parts=[part("payments", reason="it bills\nthem")])))
    reasons = {task.service: task.reason for task in planned.tasks}
    assert reasons["payments"] == "added by the model, because it bills them"
    assert "1 service named by the model alone: payments" in planned.assumptions
    assert not any("left out" in note and "payments" in note for note in planned.assumptions)


def test_a_plan_without_a_contract_change_has_the_services_that_the_model_names():
    planned = plan(reply(answer(parts=[part("shipping"), part("orders")])))
    assert planned.patches == ()
    assert {task.service for task in planned.tasks} == {"shipping", "orders"}


def test_hives_own_brief_and_rules_stand_behind_the_words_of_the_model():
    brief = briefs(plan(reply(GOOD)))["users"]
    words, rules = brief.index("Serve the new operation."), brief.index("## Leave alone")
    assert words < brief.index("endpoint-added") < rules
    assert "users/pause.py" in brief
    assert "Every file outside the folder of this service" in brief[rules:]


def test_the_copies_of_a_contract_change_with_it():
    edit = {
        "op": "replace_text",
        "contract": "protos/shipping.proto",
        "find": "  string tracking_code = 1;\n",
        "replace": "  string tracking_code = 1;\n  bool paused = 2;\n",
    }
    planned = plan(reply(answer(edit, parts=[part("shipping")])))
    assert [patch.path for patch in planned.patches] == [
        "protos/shipping.proto",
        "orders/protos/shipping.proto",
    ]
    assert planned.patches[0].text == planned.patches[1].text
    roles = {task.service: task.role for task in planned.tasks}
    assert roles["shipping"] == "provider"


def test_the_model_is_given_the_project_as_data_and_asked_for_a_shape():
    with models(reply(GOOD)) as fake:
        model_at(fake.url).plan(
            REQUEST, base="c0ffee", tree=tree(**{"users/CLAUDE.md": "Money is in cents.\x1b[2J"}), graph=GRAPH
        )
        (asked,) = fake.calls
    told = asked.body["messages"][0]["content"]
    for words in (REQUEST, "Money is in cents.", "/users/{id}", "gateway calls users", "users/model.py"):
        assert words in told
    assert "\x1b" not in told
    assert "Money is in cents." not in str(asked.body["system"])
    shape = asked.body["output_config"]["format"]["schema"]
    assert shape["required"] == ["summary", "edits", "parts"]
    assert all(each["required"] == list(each["properties"]) for each in shape["$defs"].values())


def test_what_does_not_fit_is_left_out_and_said():
    more = {f"users/file_{number}_{'x' * 200}.py": "x = 1\n" for number in range(120)}
    large = tree(**more, **{USERS: tree()[USERS].decode() + "# " + "y" * 40_000 + "\n"})
    with models(reply(answer(parts=[part("users")]))) as fake:
        model_at(fake.url).plan(REQUEST, base="c0ffee", tree=large, graph=GRAPH)
        told = fake.calls[0].body["messages"][0]["content"]
    assert "1 contract shown as outlines instead of whole" in told
    assert "GET /users/{id}" in told
    assert "file names" in told
    assert len(told) < 250_000


def test_an_invalid_plan_is_sent_back_with_what_is_wrong_and_both_answers_are_paid_for():
    with models(reply(UNKNOWN_SERVICE), reply(GOOD)) as fake:
        planned = model_at(fake.url).plan(REQUEST, base="c0ffee", tree=tree(), graph=GRAPH)
        last = fake.calls[-1].body["messages"]
    assert [each["role"] for each in last] == ["user", "assistant", "user"]
    assert "there is no service 'billing'" in str(last[2]["content"])
    made = planned.planning
    assert (made.planner, made.answers, made.input_tokens, made.output_tokens) == ("model", 2, 200, 40)
    assert made.cost_usd > 0


def test_three_invalid_plans_are_an_error_with_the_last_finding_and_the_cost():
    with pytest.raises(ModelPlanError, match="after 2 corrections: there is no service 'billing'") as failed:
        plan(*[reply(UNKNOWN_SERVICE)] * 3)
    assert failed.value.invalid
    assert failed.value.planning.answers == 3


@pytest.mark.parametrize(
    "said", ["", "I would rather not.", "{}", "[" * 5000, '{"summary": "\\ud800"}', '{"summary":1}']
)
def test_words_that_are_no_plan_are_findings(said: str):
    assert plan(reply(said), reply(GOOD)).planning.answers == 2


@pytest.mark.parametrize(
    ("met", "words"),
    [
        (Reply(always=Refusal(status=401, message="invalid x-api-key")), "the key is not accepted"),
        (Reply(always=Refusal(status=429, message="your spend limit is reached")), "spend limit is reached"),
        (Reply(always=Refusal(status=529)), "the model's API fails"),
        (Reply(always=Break(how="cut")), "broke off|cannot be reached"),
        (Reply(always=Break(how="end", after=3)), "broke off its answer"),
        (reply(GOOD, stop_reason="max_tokens"), "cut off"),
        (reply("No.", stop_reason="refusal"), "refuses"),
        (Reply(blocks=(Text(text="x"),), stop_reason="pause_turn"), "stopped without a plan: pause_turn"),
    ],
)
def test_each_way_to_fail_has_a_reason_of_its_own(met: Reply, words: str):
    with pytest.raises(ModelPlanError, match=words) as failed:
        plan(met)
    assert not failed.value.invalid
    assert failed.value.next_step


def test_an_endpoint_that_is_not_there_is_an_error():
    with pytest.raises(ModelPlanError, match="cannot be reached"):
        model_at("http://127.0.0.1:9").plan(REQUEST, base="c0ffee", tree=tree(), graph=GRAPH)


def test_a_stream_that_stalls_ends_when_patience_does():
    with pytest.raises(ModelPlanError, match="did not plan within"):
        plan(Reply(always=Break(how="stall", after=2)), patience=0.2)


def test_no_correction_is_paid_for_beyond_the_budget():
    with pytest.raises(ModelPlanError, match="planning has spent") as failed:
        plan(*[reply(UNKNOWN_SERVICE)] * 3, budget_usd=0.0001)
    assert failed.value.planning.answers == 1


def test_a_request_that_is_far_too_long_is_refused_before_it_costs_anything():
    with pytest.raises(UsageError, match="5000 characters"):
        plan(request="x" * 5000)
