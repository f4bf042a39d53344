import sys

import pytest

from hive.errors import UsageError
from hive.orchestrator.planner import CarefulModel, GrammarFirst, ModelFirst
from hive.orchestrator.planner.model.talking import ModelPlanError
from hive.testing import Refusal, Reply
from tests.orchestrator.planner.conftest import GRAPH
from tests.orchestrator.planner.model.rig import (
    GOOD,
    REQUEST,
    UNKNOWN_SERVICE,
    model_at,
    models,
    reply,
    tree,
)

FIELD = "add loyalty_points:integer to contracts/users.yaml#User"
DOWN = Reply(always=Refusal(status=401, message="invalid x-api-key"))


def planned_by(make, *replies, request=REQUEST, key="k", withheld=None):
    with models(*replies) as fake:
        planner = make(CarefulModel(model_at(fake.url, key=key), withheld))
        plan = planner.plan(request, base="c0ffee", tree=tree(), graph=GRAPH)
        return plan, len(fake.calls)


def named(model):
    return ModelFirst(model, named=True)


def preferred(model):
    return ModelFirst(model, named=False)


def test_what_grammar_understands_asks_no_model():
    plan, calls = planned_by(GrammarFirst, request=FIELD)
    assert (plan.planning.planner, plan.planning.cost_usd, calls) == ("grammar", 0.0, 0)


@pytest.mark.parametrize("request_", [REQUEST, "add a pause endpoint", "add a way to pause subscriptions"])
def test_what_grammar_does_not_understand_is_planned_by_the_model(request_):
    plan, _ = planned_by(GrammarFirst, reply(GOOD), request=request_)
    assert plan.planning.planner == "model"


@pytest.mark.parametrize("request_", ["add nickname to Usr", "add email to contracts/users.yaml#User"])
def test_a_slip_in_what_grammar_understands_costs_nothing(request_):
    with models(reply(GOOD)) as fake:
        planner = GrammarFirst(CarefulModel(model_at(fake.url)))
        with pytest.raises(UsageError):
            planner.plan(request_, base="c0ffee", tree=tree(), graph=GRAPH)
        assert fake.calls == []


@pytest.mark.parametrize(
    ("key", "withheld", "words"), [("", None, "ANTHROPIC_API_KEY"), ("k", "first `hive trust`", "hive trust")]
)
def test_without_a_model_grammars_own_error_names_the_other_planner(key, withheld, words):
    with pytest.raises(UsageError, match="is not understood") as refused:
        planned_by(GrammarFirst, key=key, withheld=withheld)
    assert "--planner model" in refused.value.next_step
    assert words in refused.value.next_step


def test_a_model_that_fails_after_grammar_did_not_understand_gives_both_reasons():
    with pytest.raises(UsageError, match=r"key is not accepted.*is not understood"):
        planned_by(GrammarFirst, DOWN)


@pytest.mark.parametrize("make", [named, preferred])
def test_a_plan_that_stays_invalid_is_replaced_by_grammars_with_the_reason_and_the_cost(make):
    plan, calls = planned_by(make, *[reply(UNKNOWN_SERVICE)] * 3, request=FIELD)
    assert calls == 3
    assert plan.planning.planner == "grammar"
    assert plan.planning.cost_usd > 0
    assert "there is no service 'billing'" in plan.planning.fallback
    assert plan.assumptions[0].startswith("planned by grammar, since the model's plan cannot be carried out")
    assert "A model wrote" not in "".join(task.brief for task in plan.tasks)


def test_a_preferred_model_that_cannot_be_reached_leaves_the_plan_to_grammar():
    plan, _ = planned_by(preferred, DOWN, request=FIELD)
    assert "the key is not accepted" in plan.planning.fallback


@pytest.mark.parametrize(("key", "withheld"), [("", None), ("k", "first `hive trust`"), ("k", None)])
def test_a_named_model_that_cannot_plan_is_an_error_even_where_grammar_could(key, withheld):
    with pytest.raises(ModelPlanError) as refused:
        planned_by(named, DOWN, request=FIELD, key=key, withheld=withheld)
    assert "grammar" in refused.value.next_step


def test_where_grammar_cannot_help_either_the_models_reason_is_not_lost():
    with pytest.raises(UsageError, match=r"key is not accepted.*has a field 'email' already"):
        planned_by(preferred, DOWN, request="add email to contracts/users.yaml#User")


def test_without_the_extra_the_reason_names_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "anthropic", None)
    with pytest.raises(UsageError, match=r"hive-orchestrator\[anthropic\]"):
        planned_by(named, request=FIELD)


def test_neither_planner_says_what_each_of_them_lacks_and_what_it_cost():
    with pytest.raises(UsageError, match=r"that cost .* USD.*is not understood"):
        planned_by(named, *[reply(UNKNOWN_SERVICE)] * 3)
