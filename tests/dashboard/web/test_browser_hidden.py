"""A page that nobody sees: it draws nothing until somebody looks, and is told of what happens all the same."""

from pathlib import Path

import pytest

from hive import events as e
from hive.dashboard.web.role import Role
from hive.model import Said
from tests.dashboard.conftest import Story
from tests.dashboard.web.browser import Watched, chromium
from tests.dashboard.web.site import make_log, serve, tell

pytestmark = pytest.mark.e2e

HIDE = """
(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}
"""
SEQ = "(seq) => import('/static/store.js').then((store) => store.seq.value >= seq)"


def test_a_hidden_page_draws_nothing_until_somebody_looks(tmp_path: Path):
    log = make_log(tmp_path)
    tell(log, Story("r2").begun().working("users").envelopes)
    with chromium() as browser, serve(tmp_path, log) as site:
        seen = Watched.open(
            browser, f"{site.origin}/open?key={site.serving.entry.keys.link(Role.OPERATOR, 'ann')}"
        )
        seen.show("runs", "r2", "users")
        stream = seen.page.locator(".stream")

        def say(text: str) -> int:
            report = e.AgentReported(turn=1, report=Said(text=text))
            return log.append(e.Draft(run="r2", service="users", event=report))[-1].seq

        say("first words")
        stream.get_by_text("first words").wait_for()
        seen.page.evaluate(HIDE, True)
        last = say("nobody sees this")
        seen.page.wait_for_function(SEQ, arg=last)
        assert stream.get_by_text("nobody sees this").count() == 0
        seen.page.evaluate(HIDE, False)
        stream.get_by_text("nobody sees this").wait_for()
        say("and on")
        stream.get_by_text("and on").wait_for()
        assert seen.bad == []
