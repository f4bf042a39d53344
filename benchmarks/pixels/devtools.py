"""Chromium by its own protocol, so that nobody listens in: Playwright is told every message of every socket."""

import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from websockets.sync.client import ClientConnection, connect

SHELL, WHOLE = "chromium-headless-shell", "chromium"
"""What Playwright takes by default for pages without a window, and the whole browser without one."""
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-extensions",
    "--remote-debugging-port=0", "--window-size=1280,720", "--hide-scrollbars", "--mute-audio",
)  # fmt: skip
PATIENCE = 120.0


class Browser:
    """A browser that runs, and its protocol."""

    def __init__(self, pid: int, socket: ClientConnection) -> None:
        self.pid = pid
        self._socket = socket
        self._numbers = itertools.count(1)

    def call(self, method: str, session: str | None = None, **params: object) -> Any:
        """Ask it for something. Raises RuntimeError when it refuses."""
        number = next(self._numbers)
        self._socket.send(
            json.dumps(
                {"id": number, "method": method, "params": params}
                | ({"sessionId": session} if session else {})
            )
        )
        while (told := json.loads(self._socket.recv(timeout=PATIENCE))).get("id") != number:
            pass
        if "error" in told:
            raise RuntimeError(f"{method}: {told['error']['message']}")
        return told["result"]

    def person(self) -> str:
        """A context with cookies of its own."""
        return str(self.call("Target.createBrowserContext", disposeOnDetach=False)["browserContextId"])

    def tab(self, person: str | None = None, new_window: bool = True) -> "Tab":
        """A page, in a window of its own or as one more tab of the last one, which comes to the front."""
        own = {"browserContextId": person} if person else {}
        target = self.call("Target.createTarget", url="about:blank", newWindow=new_window, **own)["targetId"]
        return Tab(self, target)


class Tab(NamedTuple):
    """A page. Nobody is attached to it between two calls."""

    browser: Browser
    target: str

    def run(self, expression: str, seconds: float = PATIENCE) -> Any:
        """The value of an expression, once it is no promise. Raises RuntimeError for what it throws."""
        with self._attached() as session:
            found = self.browser.call(
                "Runtime.evaluate", session, expression=expression, awaitPromise=True, returnByValue=True,
                timeout=seconds * 1000,
            )  # fmt: skip
        if "exceptionDetails" in found:
            raise RuntimeError(f"{expression[:80]!r} failed: {found['exceptionDetails']}")
        return found["result"].get("value")

    def open(self, url: str, script: str, until: str) -> None:
        """Go to an address, with a script that runs before any of the page's, until an expression is true."""
        with self._attached() as session:
            self.browser.call("Page.enable", session)
            self.browser.call("Page.addScriptToEvaluateOnNewDocument", session, source=script)
            self.browser.call("Page.navigate", session, url=url)
            self._until(session, until)

    def wait(self, expression: str) -> None:
        """Until it is true."""
        with self._attached() as session:
            self._until(session, expression)

    def _until(self, session: str, expression: str) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            with suppress(RuntimeError):  # while it goes to another document
                found = self.browser.call("Runtime.evaluate", session, expression=f"Boolean({expression})")
                if found["result"].get("value"):
                    return
            if time.monotonic() > end:
                raise RuntimeError(f"never: {expression[:200]}")
            time.sleep(0.05)

    @contextmanager
    def _attached(self) -> Iterator[str]:
        session = self.browser.call("Target.attachToTarget", targetId=self.target, flatten=True)["sessionId"]
        try:
            yield session
        finally:
            self.browser.call("Target.detachFromTarget", sessionId=session)


def program(whole: bool = False) -> str:
    """The browser that is there: for pages alone the headless shell, else the whole one."""
    order = (WHOLE, SHELL) if whole else (SHELL, WHOLE)
    found = next((path for name in order if (path := shutil.which(name))), None)
    if found is None:
        raise RuntimeError(f"no browser: install {SHELL} or {WHOLE}")
    return found


@contextmanager
def browser(whole: bool = False) -> Iterator[Browser]:
    """A browser of its own, until the block ends."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        profile = Path(name)
        argv = [program(whole), *FLAGS, f"--user-data-dir={profile}", "about:blank"]
        with subprocess.Popen(
            argv, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, process_group=0
        ) as child:
            try:
                with connect(_address(profile), max_size=None, proxy=None, compression=None) as socket:
                    yield Browser(child.pid, socket)
            finally:
                os.killpg(child.pid, 9)


def _address(profile: Path) -> str:
    told, end = profile / "DevToolsActivePort", time.monotonic() + PATIENCE
    while not told.exists() or "\n" not in told.read_text():
        if time.monotonic() > end:
            raise RuntimeError("the browser never said where it listens")
        time.sleep(0.02)
    port, path = told.read_text().split("\n")[:2]
    return f"ws://127.0.0.1:{port}{path}"
