"""The real application without a terminal, on a real log with real controls; pictures of it as text."""

import asyncio
import os
from collections.abc import Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from hive.cli.tui_backend import RunsOnDemand, queued
from hive.dashboard.tui.app import HiveApp
from hive.dashboard.tui.backend import Backend
from hive.errors import HiveError
from hive.events import Draft
from hive.orchestrator.controls import LogControls
from hive.orchestrator.queueing import QueueControls
from hive.store import Database, SqlEventLog

DIFF = """diff --git a/services/users/model.py b/services/users/model.py
index 1111111..2222222 100644
--- a/services/users/model.py
+++ b/services/users/model.py
@@ -1,5 +1,6 @@ class User:
 class User:
     id: str
-    points = get_points(user)
+    points = get_loyalty_points(user)
+    loyalty_points: int = 0
     name: str
     email: str
diff --git a/services/users/new.py b/services/users/new.py
new file mode 100644
--- /dev/null
+++ b/services/users/new.py
@@ -0,0 +1,2 @@
+import json
+print("new")
"""


GOLDEN = Path(__file__).parents[1] / "golden"


def trimmed(shown: str) -> str:
    """As golden files are kept."""
    return "\n".join(line.rstrip() for line in shown.splitlines()).rstrip() + "\n"


class Diffs:
    """Diffs by service, as a test wants them."""

    def __init__(self):
        self.texts: dict[str | None, str] = {}
        self.asked: list[tuple[str, str]] = []

    def of(self, run, service):
        return self.texts.get(service, DIFF.replace("users", service) if service else "")

    def since(self, run, service, old):
        self.asked.append((service, old))
        return DIFF


class Engine:
    """An engine that only counts."""

    def __init__(self):
        self.running = 4242
        self.woken = 0

    def pid(self):
        return self.running

    def wake(self):
        self.woken += 1
        return False


class Files:
    """Outputs by name; edits are written down."""

    def __init__(self):
        self.outputs: dict[str, str] = {}
        self.edited: list[tuple[str | None, str, int | None]] = []

    def output(self, run, name):
        if name not in self.outputs:
            raise HiveError(f"cannot read {name!r}", next_step="retry")
        return self.outputs[name]

    def edit(self, run, service, path, line):
        self.edited.append((service, path, line))


class Still:
    """The clock of a story."""

    def __init__(self, at):
        self.at = at

    def now(self):
        return self.at


class Desk:
    """A project's log on disk, and the application on it."""

    def __init__(self, folder: Path, now) -> None:
        self.folder = folder
        self.now = now
        self.database = Database.open(folder / "hive.db")
        self.log = SqlEventLog(self.database, now=self._next)
        self.controls = LogControls(self.log, RunsOnDemand(self.log))
        self.diffs, self.engine, self.files = Diffs(), Engine(), Files()

    def _next(self):
        self.now += timedelta(seconds=1)
        return self.now

    def write(self, *stories) -> "Desk":
        """Append what stories tell; their own sequence numbers are forgotten."""
        for story in stories:
            for each in story.envelopes:
                self.log.append(Draft(run=each.run, service=each.service, event=each.event))
        return self

    def events(self, run: str = "r7f3") -> list:
        return [each.event for each in self.log.read(run=run)]

    def backend(self) -> Backend:
        return Backend(
            name="shop", person="ann", log=self.log, history=self.log, controls=self.controls,
            steering=QueueControls(self.log, RunsOnDemand(self.log)),
            diffs=self.diffs, engine=self.engine, files=self.files, queue=queued, clock=Still(self.now),
            memory=self.folder / "tui.json",
        )  # fmt: skip

    @asynccontextmanager
    async def open(self, size=(120, 40), run=None):
        """The application at work; everything that is in the log is on the screen."""
        app = HiveApp(self.backend(), run=run)
        async with app.run_test(size=size, notifications=True) as pilot:
            seen = Seen(app, pilot)
            await seen.until(lambda: app.board.ready.is_set() and not app.board.folding)
            await seen.settled()
            yield seen


class Seen:
    """What is on the screen, and waiting for it."""

    def __init__(self, app, pilot) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def text(self) -> str:
        """The whole screen as text."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    async def settled(self) -> None:
        """Messages are handled and the picture is drawn."""
        await self.pilot.pause()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until it holds; what was on the screen instead is told."""
        try:
            async with asyncio.timeout(90):
                while not condition():
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError(f"never happened; on the screen:\n{self.text}") from None

    @property
    def clickable(self) -> list[object]:
        """Cells that would do something of their own when clicked; only the keys in the footer may."""
        strips = self.app.screen._compositor.render_strips()[:-1]
        return [s.text for strip in strips for s in strip if s.style and "@click" in s.style.meta]

    async def shows(self, *words: str) -> None:
        """Wait until all of it is on the screen."""
        await self.until(lambda: all(word in self.text for word in words))

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def type(self, words: str) -> None:
        await self.press(*("space" if char == " " else char for char in words))

    async def event(self, kind) -> object:
        """Wait until such an event is in the log; the last one."""
        found = []

        def there() -> bool:
            found[:] = [each.event for each in self.app.backend.log.read() if isinstance(each.event, kind)]
            return bool(found)

        await self.until(there)
        return found[-1]


@pytest.fixture
def desk(tmp_path, story):
    made = Desk(tmp_path, story().created().envelopes[0].at)
    yield made
    made.database.close()


@pytest.fixture
def picture(golden):
    """Compares the screen with the committed picture, named tui-…."""

    async def compare(name: str, seen: Seen) -> None:
        file = GOLDEN / f"tui-{name}.txt"
        wanted = file.read_text() if file.exists() else ""
        for _ in range(40):  # the keys are laid out a moment after the rest
            await seen.settled()
            if trimmed(seen.text) == wanted:
                break
        golden(f"tui-{name}", seen.text)

    return compare


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch):
    """The same pictures everywhere, and nothing that moves by itself."""
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    for name in ("COLUMNS", "LINES"):
        if name in os.environ:
            monkeypatch.delenv(name)
