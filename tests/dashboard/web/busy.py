"""A project with everything that a page can show: runs at each stage, questions, proposals, notes, comments, tests."""

import json
from pathlib import Path

from hive import events as e
from hive.dashboard.web.bench import AgentChoice, Choices, Outline
from hive.model import Asked, Case, ContractField, Entity, Operation, Spent
from hive.store import SqlEventLog
from tests.dashboard.conftest import EVIDENCE, PLAN, Story
from tests.dashboard.web.site import Told, make_log, tell

CONTRACT = "contracts/users.openapi.yaml"
DIFF = (
    "diff --git a/services/users/model.py b/services/users/model.py\n--- a/services/users/model.py\n"
    "+++ b/services/users/model.py\n@@ -1,3 +1,4 @@ class User:\n # a user\n-    points: int = 0\n+    points: int = 1\n"
    '+    loyalty_points: int = 0\n     name: str = "x"\n@@ -20,2 +21,3 @@ def greet():\n     return 1\n+    # later\n     return 2\n'
)
PROPOSED = (
    f"--- a/{CONTRACT}\n+++ b/{CONTRACT}\n@@ -1,2 +1,2 @@\n openapi: 3.1.0\n-type: integer\n+type: string\n"
)
CASES = (
    Case(group="tests.test_users.TestPoints", name="test_starts_at_zero", outcome="passed", seconds=0.01),
    Case(group="tests.test_users.TestPoints", name="test_is_never_negative", outcome="failed", seconds=0.2,
         message="def test_is_never_negative():\n>   assert -1 >= 0\nE   assert -1 >= 0"),
    Case(group="tests.test_users.TestPoints", name="test_on_a_leap_day", outcome="skipped", message="not today"),
    Case(group="tests.test_orders", name="test_total", outcome="passed", seconds=1.5),
)  # fmt: skip
CHOICES = Choices(
    agents=(
        AgentChoice("propagate", "follows an example in the project, without a model", None),
        AgentChoice("claude", "Claude Code", "it is not installed: npm install -g @anthropic-ai/claude-code"),
    ),
    agent="propagate",
    planner="auto",
    settings={"agent": "propagate", "model": "", "sandbox": "auto"},
)
OUTLINE = Outline(
    entities=(
        Entity(name="User", contract=CONTRACT, pointer="/components/schemas/User",
               fields=(ContractField(name="id", type="string", required=True, line=12), ContractField(name="points", type="integer"))),
    ),
    operations=(Operation(name="GET /users/{id}", response=("User",)),),
)  # fmt: skip


def talking(run: str) -> Story:
    """Agents that ask, propose and tell each other; users has a comment, a draft and tests told apart."""
    failing = EVIDENCE.model_copy(update={"outcome": "failed", "failed": 1, "cases": "users.cases.json"})
    story = Story(run).begun().working("users").done("users", evidence=failing)
    story.working("orders").working("web")
    for text in ("use an enum", "why nullable?"):
        said = e.Commented(
            text=text, by="ann", path="services/users/model.py", line=3, draft=text != "use an enum"
        )
        story.tell(said, service="users")
    story.tell(
        e.AgentReported(turn=1, report=Spent(input_tokens=10, output_tokens=10, cost_usd=0.4)),
        e.AgentReported(
            turn=1, report=Asked(id="q1", about="permission", text="run `npm install`?", options=("allow", "refuse"))
        ),
        service="orders",
    )  # fmt: skip
    story.tell(
        e.AgentReported(turn=1, report=Asked(id="q2", about="question", text="which page shows points?")),
        e.NotePosted(turn=1, text="the field is called loyalty_points", to="orders"),
        e.ContractProposed(
            turn=1, path=CONTRACT, version=1, text="openapi: 3.1.0\ntype: string\n", reason="points can be halves",
            severity="breaking", changes=PLAN.changes, services=("users", "orders"),
        ),
        service="web",
    )  # fmt: skip
    return story


def queued(run: str) -> Story:
    """A changeset that waits to land."""
    story = Story(run).begun()
    for service in ("users", "orders", "web"):
        story.working(service).done(service).tell(e.Approved(diff="diff-1", by="ann"), service=service)
    return story.tell(e.LandRequested(by="ann"))


def busy(folder: Path) -> tuple[SqlEventLog, Told]:
    """One run landed, one in the middle, one whose plan waits, one whose agents talk, three that wait to land."""
    log = make_log(folder)
    for story in (
        Story("r1").landed(),
        Story("r2").middle(),
        Story("r3").created().planned(),
        talking("r4"),
        queued("r5"),
        queued("r6").tell(
            e.LandingHeld(by="ann", reason="after the release"), e.LandingReordered(by="ann", priority=2)
        ),
        queued("r7").tell(e.CheckFinished(evidence=EVIDENCE.model_copy(update={"retried": ("timed out",)}))),
    ):
        tell(log, story.envelopes)
    cases = json.dumps([case.model_dump() for case in CASES])
    told = Told(
        log,
        diff=DIFF,
        proposal=PROPOSED,
        outputs={"users.cases.json": cases},
        contents=OUTLINE,
        chosen=CHOICES,
    )
    return log, told
