from pathlib import Path

import pytest

from hive.orchestrator.planner import Remembering
from hive.orchestrator.planner.model.talking import ModelPlanError
from tests.orchestrator.planner.conftest import GRAPH
from tests.orchestrator.planner.model.rig import GOOD, REQUEST, model_at, models, reply, tree


@pytest.fixture
def ask(tmp_path: Path):
    """Plans, and says how often the model was asked by then."""
    with models(reply(GOOD)) as fake:

        def planned(
            request: str = REQUEST, *, anew: bool = False, base: str = "c0ffee", to: str | None = None
        ):
            planner = Remembering(model_at(fake.url), tmp_path / "planned.json", anew)
            plan = planner.plan(request, base=base, tree=tree(), graph=GRAPH, to=to)
            return plan, len(fake.calls)

        yield planned


def test_the_same_question_has_the_same_plan_and_is_paid_for_once(ask):
    first, _ = ask()
    again, calls = ask()
    assert again == first
    assert calls == 1


@pytest.mark.parametrize(
    "other", [{"request": "let them leave"}, {"base": "beef"}, {"to": "User"}, {"anew": True}]
)
def test_another_question_is_asked(ask, other):
    ask()
    assert ask(**other)[1] == 2


def test_what_cannot_be_read_is_asked_again(ask, tmp_path):
    ask()
    (tmp_path / "planned.json").write_bytes(b"{\xff")
    assert ask()[1] == 2


def test_a_failure_is_not_remembered(tmp_path):
    planner = Remembering(model_at("http://127.0.0.1:9"), tmp_path / "planned.json", anew=False)
    with pytest.raises(ModelPlanError):
        planner.plan(REQUEST, base="c0ffee", tree=tree(), graph=GRAPH)
    assert list(tmp_path.iterdir()) == []
