import pytest

from hive import events as e
from hive.dashboard import show
from hive.dashboard.show.queue import Queued
from hive.errors import UsageError
from hive.model import Change, Contract, Edge, Evidence, Graph, Plan, Policy, Service, TaskPlan, Violation

WIDTHS = [80, 140]


@pytest.fixture
def told(story):
    return story().middle()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_plan_shows_changes_services_dependencies_and_assumptions(told, screen, golden, width):
    golden(f"show-plan-{width}", screen(show.plan_view(told.state.plan, told.state.created.graph), width))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_run_in_work_and_a_landed_one_are_shown_whole(told, story, screen, golden, width):
    golden(f"show-run-middle-{width}", screen(show.run_view(told.state, told.now), width))
    landed = story().landed()
    golden(f"show-run-landed-{width}", screen(show.run_view(landed.state, landed.now), width))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_service_is_shown_with_its_work_evidence_and_what_could_not_be_placed(told, screen, golden, width):
    golden(f"show-task-{width}", screen(show.service_view(told.state, "orders", told.now), width))


def test_an_unknown_service_is_refused_with_the_nearest_first(told):
    with pytest.raises(UsageError, match="run 'r7f3' has no service 'ordrs'") as error:
        show.service_view(told.state, "ordrs", told.now)
    assert error.value.next_step == "choose one of: orders, users, web"


def test_scope_violations_and_voided_approvals_are_pointed_out(told, screen):
    violation = Violation(path="ci.yml", rule="ci", severity="refused", reason="CI configuration")
    told.tell(e.Approved(diff="an older diff", by="ann"), service="users")
    told.tell(e.ScopeGuarded(turn=1, diff="diff-1", violations=(violation,)), service="users")
    shown = screen(show.service_view(told.state, "users", told.now), 140)
    assert "refused: ci.yml: CI configuration (ci)" in shown
    assert "the approval by ann is void" in shown


def test_a_red_check_of_the_union_is_shown_with_its_tests_and_its_last_words(told, screen):
    red = Evidence(
        check="tests", service="users", outcome="failed", reason="1 of 2 tests failed", command="pytest -q",
        failures=("tests.test_a::test_one",), tail="E assert 1 == 2",
    )  # fmt: skip
    told.tell(e.CheckFinished(evidence=red))
    shown = screen(show.run_view(told.state, told.now), 140)
    for words in ("failed: tests.test_a::test_one", "$ pytest -q", "E assert 1 == 2"):
        assert words in shown


@pytest.mark.parametrize("width", WIDTHS)
def test_runs_that_need_a_person_come_first(story, told, screen, golden, width):
    landed = story("zz9", first=1000).landed()
    golden(f"show-runs-{width}", screen(show.runs_view([landed.state, told.state], told.now), width))


def test_without_runs_the_first_command_is_named(told, screen):
    assert "hive run" in screen(show.runs_view([], told.now))


def test_the_queue_is_shown_as_it_is_given(screen, golden):
    items = [
        Queued(0, "run1", "add loyalty_points field", "main", "testing", "its checks run on the exact union"),
        Queued(1, "run2", "remove nickname", "main", "waiting", "behind run1", ("run1",), 5, 90.0),
    ]
    golden("show-queue", screen(show.queue_view(items), 100))
    assert "nothing waits to land" in screen(show.queue_view([]))


@pytest.mark.parametrize("width", WIDTHS)
def test_a_project_is_shown_as_tables_and_a_graph(told, screen, golden, width):
    golden(f"show-discover-{width}", screen(show.graph_view(told.state.created.graph), width))


def test_a_project_without_anything_says_so(screen):
    assert screen(show.graph_view(Graph())).count("none found") == 2


def test_a_diff_keeps_every_line_and_colours_it(screen):
    text = (
        "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n-old\n+new\n kept\n--- a line\n+++ a line\n"
    )
    assert screen(show.diff_view(text), 100).rstrip() == text.rstrip()
    coloured = screen(show.diff_view(text), 100, styles=True)
    assert "\x1b[32m+new" in coloured
    assert "\x1b[1;31m-old" in coloured
    assert "\x1b[1;31m--- a line" in coloured
    assert "\x1b[2m--- a/a" in coloured


def test_a_diff_has_a_title_when_it_is_given_one_and_says_when_it_is_empty(screen):
    assert screen(show.diff_view("", title="users")).split("\n")[:2] == ["USERS", "no changes"]


def test_a_line_of_a_megabyte_is_cut_and_says_so(screen):
    shown = screen(show.diff_view("@@\n+" + "x" * 1_000_000))
    assert len(shown) < 5_000
    assert "998001 more characters" in shown.replace("\n", "")


def test_very_long_tables_and_graphs_are_counted_instead_of_shown(screen):
    services = tuple(Service(name=f"s{n}", path=f"s{n}") for n in range(600))
    edges = tuple(Edge(source="s0", target=f"s{n}") for n in range(1, 600))
    shown = screen(show.graph_view(Graph(services=services, edges=edges)))
    assert "… 100 more" in shown
    assert "… 399 more edges" in shown


@pytest.mark.parametrize("width", [40, *WIDTHS])
def test_hostile_words_do_nothing_anywhere(story, screen, hostile, harmless, width):
    change = Change(
        element=f"{hostile}#/{hostile}", kind="added", direction="both", severity="unknown", rule=hostile,
        message=hostile, affected=(hostile,),
    )  # fmt: skip
    plan = Plan(
        request=hostile, base=hostile, assumptions=(hostile,), changes=(change,),
        tasks=(TaskPlan(service=hostile, role="both", reason=hostile, brief=hostile),),
    )  # fmt: skip
    graph = Graph(
        services=(Service(name=hostile, path=hostile, language=hostile, test=hostile),),
        contracts=(Contract(path=hostile, kind="avro", owner=hostile),),
        edges=(Edge(source=hostile, target=hostile),),
    )
    evidence = Evidence(
        check=hostile, service=hostile, outcome="failed", reason=hostile, command=hostile, tail=hostile
    )
    told = story().created(request=hostile, target=hostile, graph=graph, left_out=(hostile,),
                           policy=Policy(agent=hostile)).planned(plan)  # fmt: skip
    told.tell(e.PlanApproved(by=hostile)).working(hostile).done(hostile, evidence=evidence)
    told.tell(e.Commented(text=hostile, by=hostile, path=hostile), service=hostile)
    told.tell(e.CheckFinished(evidence=evidence), e.LandingRefused(reason=hostile, next_step=hostile))
    state = told.state
    for picture in (
        show.plan_view(plan, graph),
        show.run_view(state, told.now),
        show.service_view(state, hostile, told.now),
        show.graph_view(graph),
        show.diff_view(f"@@\n+{hostile}"),
    ):
        for styles in (False, True):
            shown = screen(picture, width, styles=styles)
            if width > 40 and not styles:
                harmless(shown)
            assert not any(bad in shown for bad in ("\x1b]", "\x1b[2J", "\x07", "\x9b", "\u202e", "\u2066"))
    for picture in (
        show.runs_view([state], told.now),
        show.queue_view([Queued(0, *[hostile] * 5, on=(hostile,))]),
    ):
        shown = screen(picture, width, styles=True)
        assert not any(bad in shown for bad in ("\x1b]", "\x1b[2J", "\x07", "\x9b", "\u202e", "\u2066"))
