"""The merge queue's screen: pictures in three sizes, and every key that steers it."""

import asyncio

import pytest

from hive import events as e
from hive.dashboard.lanes import in_lanes
from hive.dashboard.show.queue import Queued
from hive.dashboard.tui.queue_parts import neighbour
from hive.model import Policy
from tests.dashboard.conftest import EVIDENCE, PLAN, Story

SIZES = [(80, 24), (120, 40), (250, 70)]
FLAKY = EVIDENCE.model_copy(update={"retried": ("1 of 14 tests failed: test_late",)})


def waits(name: str, *services: str, request: str = PLAN.request, quarantine: tuple[str, ...] = ()) -> Story:
    """A run that changes these services and waits to land."""
    tasks = tuple(task for task in PLAN.tasks if task.service in services)
    told = Story(name).created(request=request, policy=Policy(quarantine=quarantine))
    told.planned(PLAN.model_copy(update={"tasks": tasks, "patches": (), "changes": ()}))
    told.tell(e.PlanApproved(by="ann"), e.ContractCommitted(commit="b" * 40, tree="d" * 40))
    for service in services:
        told.working(service).done(service).tell(e.Approved(diff="diff-1", by="ann"), service=service)
    return told.tell(e.LandRequested(by="ann"))


def merged(told: Story, *beneath: str) -> Story:
    below = tuple((name, "1" * 40) for name in beneath)
    return told.tell(e.ChangesetMerged(onto="a" * 40, commit="1" * 40, tree="2" * 40, beneath=below))


def crowded() -> list[Story]:
    """Two lanes of main; one of them speculates, one is held, one has a flaky check."""
    return [
        merged(waits("first", "users", request="add nickname to User")),
        merged(waits("other", "users", "orders", request="add a priority to Order"), "first"),
        waits("third", "orders", request="remove the old total").tell(
            e.LandingHeld(by="ben", reason="the release is on Monday")
        ),
        merged(waits("webby", "web", request="show the nickname", quarantine=("web/e2e",))).tell(
            e.CheckFinished(evidence=FLAKY)
        ),
    ]


def at_queue(desk, act, size=(120, 40)):
    async def go():
        async with desk.open(size) as seen:
            await seen.press("Q")
            await seen.shows("merge queue: ")
            return await act(seen)

    return asyncio.run(go())


@pytest.mark.parametrize("size", SIZES)
def test_the_queue_shows_lanes_what_stands_on_what_and_why_each_waits(desk, picture, size):
    async def look(seen):
        await seen.shows("first", "webby")
        await seen.press("down")
        await seen.shows("main ← first (testing) ← other")
        await picture(f"queue-{size[0]}", seen)
        await seen.press("2")
        await seen.shows("test_late")
        await picture(f"queue-flakes-{size[0]}", seen)

    desk.write(*crowded())
    at_queue(desk, look, size)


def test_an_empty_queue_tells_how_to_fill_it(desk, story):
    async def look():
        desk.write(story().begun())
        async with desk.open((80, 24)) as seen:
            await seen.press("Q")
            await seen.shows("Nothing waits to land.")
            assert not {"h", "H", "K", "J", "p", "x", "enter"} & seen.app.screen.active_bindings.keys()

    asyncio.run(look())


def test_h_holds_with_a_reason_and_capital_h_lets_it_go_on(desk):
    async def act(seen):
        await seen.press("h")
        await seen.shows("Hold first in the queue?")
        await seen.type("not on Friday")
        await seen.press("enter")
        held = await seen.event(e.LandingHeld)
        assert (held.by, held.reason) == ("ann", "not on Friday")
        await seen.shows("held by ann: not on Friday. H lets it go on.", "H release")
        await seen.press("H")
        await seen.event(e.LandingReleased)
        await seen.until(lambda: "held by" not in seen.text)

    desk.write(waits("first", "users"))
    at_queue(desk, act)


def test_j_and_k_change_places_in_the_lane_as_often_as_one_likes(desk):
    async def act(seen):
        def listed():
            return [each.run for each in seen.app.screen._items]

        await seen.until(lambda: listed() == ["first", "other", "third"])
        await seen.press("J")
        await seen.until(lambda: listed() == ["other", "first", "third"])
        assert seen.app.screen.target().run == "first"
        await seen.press("J")
        await seen.until(lambda: listed() == ["other", "third", "first"])
        await seen.press("K")
        await seen.until(lambda: listed() == ["other", "first", "third"])
        await seen.press("K")
        await seen.until(lambda: listed() == ["first", "other", "third"])
        assert "K" not in seen.app.screen.active_bindings

    desk.write(waits("first", "users"), waits("other", "users"), waits("third", "users"))
    at_queue(desk, act)


def test_p_asks_for_a_priority_and_refuses_what_is_none(desk):
    async def act(seen):
        await seen.press("p")
        await seen.shows("Priority of first? It is 0")
        await seen.type("9999")
        await seen.press("enter")
        await seen.shows("'9999' is no priority: -1000 to 1000")
        await seen.press("p")
        await seen.type("high")
        await seen.press("enter")
        await seen.shows("'high' is no priority")
        await seen.press("p")
        await seen.type("-5")
        await seen.press("enter")
        assert (await seen.event(e.LandingReordered)).priority == -5
        await seen.shows("priority -5")

    desk.write(waits("first", "users"), waits("other", "users"))
    at_queue(desk, act)


def test_x_takes_a_changeset_out_of_the_queue_and_escape_does_not(desk):
    async def act(seen):
        await seen.press("x", "escape")
        await seen.press("x")
        await seen.shows("Take first out of the queue?")
        await seen.press("enter")
        await seen.event(e.LandingWithdrawn)
        await seen.shows("Nothing waits to land.")

    desk.write(waits("first", "users"))
    at_queue(desk, act)
    assert len([each for each in desk.events("first") if isinstance(each, e.LandingWithdrawn)]) == 1


def test_enter_opens_the_run_and_the_tabs_have_keys(desk):
    async def act(seen):
        await seen.press("2")
        await seen.shows("No check of an open changeset failed")
        await seen.press("1")
        await seen.shows("main ← first")
        await seen.press("enter")
        await seen.shows("run first", "services")
        await seen.press("escape")
        await seen.shows("merge queue: ")
        await seen.press("escape")
        await seen.shows("runs (1)")

    desk.write(waits("first", "users"))
    at_queue(desk, act)


def test_one_that_lands_this_moment_is_left_alone(desk):
    async def act(seen):
        assert not {"h", "H", "K", "J", "p", "x"} & seen.app.screen.active_bindings.keys()

    told = merged(waits("first", "users"))
    told.tell(
        e.ChangesetTested(commit="1" * 40, tree="2" * 40, passed=True),
        e.LandingStarted(ref="refs/heads/main", old="a" * 40, new="1" * 40),
    )
    desk.write(told)
    at_queue(desk, act)


def test_capital_a_accepts_a_target_that_was_reset_after_a_yes(desk):
    async def act(seen):
        await seen.press("A")
        await seen.shows("Accept main as it is now?")
        await seen.press("n")
        await seen.press("A")
        await seen.press("y")
        resumed = await seen.event(e.QueueResumed)
        assert (resumed.target, resumed.found, resumed.by) == ("main", "c" * 40, "ann")
        await seen.until(lambda: "A" not in seen.app.screen.active_bindings)

    stop = e.QueueStopped(
        target="main", expected="a" * 40, found="c" * 40, reason="'main' was reset", next_step="bring it back"
    )
    desk.write(waits("first", "users").tell(stop))
    at_queue(desk, act)
    assert len([each for each in desk.events("first") if isinstance(each, e.QueueResumed)]) == 1


def test_hostile_requests_reasons_and_flakes_are_only_text(desk, hostile, harmless):
    async def act(seen):
        await seen.shows("[@click=app.quit]")
        for tab in ("1", "2"):
            await seen.press(tab)
            await seen.settled()
            harmless(seen.text)
            assert not seen.clickable

    told = merged(waits("first", "users", request=hostile)).tell(e.LandingHeld(by=hostile, reason=hostile))
    flaky = FLAKY.model_copy(update={"retried": (hostile,), "check": hostile})
    desk.write(told.tell(e.CheckFinished(evidence=flaky)))
    at_queue(desk, act, size=(250, 70))


def test_lanes_stay_together_and_neighbours_are_of_the_same_lane():
    def item(run, target, lane):
        return Queued(0, run, "", target, "testing", "", lane=lane)

    found = in_lanes([item("a", "main", 1), item("b", "main", 2), item("c", "fix", 1), item("d", "main", 1)])
    assert [each.run for each in found] == ["a", "d", "b", "c"]
    assert neighbour(found, "a", 1) == "d"
    assert neighbour(found, "d", -1) == "a"
    assert neighbour(found, "d", 1) is None
    assert neighbour(found, "c", -1) is None
    assert neighbour(found, "gone", 1) is None
