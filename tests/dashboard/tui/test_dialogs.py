"""What is asked in between, the page of keys, and keys that move through long lists."""

import asyncio

import pytest

from hive import events as e
from hive.model import Said

SIZES = [(80, 24), (120, 40), (250, 70)]


def approved(story):
    told = story().begun()
    for service in ("users", "orders", "web"):
        told.working(service).done(service).tell(e.Approved(diff="diff-1", by="ann"), service=service)
    return told


@pytest.mark.parametrize("size", SIZES)
def test_questions_and_the_page_of_keys_lie_above_the_screen(desk, story, picture, size):
    async def look():
        desk.write(approved(story))
        async with desk.open(size) as seen:
            await seen.shows("land the changeset")
            await seen.press("l")
            await seen.shows("Land add loyalty_points field on main?")
            await picture(f"confirm-{size[0]}", seen)
            await seen.press("n", "r")
            await seen.shows("Discard the whole run")
            await picture(f"ask-{size[0]}", seen)
            await seen.press("escape", "question_mark")
            await seen.shows("EVERYWHERE")
            await picture(f"help-{size[0]}", seen)

    asyncio.run(look())


def test_capital_b_turns_the_bell_off_and_on_for_good(desk, story):
    async def act():
        desk.write(story().begun())
        async with desk.open() as seen:
            await seen.press("B")
            await seen.shows("bell when something needs you: off")
            assert '"bell":false' in (desk.folder / "tui.json").read_text().replace(" ", "")
            await seen.press("B")
            await seen.shows("bell when something needs you: on")

    asyncio.run(act())


def at_run(desk, act, size=(120, 40)):
    async def go():
        async with desk.open(size, run="r7f3") as seen:
            await seen.shows("services", "compatible")
            await seen.until(lambda: seen.app.focused is not None and seen.app.focused.id == "services")
            return await act(seen)

    return asyncio.run(go())


def test_on_a_run_capital_a_approves_all_and_3_shows_the_changeset(desk, story):
    async def act(seen):
        await seen.press("3")
        await seen.shows("contract commit")
        await seen.press("1")
        await seen.shows("CONTRACT")
        await seen.press("A")
        await seen.event(e.Approved)
        await seen.until(lambda: sum(isinstance(each, e.Approved) for each in desk.events()) == 2)

    desk.write(story().begun().working("users").done("users").working("orders").done("orders"))
    at_run(desk, act)


def test_on_a_run_capital_s_stops_all_of_it(desk, story):
    async def act(seen):
        await seen.press("S")
        await seen.event(e.StopRequested)

    desk.write(story().middle())
    at_run(desk, act)
    stopped = [each for each in desk.log.read() if isinstance(each.event, e.StopRequested)]
    assert [each.service for each in stopped] == [None]


def test_left_and_right_turn_the_tabs_of_a_service(desk, story):
    async def act(seen):
        await seen.press("enter")
        await seen.shows("run r7f3 · users")
        await seen.until(lambda: seen.app.focused is not None and seen.app.focused.id == "stream")
        await seen.press("right")
        await seen.until(lambda: seen.app.screen.part == "diff")
        await seen.press("left")
        await seen.until(lambda: seen.app.screen.part == "stream")
        await seen.press("left")
        await seen.until(lambda: seen.app.screen.part == "notes")

    desk.write(story().middle())
    at_run(desk, act)


def test_pages_and_ends_of_a_stream_have_keys(desk, story):
    async def act(seen):
        await seen.press("enter")
        await seen.shows("word 299")
        lines = seen.app.screen.query_one("#stream")
        await seen.until(lambda: seen.app.focused is lines)
        await seen.press("home")
        assert lines.cursor == 0
        await seen.press("pagedown")
        assert lines.cursor == lines.size.height - 1
        await seen.press("G")
        assert lines.at_end

    desk.write(story().begun().working("users"))
    said = [e.AgentReported(turn=1, report=Said(text=f"word {n}")) for n in range(300)]
    desk.log.append(*(e.Draft(run="r7f3", service="users", event=each) for each in said))
    at_run(desk, act)


def test_pages_ends_and_clicks_move_through_a_long_table(desk, story):
    async def look():
        for n in range(60):
            desk.write(
                story(f"run{n:02}").created(request=f"request {n}").tell(e.RunClosed(outcome="landed"))
            )
        async with desk.open((80, 24)) as seen:
            await seen.shows("request 59", "runs (60)")
            assert "request 20" not in seen.text
            rows = seen.app.screen.query_one("#runs")
            await seen.until(lambda: seen.app.focused is rows)
            await seen.press("pagedown")
            assert rows.cursor_row == rows.size.height - 1
            await seen.press("G")
            await seen.shows("request 0 ")
            assert rows.key == "run00"
            await seen.press("k", "j", "up", "down", "space", "end")
            assert rows.key == "run00"
            await seen.press("pageup", "home")
            assert rows.key == "run59"
            await seen.pilot.click("#runs", offset=(3, 2))
            assert rows.key == "run57"
            await seen.pilot.click("#runs", offset=(3, 2))
            await seen.shows("run run57")

    asyncio.run(look())
