"""The run, the service, the review and the queue: pictures in three sizes, and every key."""

import asyncio

import pytest

from hive import events as e
from hive.model import (
    CASES,
    Asked,
    Case,
    Evidence,
    FileEdited,
    Ran,
    Said,
    Thought,
    ToolCalled,
    ToolReturned,
    Unplaced,
    Violation,
)
from tests.dashboard.conftest import EVIDENCE

SIZES = [(80, 24), (120, 40), (250, 70)]


def talkative(story):
    told = story().middle()
    for report in (
        ToolCalled(tool="read", summary="model.py"),
        ToolCalled(tool="read", summary="views.py"),
        FileEdited(path="services/web/view.ts", line=3, summary="a row"),
        ToolReturned(tool="write", outcome="denied", summary="outside the service"),
        Said(text="Two places left:\n- the form\n- the list"),
        Thought(text="the form first"),
        Ran(command="npm test", exit_code=1, output="\n".join(f"line {n}" for n in range(20))),
        Asked(id="q", about="question", text="rename it?", options=("yes", "no")),
    ):
        told.tell(e.AgentReported(turn=1, report=report), service="web")
    return told


@pytest.mark.parametrize("size", SIZES)
def test_a_run_shows_progress_services_and_plan(desk, story, picture, size):
    async def look():
        desk.write(story().middle())
        async with desk.open(size, run="r7f3") as seen:
            await seen.shows("services", "compatible")
            await picture(f"run-{size[0]}", seen)
            await seen.press("2")
            await seen.shows("SERVICES")
            await picture(f"run-graph-{size[0]}", seen)

    asyncio.run(look())


@pytest.mark.parametrize("size", SIZES)
def test_a_service_shows_stream_diff_checks_and_notes(desk, story, picture, size):
    async def look():
        desk.write(talkative(story))
        async with desk.open(size, run="r7f3") as seen:
            await seen.shows("compatible")
            await seen.press("down", "down", "enter")
            await seen.shows("run r7f3 · web", "rename it?", "$ npm test")
            await picture(f"service-stream-{size[0]}", seen)
            await seen.press("escape", "up", "enter")
            await seen.shows("run r7f3 · orders", "turn 1")
            await seen.press("2")
            await seen.shows("get_loyalty_points")
            await picture(f"service-diff-{size[0]}", seen)
            await seen.press("3")
            await seen.shows("tests failed")
            await picture(f"service-checks-{size[0]}", seen)
            await seen.press("4")
            await seen.shows("not placed")
            await picture(f"service-notes-{size[0]}", seen)

    asyncio.run(look())


@pytest.mark.parametrize("size", SIZES)
def test_a_review_walks_the_diffs(desk, story, picture, size):
    async def look():
        desk.write(story().middle())
        async with desk.open(size, run="r7f3") as seen:
            await seen.shows("compatible")
            await seen.press("v")
            await seen.shows("get_loyalty_points")
            await picture(f"review-{size[0]}", seen)

    asyncio.run(look())


def at_service(desk, service, act, size=(120, 40)):
    """Open the dashboard on one service and act there."""

    async def go():
        async with desk.open(size, run="r7f3") as seen:
            await seen.shows("plan", service)
            await seen.until(lambda: seen.app.screen.target() is not None)
            for _ in range(3):
                if seen.app.screen.target().service != service:
                    await seen.press("down")
            await seen.press("enter")
            await seen.shows(f"run r7f3 · {service}")
            await seen.until(lambda: seen.app.focused is not None and seen.app.focused.id == "stream")
            return await act(seen)

    return asyncio.run(go())


def test_the_tests_of_a_check_are_a_tree_and_t_lists_those_that_passed(desk, story):
    cases = (
        Case(
            group="tests.test_api", name="test_fee", outcome="failed", message="assert 3 == 4\nE   [b]4[/b]"
        ),
        Case(group="tests.test_api", name="test_get", outcome="passed", seconds=0.25),
        Case(group="tests.test_db", name="test_row", outcome="passed"),
    )
    red = EVIDENCE.model_copy(
        update={"outcome": "failed", "reason": "1 of 3 tests failed", "cases": "t.json"}
    )

    async def act(seen):
        await seen.press("3")
        await seen.shows(
            "✗ tests.test_api  1 failed, 1 passed", "✗ test_fee", "E   [b]4[/b]", "✓ tests.test_db"
        )
        assert "test_get" not in seen.text
        await seen.press("t")
        await seen.shows("✓ test_get  0.25 s", "✓ test_row")

    desk.write(story().begun().working("users").done("users", evidence=red))
    desk.files.outputs["t.json"] = CASES.dump_json(cases).decode()
    at_service(desk, "users", act)


def test_c_talks_to_the_agent_and_escape_leaves_the_line(desk, story):
    async def act(seen):
        await seen.press("c")
        await seen.type("use points")
        await seen.press("enter")
        await seen.event(e.MessageSent)
        await seen.press("c", "escape")
        assert seen.app.focused.id == "stream"
        await seen.press("escape")
        await seen.shows("services")

    desk.write(story().middle())
    at_service(desk, "web", act)
    assert [x.message.text for x in desk.events() if isinstance(x, e.MessageSent)] == ["use points"]


def test_s_stops_one_service_and_capital_r_retries_another(desk, story):
    async def stop(seen):
        await seen.press("s")
        await seen.event(e.StopRequested)

    async def retry(seen):
        await seen.press("R")
        await seen.event(e.RetryRequested)

    desk.write(story().middle())
    at_service(desk, "web", stop)
    at_service(desk, "orders", retry)


def test_tool_calls_are_folded_until_t_shows_them_one_by_one(desk, story):
    async def act(seen):
        await seen.shows("rename it?")
        await seen.press("home")
        assert "read ×2" in seen.text
        assert "read: views.py" not in seen.text
        await seen.press("t")
        await seen.until(lambda: "read: views.py" in seen.text or seen.app.focused.cursor > 5)
        await seen.press("home")
        await seen.shows("read: model.py", "read: views.py", "write denied: outside the service")

    desk.write(talkative(story))
    at_service(desk, "web", act)


def said(*numbers):
    return [
        e.Draft(run="r7f3", service="web", event=e.AgentReported(turn=1, report=Said(text=f"word {n}")))
        for n in numbers
    ]


def test_what_a_long_stream_has_let_go_of_is_on_the_page_before(desk, story, monkeypatch):
    monkeypatch.setattr("hive.dashboard.tui.stream.MOST_LINES", 10)

    async def act(seen):
        await seen.shows("word 1")
        desk.log.append(*said(*range(2, 30)))
        await seen.shows("word 20", "word 29")
        assert [line.text.plain for line in seen.app.focused.lines] == [f"word {n}" for n in range(20, 30)]
        await seen.press("left_square_bracket")
        await seen.shows("word 19", "a page from the log")

    desk.write(story().middle())
    desk.log.append(*said(0, 1))
    at_service(desk, "web", act)


def test_what_an_agent_says_appears_as_it_comes_and_older_pages_come_from_the_log(desk, story, monkeypatch):
    monkeypatch.setattr("hive.dashboard.tui.stream.PAGE", 20)

    async def act(seen):
        await seen.shows("word 49")
        assert "word 29" not in seen.text
        desk.log.append(*said(50))
        await seen.shows("word 50")
        await seen.press("left_square_bracket")
        await seen.shows("word 29", "a page from the log")
        desk.log.append(*said(51))
        await seen.press("right_square_bracket")
        await seen.shows("word 51")
        await seen.press("left_square_bracket")
        await seen.shows("a page from the log")
        await seen.press("end")
        await seen.until(lambda: "a page from the log" not in seen.text)

    desk.write(story().middle())
    desk.log.append(*said(*range(50)))
    at_service(desk, "web", act)


def test_slash_searches_and_n_goes_on_around_the_end(desk, story):
    async def act(seen):
        await seen.shows("rename it?")
        await seen.press("slash")
        await seen.type("LINE 1")
        await seen.press("enter")
        lines = seen.app.focused
        found = [lines.cursor]
        for _ in range(2):
            await seen.press("n")
            found.append(lines.cursor)
        await seen.press("N")
        found.append(lines.cursor)
        assert all("line 1" in lines.lines[at].text.plain for at in found)
        assert found[3] == found[1] != found[2]
        await seen.press("slash")
        await seen.type("nowhere")
        await seen.press("enter")
        await seen.shows("nothing has 'nowhere'")

    desk.write(talkative(story))
    at_service(desk, "web", act)


def test_keys_move_page_and_jump_in_a_diff_and_w_puts_both_sides_beside_each_other(desk, story):
    async def act(seen):
        await seen.press("2")
        await seen.shows("new.py", "json")
        await seen.until(lambda: seen.app.focused.id == "diff")
        lines = seen.app.focused
        await seen.press("j", "j", "k", "down", "up")
        assert lines.cursor == 1
        await seen.press("right_square_bracket")
        assert lines.lines[lines.cursor].head
        await seen.press("left_square_bracket", "end")
        assert lines.at_end
        await seen.press("home", "space", "pageup")
        assert lines.cursor == 0
        assert " │ " not in seen.text.split("json")[0]
        await seen.press("w")
        await seen.until(lambda: " │ " in seen.text)
        await seen.press("w")
        await seen.until(lambda: " │ " not in seen.text)

    desk.write(story().middle())
    at_service(desk, "users", act)


def test_a_comment_on_a_diff_names_the_line_and_e_opens_it(desk, story):
    async def act(seen):
        await seen.press("2")
        await seen.shows("get_loyalty_points")
        await seen.until(lambda: seen.app.focused.id == "diff")
        lines = seen.app.focused
        for _ in range(6):
            if "get_loyalty_points" not in lines.lines[lines.cursor].text.plain:
                await seen.press("down")
        await seen.press("e", "y")
        assert "get_loyalty_points" in seen.app.clipboard
        await seen.press("c")
        await seen.type("no")
        await seen.press("enter")
        told = await seen.event(e.Commented)
        assert (told.path, told.line) == ("services/users/model.py", 3)

    desk.write(story().middle())
    at_service(desk, "users", act)
    assert desk.files.edited == [("users", "services/users/model.py", 3)]


def test_o_opens_the_whole_output_of_a_check(desk, story):
    async def act(seen):
        await seen.press("3", "o")
        await seen.shows("cannot read 'tests-1.log'")
        desk.files.outputs["tests-1.log"] = "\x1b[31mFAILED test_a\x1b[0m\nlast line"
        await seen.press("o")
        await seen.shows("FAILED test_a", "last line")
        await seen.press("escape")
        await seen.shows("exit 1")

    told = story().begun().working("users")
    evidence = Evidence(
        check="tests", service="users", outcome="failed", exit_code=1, output="tests-1.log", tail="x"
    )
    desk.write(told.done("users", evidence=evidence))
    at_service(desk, "users", act)


def test_scope_violations_are_in_the_notes_and_bar_the_approval(desk, story):
    async def act(seen):
        await seen.press("4")
        await seen.shows("refused: ci.yml: CI configuration", "not placed: a.sql:3")
        assert "a approve" not in seen.text

    violation = Violation(path="ci.yml", rule="ci", severity="refused", reason="CI configuration")
    told = story().begun().working("users").done("users")
    told.tell(e.ScopeGuarded(turn=1, diff="diff-1", violations=(violation,)), service="users")
    desk.write(told)
    at_service(desk, "users", act)


def in_review(desk, act, size=(120, 40)):
    async def go():
        async with desk.open(size) as seen:
            await seen.shows("review the diff")
            await seen.press("v")
            await seen.shows("get_loyalty_points")
            return await act(seen)

    return asyncio.run(go())


def test_a_review_approves_and_walks_on(desk, story):
    async def act(seen):
        assert seen.app.screen.target().service == "users"
        await seen.press("a")
        assert (await seen.event(e.Approved)).diff == "diff-1"
        await seen.press("full_stop")
        assert seen.app.screen.target().service == "orders"
        await seen.press("comma", "comma")
        assert seen.app.screen.target().service is None

    desk.write(story().begun().working("users").done("users").working("orders").done("orders"))
    in_review(desk, act)


def test_a_review_takes_comments_on_a_line_and_rejections(desk, story):
    async def act(seen):
        await seen.press("enter", "right_square_bracket", "c")
        await seen.shows("What should users change at services/users/new.py")
        await seen.type("why")
        await seen.press("enter")
        assert (await seen.event(e.Commented)).path == "services/users/new.py"

    async def reject(seen):
        await seen.press("r")
        await seen.type("no")
        await seen.press("enter")
        assert (await seen.event(e.Rejected)).reason == "no"

    desk.write(story().begun().working("users").done("users"))
    in_review(desk, reject)
    in_review_again = story("again").begun().working("users").done("users")
    desk.write(in_review_again)
    in_review(desk, act)


def test_a_review_knows_what_changed_since_the_last_look(desk, story):
    told = story().begun().working("users").done("users")

    async def first(seen):
        assert "new" in seen.text

    async def second(seen):
        await seen.shows("seen")

    async def third(seen):
        await seen.shows("changed")
        await seen.press("d")
        await seen.shows("changed since you looked")

    desk.write(told)
    in_review(desk, first)
    in_review(desk, second)
    again = story()
    again.working("users", turn=2).done("users", turn=2)
    desk.write(again)
    in_review(desk, third)
    assert desk.diffs.asked == [("users", "e" * 40)]


def test_g_groups_the_diffs_by_contract_element(desk, story):
    async def act(seen):
        await seen.press("g")
        await seen.shows("User.loyalty_points", "without a contract")

    desk.write(story().middle())
    in_review(desk, act, size=(250, 70))


def test_hostile_text_in_streams_diffs_and_notes_is_only_text(desk, story, hostile, harmless):
    async def act(seen):
        await seen.shows("x[/] [red]m[/red]")
        harmless(seen.text)
        assert not seen.clickable
        for tab in ("2", "4"):
            await seen.press(tab)
            await seen.shows("[@click=app.quit]")
            harmless(seen.text)
            assert not seen.clickable

    desk.diffs.texts["users"] = (
        f"diff --git a/{hostile} b/{hostile}\n@@ -1 +1 @@ {hostile}\n-{hostile}\n+{hostile}!\n"
    )
    told = story().begun().working("users").done("users")
    for report in (Said(text=hostile), Ran(command=hostile, output=hostile), ToolCalled(tool=hostile, summary=hostile),
                   Unplaced(path=hostile, reason=hostile)):  # fmt: skip
        told.tell(e.AgentReported(turn=1, report=report), service="users")
    desk.write(told)
    at_service(desk, "users", act)


def test_the_log_that_cannot_be_read_for_a_while_is_said_and_followed_again(desk, story):
    from hive.errors import HiveError

    async def look():
        desk.write(story().begun())
        whole = desk.log.follow
        broken = [True]

        async def follow(after=0, run=None):
            if broken[0]:
                raise HiveError("the database is locked", next_step="wait")
            async for batch in whole(after, run):
                yield batch

        desk.log.follow = follow
        async with desk.open() as seen:
            await seen.shows("the database is locked")
            broken[0] = False
            desk.write(story("later").created().planned())
            await seen.shows("later")

    asyncio.run(look())


def test_an_engine_that_is_gone_is_started_again_while_something_is_at_work(desk, story):
    async def look():
        desk.engine.running = None
        desk.write(story().begun().working("users"))
        async with desk.open() as seen:
            await seen.until(lambda: desk.engine.woken)
            await seen.shows("engine rests")

    asyncio.run(look())


def test_a_run_named_on_the_command_line_that_is_gone_is_said(desk):
    async def look():
        async with desk.open(run="gone1") as seen:
            await seen.shows("there is no run 'gone1' any more")

    asyncio.run(look())
