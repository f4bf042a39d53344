"""The main job in a browser, on the shop: start, watch, comment, rework, approve, land; with a restart in the middle."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.dashboard.web.browser import Watched, chromium
from tests.e2e.hive_command import Hive, shop
from tests.invariants import assert_untouched, fingerprint

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.e2e
LONG = 120_000


@contextmanager
def served(hive: Hive, port: int = 0) -> Iterator[str]:
    """`hive serve` as a process of its own; the address that it says."""
    argv = [sys.executable, "-m", "hive", "serve", "--port", str(port)]
    with subprocess.Popen(
        argv,
        cwd=hive.root,
        env=hive.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout
            first = process.stdout.readline()
            found = re.search(r"http://\S+", first)
            assert found, first + process.stdout.read()
            yield found[0]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


def picture(page: "Page", name: str) -> None:
    """A picture for the documents, so that they show what is there; PICTURES names the folder, when wanted."""
    if folder := os.environ.get("PICTURES"):
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=Path(folder) / f"{name}.png")


def test_a_run_from_the_first_word_to_the_landing(tmp_path: Path):
    if shutil.which("node") is None:
        pytest.skip("node is not installed: the gateway and the web front end cannot be tested")
    with chromium() as browser:
        hive = shop(tmp_path)
        before = fingerprint(hive.root)
        with served(hive) as url:
            link = hive("serve", "--link", "operator").stdout.strip()
            seen = Watched.open(browser, link, viewport={"width": 1280, "height": 860})
            page = seen.page
            start(page)
            page.get_by_role("link", name="Review gateway").wait_for(timeout=LONG)
            page.locator(".row.service", has_text="users").get_by_text("ready", exact=True).wait_for(
                timeout=LONG
            )
            picture(page, "run")
            page.locator(".row.service", has_text="users").click()
            send_back(page)
        page.get_by_text("not live since").wait_for()
        with served(hive, int(url.rpartition(":")[2])):
            page.get_by_text("● live").wait_for(timeout=LONG)
            page.locator(".meta").get_by_text(re.compile(r"stuck\s+turn \d")).wait_for(timeout=LONG)
            picture(page, "review")
            page.keyboard.press("a")
            page.wait_for_url(re.compile("#/runs/.*(?<!/users)$"))
            page.locator(".above a").nth(1).click()
            page.get_by_role("button", name="Approve all 4").click()
            page.get_by_role("button", name="Land it").click(timeout=LONG)
            page.locator(".meta").get_by_text("landed").wait_for(timeout=LONG)
            page.get_by_text("landed as").wait_for(timeout=LONG)
            picture(page, "landed")
        assert seen.bad == []
    assert "loyalty_points" in hive.git("diff", "main^1", "main")
    assert_untouched(before, fingerprint(hive.root), target="main")


def start(page: "Page") -> None:
    """Plan, look, and begin."""
    page.get_by_role("link", name="New run").click()
    page.get_by_label("What should change?").fill("add loyalty_points field to User")
    page.get_by_role("button", name="Show the plan").click()
    page.get_by_text("User.loyalty_points").first.wait_for()
    picture(page, "plan")
    page.get_by_role("button", name="Approve the plan and start").click()
    page.wait_for_url(re.compile("#/runs/"))


def send_back(page: "Page") -> None:
    """Remark on a line of the diff, and have it reworked."""
    page.locator(".diff button.no").first.click()
    page.locator("[data-draft]").fill("have another look at this")
    page.get_by_role("button", name="Send back").click()
    page.locator("[data-draft]").wait_for(state="detached")
