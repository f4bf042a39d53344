import asyncio

import pytest
from textual.color import Color

from hive import events as e
from hive.model import Asked

SIZES = [(80, 24), (120, 40), (250, 70)]


def planned(story):
    return story("p1an2").created(request="add nickname to User").planned()


@pytest.mark.parametrize("size", SIZES)
def test_what_needs_a_person_comes_first_then_the_runs(desk, story, picture, size):
    async def look():
        desk.write(story().middle(), planned(story), story("done1").landed())
        async with desk.open(size) as seen:
            await seen.shows("done1", "p1an2")
            await picture(f"inbox-{size[0]}", seen)

    asyncio.run(look())


def test_without_runs_the_first_commands_are_told(desk, picture):
    async def look():
        async with desk.open((80, 24)) as seen:
            await seen.shows("hive plan")
            await picture("inbox-empty", seen)

    asyncio.run(look())


def pressed(desk, *steps, kind, size=(120, 40)):
    """Press keys (or type words, as a tuple), then return the event that follows."""

    async def act():
        async with desk.open(size) as seen:
            for step in steps:
                await (seen.type(step[0]) if isinstance(step, tuple) else seen.press(step))
            return await seen.event(kind)

    return asyncio.run(act())


def test_a_approves_the_plan_under_the_cursor(desk, story):
    desk.write(planned(story))
    assert pressed(desk, "a", kind=e.PlanApproved).by == "ann"
    assert desk.engine.woken == 1


def test_a_approves_one_diff_and_only_as_it_is(desk, story):
    desk.write(story().begun().working("users").done("users"))
    assert pressed(desk, "a", kind=e.Approved).diff == "diff-1"


def test_c_asks_for_words_and_sends_the_work_back(desk, story):
    desk.write(story().begun().working("users").done("users"))
    assert pressed(desk, "c", ("call it points",), "enter", kind=e.Commented).text == "call it points"


def test_an_empty_comment_is_not_sent_and_escape_takes_it_back(desk, story):
    async def act():
        desk.write(story().begun().working("users").done("users"))
        async with desk.open() as seen:
            await seen.press("c", "enter")
            assert "What should users change?" in seen.text
            await seen.press("escape")
            await seen.shows("needs you (1)")
        return desk.events()

    assert not [each for each in asyncio.run(act()) if isinstance(each, e.Commented)]


def test_r_rejects_a_diff_with_a_reason(desk, story):
    desk.write(story().begun().working("users").done("users"))
    assert pressed(desk, "r", ("no",), "enter", kind=e.Rejected).reason == "no"


def test_r_on_a_run_discards_it(desk, story):
    desk.write(planned(story))
    assert pressed(desk, "r", ("not now",), "enter", kind=e.DiscardRequested).reason == "not now"


def approved(story):
    told = story().begun()
    for service in ("users", "orders", "web"):
        told.working(service).done(service).tell(e.Approved(diff="diff-1", by="ann"), service=service)
    return told


def test_l_lands_after_a_clear_yes(desk, story):
    desk.write(approved(story))
    assert pressed(desk, "l", "y", kind=e.LandRequested).by == "ann"


def test_l_and_then_no_lands_nothing(desk, story):
    async def act():
        desk.write(approved(story))
        async with desk.open() as seen:
            await seen.press("l")
            await seen.shows("Land add loyalty_points field on main?")
            await seen.press("n")
            await seen.shows("needs you (1)")
        return desk.events()

    assert not [each for each in asyncio.run(act()) if isinstance(each, e.LandRequested)]


def test_capital_r_lets_a_failed_run_go_on(desk, story):
    desk.write(story().begun().tell(e.RunFailed(reason="disk full", next_step="free some")))
    assert pressed(desk, "R", kind=e.ResumeRequested).by == "ann"


def test_a_spent_budget_is_raised_by_an_amount(desk, story):
    spent = (
        story()
        .created(policy={"budget_usd": 0.1})
        .planned()
        .tell(e.PlanApproved(by="ann"), e.ContractCommitted(commit="b" * 40, tree="d" * 40))
    )
    for service in ("orders", "web"):
        spent.working(service)
    desk.write(spent.working("users").done("users"))
    assert pressed(desk, "R", ("0.5",), "enter", kind=e.ResumeRequested).budget_usd == 0.5


def test_s_stops_the_run_under_the_cursor(desk, story):
    desk.write(story().begun().working("users"))
    assert pressed(desk, "s", kind=e.StopRequested).by == "ann"


def test_keys_are_shown_only_where_they_apply(desk, story):
    async def look():
        desk.write(story().begun().working("users").done("users"))
        async with desk.open() as seen:
            await seen.shows("a approve")
            keys = seen.text.splitlines()[-1]
            await seen.press("l")
            assert "Land" not in seen.text
            return keys

    assert "land" not in asyncio.run(look())


def test_what_agents_ask_is_first(desk, story):
    async def look():
        asks = Asked(id="1", about="permission", text="may I run make?", options=("yes", "no"))
        told = story().begun().working("web").tell(e.AgentReported(turn=1, report=asks), service="web")
        desk.write(planned(story), told)
        async with desk.open() as seen:
            await seen.shows("may I run make?")
            return seen.text.splitlines()[2]

    assert "may I run make?" in asyncio.run(look())


def asking(story):
    asks = Asked(id="1", about="permission", text="may I run make?", options=("allow", "deny"))
    return story().begun().working("users").tell(e.AgentReported(turn=1, report=asks), service="users")


def test_c_answers_what_an_agent_asks(desk, story):
    desk.write(asking(story))
    assert pressed(desk, "c", ("allow",), "enter", kind=e.MessageSent).message.text == "allow"


def proposing(story):
    made = e.ContractProposed(
        turn=1, path="c.yaml", version=1, text="", reason="a date is missing", severity="compatible"
    )
    return story().begun().working("users").tell(made, service="users")


def test_a_approves_an_agents_proposal_of_another_contract(desk, story):
    desk.write(proposing(story))
    decided = pressed(desk, "a", kind=e.ProposalDecided)
    assert (decided.proposal, decided.approved) == (1, True)


def test_r_rejects_a_proposal_with_a_reason(desk, story):
    desk.write(proposing(story))
    decided = pressed(desk, "r", ("no",), "enter", kind=e.ProposalDecided)
    assert (decided.approved, decided.reason) == (False, "no")


def test_i_interrupts_the_agent_under_the_cursor(desk, story):
    desk.write(asking(story))
    assert pressed(desk, "i", kind=e.MessageSent).message.message == "interrupt"


def test_a_refused_deed_says_why_and_what_to_do_next(desk, story):
    async def act():
        told = story().begun().working("users").done("users")
        desk.write(told)
        async with desk.open() as seen:
            desk.controls.stop("r7f3", by="bob")
            desk.log.append(e.Draft(run="r7f3", event=e.RunClosed(outcome="discarded")))
            seen.app.board.runs["r7f3"].closed = None
            seen.app.post_message(_approve())
            await seen.shows("is over", "next: start a new one")

    asyncio.run(act())


def _approve():
    from hive.dashboard.tui.commands import Simple
    from hive.dashboard.tui.deeds import Target
    from hive.dashboard.tui.messages import Commanded

    return Commanded(Simple("approve", Target("r7f3", "users")))


def test_runs_of_another_process_appear_and_the_bell_rings(desk, story):
    async def look():
        async with desk.open() as seen:
            rung = []
            seen.app.bell = lambda: rung.append(1)
            desk.write(planned(story))
            await seen.shows("p1an2", "needs you (1)")
            seen.app.action_toggle_bell()
            desk.write(story("other").created().planned())
            await seen.shows("needs you (2)")
            return len(rung)

    assert asyncio.run(look()) == 1


def test_hostile_text_is_only_text(desk, story, hostile, harmless):
    async def look():
        desk.write(story("h0st1").created(request=hostile).planned())
        desk.write(story().created(request=hostile).tell(e.RunFailed(reason=hostile, next_step=hostile)))
        async with desk.open((160, 40)) as seen:
            await seen.shows("h0st1")
            harmless(seen.text)
            assert not seen.clickable
            for y in (2, 3, 7, 8):
                await seen.pilot.click(offset=(50, y))
            assert seen.app.is_running
            while len(seen.app.screen_stack) > 2:
                await seen.press("escape")
            await seen.press("ctrl+p")
            await seen.shows("Open run")
            harmless(seen.text)

    asyncio.run(look())


@pytest.mark.parametrize("size", [(59, 24), (80, 15)])
def test_a_terminal_that_is_too_small_is_told_so_until_it_grows(desk, story, size):
    async def look():
        desk.write(planned(story))
        async with desk.open(size) as seen:
            assert "is too small: hive needs 60x16" in " ".join(seen.text.split())
            await seen.pilot.resize_terminal(80, 24)
            await seen.shows("needs you (1)")

    asyncio.run(look())


def test_help_palette_and_themes_are_a_key_away(desk, story):
    async def look():
        desk.write(planned(story))
        async with desk.open((80, 24)) as seen:
            await seen.press("question_mark")
            await seen.shows("WHAT NEEDS YOU")
            await seen.press("escape", "ctrl+t")
            assert seen.app.theme == "hive-light"
            await seen.press("ctrl+p")
            await seen.type("contrast")
            await seen.press("enter")
            await seen.until(lambda: seen.app.theme == "hive-contrast")

    asyncio.run(look())
    assert "hive-contrast" in (desk.folder / "tui.json").read_text()


def test_without_colour_marks_still_tell_the_states(desk, story, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")

    async def look():
        desk.write(story().middle())
        async with desk.open() as seen:
            await seen.shows("! stuck", "? review")
            filters = seen.app._filters
            strips = seen.app.screen._compositor.render_strips()
            return {
                segment.style.color.get_truecolor()
                for strip in strips
                for segment in strip.apply_filter(filters[-1], Color.parse("#000000"))
                if segment.style and segment.style.color
            }

    assert all(red == green == blue for red, green, blue in asyncio.run(look()))


@pytest.mark.parametrize("key", ["ctrl+q", "q"])
def test_quitting_stops_nothing(desk, story, key):
    async def act():
        desk.write(story().begun().working("users"))
        before = len(desk.events())
        async with desk.open() as seen:
            await seen.pilot.press(key)
        return before, len(desk.events())

    before, after = asyncio.run(act())
    assert before == after
