import pytest
from rich.cells import cell_len

from hive import events as e
from hive.dashboard.live import Size, live, room
from hive.model import FileEdited, Plan, Policy, Said, TaskPlan
from hive.state import RunState

SIZES = [(80, 24), (200, 50)]


def draw(screen, state: RunState, now, width=80, height=24, **how) -> str:
    return screen(live(state, now, Size(width, height), ["Ctrl-C detaches"]), width, height, **how)


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("chapter", ["created", "planned", "middle", "landed"])
def test_a_run_is_drawn_at_every_stage(story, screen, golden, chapter, width, height):
    told = story().created().planned() if chapter == "planned" else getattr(story(), chapter)()
    golden(f"live-{chapter}-{width}", draw(screen, told.state, told.now, width, height))


def test_nothing_is_told_by_colour_alone(story, screen, monkeypatch):
    told = story().middle()
    coloured = draw(screen, told.state, told.now, styles=True)
    assert "\x1b[" in coloured
    plain = draw(screen, told.state, told.now)
    for mark in ("? ready", "! stuck", "● working", "✓14", "✗1", "-2", "✓ compatible"):
        assert mark in plain


def test_a_run_without_trust_and_without_a_sandbox_says_so(story, screen):
    told = story().created(trusted=False, sandbox="none", left_out=("a.py",))
    shown = draw(screen, told.state, told.now, 120)
    assert "no sandbox" in shown
    assert "not trusted: no checks run (hive trust)" in shown
    assert "1 uncommitted not seen" in shown


@pytest.mark.parametrize("height", [5, 10, 24])
@pytest.mark.parametrize("width", [40, 80])
def test_many_services_fit_any_terminal_and_those_that_need_somebody_are_kept(story, screen, width, height):
    plan = Plan(
        request="x" * 500,
        base="a" * 40,
        tasks=tuple(
            TaskPlan(service=f"service-{n}", wave=n, role="consumer", reason="r", brief="b")
            for n in range(60)
        ),
    )
    told = story().created(policy=Policy(max_parallel=60)).planned(plan).tell(e.PlanApproved(by="ann"))
    told.working("service-57").done("service-57")
    lines = draw(screen, told.state, told.now, width, height).splitlines()
    assert len(lines) <= max(height, 10)
    assert all(cell_len(line) <= width for line in lines)
    assert any("service-57" in line for line in lines)


@pytest.mark.parametrize("height", [1, 12, 24, 60])
@pytest.mark.parametrize("counts", [(0, 0, 0), (1, 1, 1), (9, 9, 9), (60, 60, 60)])
def test_every_part_keeps_a_line_and_none_takes_more_than_it_has(height, counts):
    share = room(height, *counts)
    assert all(lines <= count for lines, count in zip(share, counts, strict=True))
    assert all(lines >= 1 for lines, count in zip(share, counts, strict=True) if count)
    assert height < 12 or sum(share) <= height - 9


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_hostile_words_do_nothing_to_the_terminal(story, screen, hostile, harmless, width, height):
    plan = Plan(
        request=hostile,
        base=hostile,
        tasks=(TaskPlan(service=hostile, role="consumer", reason=hostile, brief=hostile),),
    )
    told = story().created(request=hostile, target=hostile).planned(plan).tell(e.PlanApproved(by=hostile))
    told.working(hostile).tell(e.AgentReported(turn=1, report=Said(text=hostile)), service=hostile)
    told.tell(e.RunFailed(reason=hostile, next_step=hostile))
    harmless(draw(screen, told.state, told.now, width, height))
    harmless(draw(screen, told.state, told.now, width, height, styles=True))


def test_a_service_that_works_shows_its_last_words_whatever_came_between(story, screen):
    told = story().begun().working("users")
    told.tell(
        e.AgentReported(turn=1, report=FileEdited(path="model.py", line=4, summary="add the column")),
        e.AgentReported(turn=1, report=Said(text="   ")),
        service="users",
    )
    assert "edited model.py:4 add the column" in draw(screen, told.state, told.now, 120)


def test_a_rework_shows_its_turn_and_what_is_wanted(story, screen):
    told = story().begun().working("users").done("users")
    told.tell(e.Commented(text="use an int", by="ann"), service="users")
    assert "to rework: use an int" in draw(screen, told.state, told.now, 120)
    told.tell(e.TurnStarted(turn=2, agent="propagate"), service="users")
    assert "● working 2" in draw(screen, told.state, told.now, 120)
