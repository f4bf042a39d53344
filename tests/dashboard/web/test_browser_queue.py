"""The page of the merge queue in a real browser: steered by keys, a branch added, a stopped target let on."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hive import events as e
from hive.dashboard.web.role import Role
from hive.dashboard.web.sessions import invite
from tests.dashboard.tui.test_queue import crowded
from tests.dashboard.web.browser import Watched, chromium
from tests.dashboard.web.busy import busy
from tests.dashboard.web.site import make_log, serve, tell
from tests.dashboard.web.test_browser_job import picture

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.e2e
STOPPED = e.QueueStopped(
    target="main", expected="a" * 40, found="9" * 40, reason="main was reset", next_step="bring it back"
)


def test_the_queue_is_steered_by_keys(tmp_path: Path):
    log, told = busy(tmp_path)

    def said() -> list[e.Event]:
        return [each.event for each in log.read()]

    with chromium() as browser, serve(tmp_path, log, told) as site:
        link = site.origin + invite(site.serving.entry, Role.OPERATOR, "ann")
        seen = Watched.open(browser, link, viewport={"width": 1280, "height": 860})
        page = seen.page
        seen.show("queue")
        page.get_by_text("waits for r5").wait_for()
        assert runs(page) == ["r6", "r5", "r7"]
        shown = page.locator("[data-run=r7] .stands path, [data-run=r7] .stands line").count()
        assert shown >= 1  # the line from r5, on which it stands

        press = keys_on(page)
        press("r6", "H")
        page.locator("[data-run=r6]").get_by_text("it is held").wait_for(state="detached")
        assert isinstance(said()[-1], e.LandingReleased)
        press("r7", "K")
        page.wait_for_function(
            "() => document.querySelector('[data-run] + [data-run]')?.dataset.run === 'r7'"
        )
        assert isinstance(said()[-1], e.LandingReordered)
        page.wait_for_function("() => document.activeElement.closest('[data-run]')?.dataset.run === 'r7'")
        press("r7", "p")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("7")
        page.keyboard.press("Enter")
        page.locator("[data-run=r7]").get_by_text("priority 7").wait_for()
        assert runs(page)[0] == "r7"
        press("r5", "h")
        page.keyboard.type("after lunch")
        page.keyboard.press("Enter")
        page.get_by_text("held by ann: after lunch", exact=True).wait_for()
        press("r5", "x")
        page.locator("[data-run=r5] [name=withdraw]:focus").wait_for()
        page.keyboard.press("Enter")
        page.locator("[data-run=r5]").wait_for(state="detached")
        assert isinstance(said()[-1], e.LandingWithdrawn)

        page.get_by_text("Add a branch of yours").click()
        page.get_by_label("Branch").fill("fix-rounding")
        page.get_by_label("Only after").select_option("r6")
        page.get_by_role("button", name="Add it to the queue").click()
        page.locator(".queue-row").get_by_text("branch fix-rounding").wait_for()
        log.append(e.Draft(run="r6", event=STOPPED))
        page.get_by_role("button", name="Accept main as it is now").click()
        page.get_by_role("button", name="Accept main as it is now").wait_for(state="detached")
        assert isinstance(said()[-1], e.QueueResumed)
    assert seen.bad == []


def test_lanes_are_drawn_with_what_stands_on_what(tmp_path: Path):
    log = make_log(tmp_path)
    for told in crowded():
        tell(log, told.envelopes)
    with chromium() as browser, serve(tmp_path, log) as site:
        link = site.origin + invite(site.serving.entry, Role.OPERATOR, "ann")
        seen = Watched.open(browser, link, viewport={"width": 1280, "height": 860})
        page = seen.page
        seen.show("queue")
        page.locator("[data-run=other] summary").click()
        page.locator("[data-run=other] .stack").wait_for()
        lanes = page.get_by_role("region", name="lane")
        assert lanes.count() == 2
        assert runs(page) == ["first", "other", "third", "webby"]
        assert page.locator("[data-run=first] .ground").count() == 1, "it stands on the target"
        assert page.locator("[data-run=other] .ground").count() == 0
        assert page.locator("[data-run=other] .stack").inner_text().split() == [
            "stands", "on", "main", "←", "first", "testing", "←", "other",
        ]  # fmt: skip
        assert page.locator("[data-run=other] .union").inner_text().count("running") == 2
        assert page.locator("[data-run=third] .hollow").count() == 1, "nobody stands on who is held"
        picture(page, "queue")
    assert seen.bad == []


def runs(page: "Page") -> list[str]:
    """In the order of the page."""
    return page.eval_on_selector_all("[data-run]", "all => all.map((each) => each.dataset.run)")


def keys_on(page: "Page") -> Callable[[str, str], None]:
    """Puts the focus on a changeset's row and presses a key."""

    def press(run: str, key: str) -> None:
        page.locator(f"[data-run={run}] summary").focus()
        page.keyboard.press(key)
        if key in "phx":
            page.locator(f"[data-run={run}] input:focus").wait_for()

    return press
