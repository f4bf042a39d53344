"""A run's pages in a real browser: what stands still goes on from there, and what is long stays in sight."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hive import events as e
from hive.dashboard.web.role import Role
from hive.dashboard.web.sessions import invite
from hive.model import Policy
from tests.dashboard.conftest import Story
from tests.dashboard.web.browser import Watched, chromium
from tests.dashboard.web.busy import queued
from tests.dashboard.web.site import Site, Told, make_log, serve, tell

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.e2e
DEEP = "services/users/with/many/folders/above/it/model.py"
LONG = f"diff --git a/{DEEP} b/{DEEP}\n--- a/{DEEP}\n+++ b/{DEEP}\n@@ -0,0 +1,1 @@\n+start{'.' * 400}end\n"
OPENED = e.PullRequest(
    repository="", number=41, url="https://forge.example/pull/41", branch="b", base="main", commit="1" * 40
)


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as running:
        yield running


def enter(browser: "Browser", site: Site, **viewport: int) -> Watched:
    link = site.origin + invite(site.serving.entry, Role.OPERATOR, "ann")
    return Watched.open(browser, link, viewport=viewport)


def paused() -> Story:
    """A run that has spent more than it may."""
    story = Story("r1").created(policy=Policy(budget_usd=0.1)).planned()
    story.tell(e.PlanApproved(by="ann"), e.ContractCommitted(commit="b" * 40, tree="d" * 40))
    return story.working("users").done("users").working("orders").working("web")


def test_what_stands_still_goes_on_from_its_page(browser: "Browser", tmp_path: Path):
    log = make_log(tmp_path)
    refused = e.LandingRefused(reason="the union is red", next_step="hive retry r2 users")
    pending = e.RequestSeen(repository="", state="open", checks="pending", summary="2 of 5 checks passed")
    asked = queued("r3").tell(e.RequestsOpened(requests=(OPENED,)), pending)
    for story in (paused(), queued("r2").tell(refused), asked):
        tell(log, story.envelopes)
    with serve(tmp_path, log) as site:
        seen = enter(browser, site, width=1280, height=800)
        page = seen.page
        seen.show("runs", "r1")
        page.get_by_text("$0.12 of $0.10").wait_for()
        page.get_by_label("Budget in USD").fill("0.05")
        assert page.get_by_role("button", name="Raise it and go on").is_disabled()
        page.get_by_label("Budget in USD").fill("3")
        page.keyboard.press("Enter")
        page.get_by_text("$0.12 of $3.00").wait_for()
        raised = log.read()[-1].event
        assert isinstance(raised, e.ResumeRequested)
        assert raised.budget_usd == 3
        page.locator("h1").click()
        page.keyboard.press("S")
        page.get_by_role("button", name="Resume").wait_for()
        assert isinstance(log.read()[-1].event, e.StopRequested)
        seen.show("runs", "r3")
        page.get_by_text("pull request 41 is open, 2 of 5 checks passed").wait_for()
        link = page.get_by_role("link", name=OPENED.url)
        assert "noopener" in (link.get_attribute("rel") or "")
        seen.show("inbox")
        page.get_by_role("button", name="Land again").click()
        page.get_by_role("button", name="Land again").wait_for(state="detached")
        assert isinstance(log.read()[-1].event, e.LandRequested)
    assert seen.bad == []


def test_long_lines_keep_both_sides_and_the_files_name_in_sight(browser: "Browser", tmp_path: Path):
    log = make_log(tmp_path)
    tell(log, Story("r2").middle().envelopes)
    with serve(tmp_path, log, Told(log, diff=LONG)) as site:
        seen = enter(browser, site, width=1280, height=800)
        page = seen.page
        seen.show("runs", "r2", "users")
        page.locator(".d-line").wait_for()
        page.keyboard.press("u")
        page.locator(".half.add").wait_for()
        middle = "() => { const { left, right } = document.querySelector('.half.add').getBoundingClientRect(); return [left, right]; }"
        left, right = page.evaluate(middle)
        assert 600 < left < right <= 1280
        page.evaluate(
            "() => { const box = document.querySelector('.diff'); box.scrollLeft = box.scrollWidth; }"
        )
        page.wait_for_function(
            "() => { const code = document.querySelector('.half.add .code'); const text = document.createRange();"
            " text.selectNodeContents(code); return text.getBoundingClientRect().right <= 1280; }"
        )
        assert page.evaluate(middle) == [left, right]
        for name in (".d-name", ".file-deeds"):
            box = page.locator(name).bounding_box()
            assert box
            assert 0 <= box["x"] < box["x"] + box["width"] <= 1280, name
    assert seen.bad == []


def test_on_a_phone_the_bar_shows_where_one_is(browser: "Browser", tmp_path: Path):
    log = make_log(tmp_path)
    with serve(tmp_path, log) as site:
        seen = enter(browser, site, width=360, height=740)
        seen.show("settings")
        seen.page.locator("nav [aria-current]", has_text="Settings").wait_for()
        seen.page.wait_for_function(
            "() => document.querySelector('nav [aria-current]').getBoundingClientRect().right <= 360"
        )
    assert seen.bad == []
