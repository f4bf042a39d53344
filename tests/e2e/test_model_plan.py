"""A request that no grammar understands, from the model's plan to one landed merge."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hive.agents.anthropic.agent import Anthropic
from hive.cli.app import app
from hive.cli.bench import Planning
from hive.cli.compose import open_project
from hive.dashboard.web.wish import Question, Wish
from hive.errors import NeedsPerson, UsageError
from hive.events import Draft, PlanApproved, RunCreated, RunPlanned
from hive.model import Graph, Plan, Policy
from hive.orchestrator.planner import CarefulModel, GrammarFirst
from hive.testing import Part, Reply, Script, ToolUse, serving
from hive.workspaces.newborn import commit_everything
from hive.workspaces.tree import GitTree
from tests.agents.means import means
from tests.e2e.hive_command import Hive
from tests.orchestrator.planner.model.rig import model_at, models, part, reply
from tests.world import CONTRACT, World

REQUEST = "let customers pause their subscription"
STATUS = """"properties": {
    "status": {"type": "string", "enum": ["active", "paused"]},"""
ANSWER: dict[str, Any] = {
    "summary": "Users have a status, which may be paused.",
    "edits": [{"op": "replace_text", "contract": CONTRACT, "find": '"properties": {', "replace": STATUS}],
    "parts": [
        part("users", "Store the status.", files=["services/users/fields.txt"]),
        part("orders", "Take no order of a paused user.", reason="a paused user must not order"),
    ],
}
TURN = [{"do": "write", "path": "fields.txt", "text": "id status\n"}]
MANIFEST = f"""
[project]
name = "project"

[services.users]
path = "services/users"
test = "python3 -m unittest"

[services.orders]
path = "services/orders"
test = "python3 -m unittest"

[contracts."{CONTRACT}"]
kind = "jsonschema"
owner = "users"
"""
WORK: dict[str, list[list[dict[str, object]]]] = {"orders": [TURN], "users": [TURN]}


def begin(world: World, plan: Plan, graph: Graph) -> None:
    created = RunCreated(
        request=REQUEST,
        base=plan.base,
        target="main",
        policy=Policy(agent="scripted", approve_all=True, land=True, budget_usd=1.0),
        graph=graph,
        sandbox=world.context.sandbox.name,
        trusted=True,
    )
    events = (created, RunPlanned(plan=plan), PlanApproved(by="test"))
    world.log.append(*(Draft(run="r1", event=event) for event in events))


def graph_of(world: World) -> Graph:
    """What World says of itself."""
    world.begin(run="other", approved=False)
    return world.state("other").created.graph


def test_the_models_plan_lands_with_its_cost_in_the_run(tmp_path: Path):
    world = World.make(tmp_path, WORK)
    graph, base = graph_of(world), world.user.head()
    with models(reply(ANSWER)) as fake:
        planner = GrammarFirst(CarefulModel(model_at(fake.url)))
        plan = planner.plan(REQUEST, base=base, tree=GitTree(world.user.git, base), graph=graph)
    begin(world, plan, graph)
    state = world.work(lambda state: state.closed is not None)
    assert state.phase == "landed", state.needs
    assert "paused" in world.landed_file(CONTRACT)
    assert world.landed_file("services/orders/fields.txt") == "id status"
    assert state.cost_usd == plan.planning.cost_usd > 0
    reasons = {task.service: task.plan.reason for task in state.tasks.values()}
    assert reasons["orders"] == "added by the model, because a paused user must not order"


def test_agents_with_a_model_are_told_the_models_brief_and_hives_rules(tmp_path: Path):
    def turn(service: str) -> Part:
        write = ToolUse(name="write", input={"file_path": "fields.txt", "content": "id status\n"})
        return Part(when=f"# What to do in {service}", replies=(Reply(blocks=(write,)), Reply()))

    script = Script(
        parts=(turn("users"), turn("orders"), Part(when="Plan the request.", replies=(reply(ANSWER),)))
    )
    with serving(script) as fake:
        agent = Anthropic.with_means(means(fake.url))
        world = World.make(tmp_path, {}, agent=lambda name: agent)
        graph, base = graph_of(world), world.user.head()
        plan = model_at(fake.url).plan(REQUEST, base=base, tree=GitTree(world.user.git, base), graph=graph)
        begin(world, plan, graph)
        state = world.work(
            lambda state: (
                state.closed is not None
                or any(t.settled and t.settled.outcome == "stuck" for t in state.tasks.values())
            )
        )
        assert state.phase == "landed", state.needs
        told = next(call.words for call in fake.calls if "# What to do in users" in call.words)
    assert told.index("Store the status.") < told.index("## Leave alone")
    assert state.cost_usd > plan.planning.cost_usd


def test_a_budget_that_planning_has_spent_lets_no_agent_work(tmp_path: Path):
    world = World.make(tmp_path, WORK)
    graph, base = graph_of(world), world.user.head()
    with models(reply(ANSWER)) as fake:
        plan = model_at(fake.url).plan(REQUEST, base=base, tree=GitTree(world.user.git, base), graph=graph)
    dear = plan.planning.model_copy(update={"cost_usd": 1.5})
    begin(world, plan.model_copy(update={"planning": dear}), graph)
    state = world.work(lambda state: state.phase == "paused")
    assert state.overspent
    assert not any(task.turn for task in state.tasks.values())


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hive:
    """A committed project with a hive.toml, and this process as a user in its folder."""
    world = World.make(tmp_path, {})
    (world.root / "hive.toml").write_text(MANIFEST)
    commit_everything(world.root, "Tell hive about it")
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"services": WORK}))
    hive = Hive(world.root, tmp_path / "hive-state", {"HIVE_SCRIPT": str(script)})
    monkeypatch.chdir(hive.root)
    monkeypatch.setenv("HIVE_STATE_DIR", str(hive.state))
    monkeypatch.setenv("COLUMNS", "200")
    return hive


def command(*arguments: str, **env: str) -> str:
    """What a command prints, run in this process. Raises what it raises."""
    done = CliRunner().invoke(app, arguments, env=env, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_nothing_of_a_project_goes_to_a_model_before_it_is_trusted(project: Hive):
    with models(reply(ANSWER)) as fake:
        keys = {"ANTHROPIC_API_KEY": "sk-ant-fake", "ANTHROPIC_BASE_URL": fake.url}
        for planner in ("auto", "model"):
            with pytest.raises(UsageError) as refused:
                command("plan", REQUEST, "--planner", planner, **keys)
            assert "hive trust" in str(refused.value)
        assert fake.requests == []


def test_without_a_key_the_error_names_the_model_planner(project: Hive):
    with pytest.raises(UsageError, match="is not understood") as refused:
        command("plan", REQUEST)
    assert "--planner model" in refused.value.next_step


def test_a_breaking_plan_of_a_model_needs_a_person_before_anything_is_recorded(project: Hive):
    command("trust", "--yes")
    removed = {
        "op": "replace_text",
        "contract": CONTRACT,
        "find": '"type": "object"',
        "replace": '"type": "array"',
    }
    with models(reply(ANSWER | {"edits": [removed]})) as fake:
        keys = {"ANTHROPIC_API_KEY": "sk-ant-fake", "ANTHROPIC_BASE_URL": fake.url}
        with pytest.raises(NeedsPerson, match="breaking"):
            command("run", REQUEST, "--yes", **keys)
    assert command("ls", "--json") == ""


def test_a_plan_that_a_browser_showed_is_the_one_that_begins(project: Hive, monkeypatch: pytest.MonkeyPatch):
    command("trust", "--yes")
    with models(reply(ANSWER)) as fake, open_project() as opened:
        monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-fake")
        monkeypatch.setenv("ANTHROPIC_BASE_URL", fake.url)
        planning = Planning(opened)
        shown = planning.propose(Question(request=REQUEST)).plan
        run = planning.begin(Wish(request=REQUEST))
        opened.runs.refresh()
        assert opened.runs.get(run).plan == shown
        assert len(fake.calls) == 1


@pytest.mark.e2e
def test_a_person_plans_with_a_model_and_the_run_lands(project: Hive):
    command("trust", "--yes")
    with models(reply(ANSWER)) as fake:
        keys = {"ANTHROPIC_API_KEY": "sk-ant-fake", "ANTHROPIC_BASE_URL": fake.url}
        shown = " ".join(command("plan", REQUEST, "--planner", "model", **keys).split())
        assert "added by the model, because a paused user must not order" in shown
        assert "the model claude-sonnet-5-5 in 1 answer: 100 tokens in" in shown
        work = ("--agent", "scripted", "--yes", "--approve-all", "--land", "--foreground", "--plain")
        done = project("run", REQUEST, *work, **keys)
        assert done.returncode == 0, done.stdout + done.stderr
        assert len(fake.calls) == 1  # the plan that was shown is the one that ran
    told = json.loads(command("show", "last", "--json"))
    assert told["phase"] == "landed"
    assert told["cost_usd"] == told["plan"]["planning"]["cost_usd"] > 0
    assert "in 1 answer" in command("show", "last")
    assert "paused" in project.git("show", f"main:{CONTRACT}")
