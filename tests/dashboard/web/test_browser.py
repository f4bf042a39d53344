"""The pages in a real browser: harmless with hostile text, reachable by all, quick with much."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from hive import events as e
from hive.dashboard.web.role import Role
from hive.model import (
    Answer,
    Asked,
    Said,
)
from tests.dashboard.conftest import Story
from tests.dashboard.web.browser import UNFOLD, Watched, chromium
from tests.dashboard.web.busy import CASES, CONTRACT, busy
from tests.dashboard.web.site import Site, Told, make_log, serve, tell
from tests.dashboard.web.test_browser_hostile import PAYLOADS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    with chromium() as running:
        yield running


def link(site: Site, role: Role = Role.OPERATOR) -> str:
    return f"{site.origin}/open?key={site.serving.entry.keys.link(role, 'ann')}"


@pytest.fixture(scope="module")
def busy_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Runs at each stage, with all that a page can show."""
    folder = tmp_path_factory.mktemp("busy")
    log, told = busy(folder)
    with serve(folder, log, told) as running:
        yield running


PLACES = [
    ("inbox",), ("runs",), ("runs", "r1"), ("runs", "r2"), ("runs", "r3"), ("runs", "r2", "users"),
    ("runs", "r2", "orders"), ("runs", "r4"), ("runs", "r4", "users"), ("runs", "r4", "web"), ("review", "r4"),
    ("queue",), ("project",), ("contracts",), ("contracts", quote(CONTRACT, safe="")), ("settings",), ("start",),
    ("runs", "nope"), ("nope",),
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_meets_wcag_aa(browser: "Browser", busy_site: Site, scheme: str):
    axe = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    source = (Path(axe.__file__).parent / "axe.min.js").read_text()
    seen = Watched.open(browser, link(busy_site), color_scheme=scheme, bypass_csp=True)
    # else the bar, which stays at the top, covers whatever happens to be scrolled below it
    seen.page.evaluate("() => { document.querySelector('.bar').style.position = 'static'; }")
    found = []
    for place in PLACES:
        order = "element" if place == ("review", "r4") else "service"
        seen.page.evaluate("order => localStorage.setItem('hive.review.by', order)", order)
        seen.show(*place)
        seen.page.wait_for_selector("main h1, main .empty")
        seen.page.locator("main .loading").wait_for(state="detached")
        seen.page.evaluate(UNFOLD)
        seen.page.evaluate(source)
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        told = seen.page.evaluate("tags => axe.run({ runOnly: tags })", tags)
        found += [f"{'/'.join(place)}: {v['id']}: {v['nodes'][0]['html'][:160]}" for v in told["violations"]]
    assert found == []


def test_no_page_is_wider_than_a_small_phone(browser: "Browser", busy_site: Site):
    seen = Watched.open(browser, link(busy_site), viewport={"width": 360, "height": 740})
    for place in PLACES:
        seen.show(*place)
        seen.page.wait_for_selector("main h1, main .empty")
        seen.page.locator("main .loading").wait_for(state="detached")
        seen.page.evaluate(UNFOLD)
        seen.page.evaluate("() => new Promise(requestAnimationFrame)")
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360, place


def test_everything_is_done_with_the_keyboard(browser: "Browser", busy_site: Site):
    seen = Watched.open(browser, link(busy_site))
    page = seen.page
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.get_by_role("heading", name="Runs").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.get_by_role("heading", name="Needs you").wait_for()
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.hasAttribute('data-row')")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#/runs/"))
    seen.show("runs", "r2", "users")
    page.locator(".diff").focus()
    for key in "jjjc":
        page.keyboard.press(key)
    page.locator("[data-draft]").wait_for()
    assert "services/users/model.py" in page.locator(".draft").inner_text()
    assert seen.bad == []


def test_agents_are_answered_and_reviewed_where_they_are_shown(browser: "Browser", tmp_path: Path):
    log, told = busy(tmp_path)

    def last(kind: str) -> e.Event:
        return [each.event for each in log.read() if each.event.kind == kind][-1]

    with serve(tmp_path, log, told) as site:
        seen = Watched.open(browser, link(site))
        page = seen.page
        page.get_by_role("button", name="allow").click()
        page.get_by_role("button", name="Reject proposal 1").click()
        page.get_by_role("group", name="proposal 1").wait_for(state="detached")
        sent = [each.event.message for each in log.read() if isinstance(each.event, e.MessageSent)]
        assert sent[0] == Answer(id="q1", text="allow")
        seen.show("runs", "r4", "users")
        page.get_by_role("tab", name="Checks").click()
        page.get_by_text(str(CASES[1].message.splitlines()[-1])).wait_for()
        assert page.get_by_text("test_total").count() == 0
        page.get_by_role("button", name="Show 2 passed tests").click()
        page.get_by_text("test_total").wait_for()
        seen.show("runs", "r2", "users")
        page.locator(".diff button.no", has_text="1").first.click()
        page.locator(".diff button.no", has_text="4").first.click(modifiers=["Shift"])
        page.locator("[data-draft]").last.fill("these belong together")
        page.get_by_role("button", name="Keep as draft").click()
        page.get_by_role("button", name="Submit 1 draft").click()
        page.get_by_role("button", name="Submit 1 draft").wait_for(state="detached")
        said = last("commented")
        assert isinstance(said, e.Commented)
        assert (said.line, said.end_line, said.draft) == (1, 4, True)
        assert last("review_submitted").kind == "review_submitted"
        again = e.WorkCollected(turn=2, commit="9" * 40, tree="8" * 40, diff="diff-2")
        log.append(e.Draft(run="r2", service="users", event=again))
        page.get_by_role("button", name="Only what changed since you looked").click()
        page.locator(".d-tools").get_by_text("changed since you looked").first.wait_for()
        page.get_by_text("No difference.").wait_for()
        seen.show("queue")
        page.locator("[data-run=r6] summary").click()
        page.get_by_role("button", name="Let it go on").click()
        page.locator("[data-run=r6]").get_by_text("it is held").wait_for(state="detached")
        seen.show("settings")
        page.get_by_label("compact").check()
        assert page.evaluate("document.documentElement.dataset.density") == "compact"
    assert seen.bad == []


WATCHING = """
window.told = []; document.hasFocus = () => false;
window.Notification = class { constructor(title, more) { told.push([title, more.body]); } close() {} };
Notification.permission = "default";
Notification.requestPermission = async () => { Notification.permission = "granted"; return "granted"; };
"""


def test_a_browser_tells_what_begins_to_need_somebody_only_after_consent(browser: "Browser", tmp_path: Path):
    log = make_log(tmp_path)
    tell(log, Story("r2").middle().envelopes)
    asks = e.AgentReported(turn=1, report=Asked(id="q", about="question", text="which page?"))
    with serve(tmp_path, log) as site:
        seen = Watched.open(browser, link(site), bypass_csp=True)
        page = seen.page
        page.add_init_script(WATCHING)
        page.reload()
        page.get_by_text("● live").wait_for()
        log.append(e.Draft(run="r2", service="web", event=asks))
        page.get_by_text("which page?").wait_for()
        assert page.evaluate("told") == []
        seen.show("settings")
        page.get_by_label("tell me when").click()
        page.wait_for_function("localStorage.getItem('hive.notify') === 'yes'")
        second = asks.model_copy(update={"report": Asked(id="r", about="question", text=PAYLOADS[0])})
        log.append(e.Draft(run="r2", service="web", event=second))
        page.wait_for_function("told.length === 1")
        assert page.evaluate("told[0]") == ["shop: web", PAYLOADS[0]]
    assert seen.bad == []


def test_a_viewer_is_offered_nothing_that_is_refused(browser: "Browser", busy_site: Site):
    seen = Watched.open(browser, link(busy_site, Role.VIEWER))
    for place in (("runs", "r3"), ("runs", "r2", "users"), ("inbox",), ("queue",), ("runs", "r4", "web")):
        seen.show(*place)
        seen.page.wait_for_selector("main h1")
        seen.page.evaluate(UNFOLD)
        for words in (
            "Approve",
            "Discard",
            "Send back",
            "Stop",
            "Retry",
            "Interrupt",
            "allow",
            "Reject",
            "Keep as draft",
            "Say",
            "Hold",
            "Take it out",
            "Add it to the queue",
        ):
            assert seen.page.get_by_role("button", name=words).count() == 0, words
    assert seen.page.get_by_role("link", name="New run").count() == 0


def test_what_is_unknown_is_told_with_what_to_do(browser: "Browser", busy_site: Site):
    seen = Watched.open(browser, link(busy_site))
    seen.show("runs", "nope")
    seen.page.get_by_text("there is no run 'nope'").wait_for()
    seen.page.get_by_text("choose one of: r1, r2, r3, r4").wait_for()


def test_a_long_diff_draws_only_what_is_on_the_screen(browser: "Browser", tmp_path: Path):
    log = make_log(tmp_path)
    tell(log, Story("r2").middle().envelopes)
    lines = "".join(f'+    value_{n} = "text {n}"\n' for n in range(20_000))
    told = Told(log, diff=f"diff --git a/m.py b/m.py\n--- a/m.py\n+++ b/m.py\n@@ -0,0 +1,20000 @@\n{lines}")
    with serve(tmp_path, log, told) as site:
        seen = Watched.open(browser, link(site))
        seen.show("runs", "r2", "users")
        seen.page.wait_for_selector(".d-line")
        assert seen.page.locator(".d-line").count() < 200
        seen.page.evaluate(
            "() => { const box = document.querySelector('.diff'); box.scrollTop = box.scrollHeight }"
        )
        seen.page.get_by_text("value_19999").wait_for()
        assert seen.page.locator(".d-line").count() < 200
    assert seen.bad == []


def test_a_page_shows_what_happens_and_forgets_what_is_long_ago(browser: "Browser", tmp_path: Path):
    log = make_log(tmp_path)
    tell(log, Story("r2").middle().envelopes)
    with serve(tmp_path, log) as site:
        seen = Watched.open(browser, link(site))
        seen.show("runs", "r2", "web")
        seen.page.get_by_role("tab", name="Stream").click()
        for start in range(0, 3000, 500):
            log.append(*(_said(f"line {n}") for n in range(start, start + 500)))
        seen.page.locator(".stream").get_by_text("line 2999", exact=True).wait_for()
        assert seen.page.locator(".stream p").count() <= 1000
    assert seen.bad == []


def _said(text: str) -> e.Draft:
    return e.Draft(run="r2", service="web", event=e.AgentReported(turn=1, report=Said(text=text)))
