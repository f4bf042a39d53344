"""A page that stays open: what was drawn before does not stay in its memory."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hive import events as e
from hive.dashboard.web.role import Role
from tests.dashboard.conftest import Story
from tests.dashboard.web.browser import Watched, chromium
from tests.dashboard.web.site import make_log, serve, tell

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

pytestmark = pytest.mark.e2e

ROUNDS = 5
MOST = 300
"""Objects more for each note that is shown; a page that is kept is thousands of them."""


def _objects(session: "CDPSession") -> int:
    """How many plain objects can be reached, rubbish collected."""
    plain = session.send("Runtime.evaluate", {"expression": "Object.prototype"})["result"]["objectId"]
    found = session.send("Runtime.queryObjects", {"prototypeObjectId": plain})["objects"]["objectId"]
    told = session.send(
        "Runtime.callFunctionOn",
        {"objectId": found, "functionDeclaration": "function () { return this.length; }"},
    )
    session.send("Runtime.releaseObject", {"objectId": found})
    return int(told["result"]["value"])


def test_a_page_that_is_read_and_drawn_again_and_again_does_not_grow(tmp_path: Path):
    log = make_log(tmp_path)
    tell(log, Story("r2").middle().envelopes)
    with chromium() as browser, serve(tmp_path, log) as site:
        seen = Watched.open(
            browser, f"{site.origin}/open?key={site.serving.entry.keys.link(Role.OPERATOR, 'ann')}"
        )
        seen.show("runs", "r2")
        session = seen.page.context.new_cdp_session(seen.page)

        def tell_more(first: int) -> None:
            for n in range(first, first + ROUNDS):
                log.append(
                    e.Draft(run="r2", service="web", event=e.NotePosted(turn=1, text=f"told {n}.", to=None))
                )
                seen.page.locator(".notes").get_by_text(f"told {n}.").wait_for()

        tell_more(0)
        before = _objects(session)
        tell_more(ROUNDS)
        assert _objects(session) - before < MOST * ROUNDS
        assert seen.bad == []
