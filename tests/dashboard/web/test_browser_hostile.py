"""Hostile text on every page, in a real browser: it is shown, and does nothing."""

import json
from pathlib import Path

import pytest

from hive import events as e
from hive.dashboard.web.bench import AgentChoice, Choices, Outline
from hive.dashboard.web.role import Role
from hive.dashboard.web.sessions import invite
from hive.model import (
    Asked,
    Change,
    Contract,
    ContractField,
    Edge,
    Entity,
    Evidence,
    FileStat,
    Graph,
    Operation,
    Plan,
    Policy,
    Said,
    Service,
    TaskPlan,
    Unplaced,
)
from hive.store import SqlEventLog
from tests.dashboard.conftest import Story
from tests.dashboard.web.browser import UNFOLD, Watched, chromium
from tests.dashboard.web.site import Told, make_log, serve, tell

pytestmark = pytest.mark.e2e

FIRE = "window.__fired=1;alert(1)"
PAYLOADS = (
    f"<script>{FIRE}</script>", f"<img src=x onerror='{FIRE}'>", f"<svg onload='{FIRE}'>", f"<svg><script>{FIRE}</script></svg>",
    f"<iframe src='javascript:{FIRE}'></iframe>", f"<a href='javascript:{FIRE}'>x</a>", f"javascript:{FIRE}", f"data:text/html,<script>{FIRE}</script>",
    f"'\"><script>{FIRE}</script>", f"</textarea><script>{FIRE}</script>", f"</title><script>{FIRE}</script>", f"</style><script>{FIRE}</script>",
    f"--><script>{FIRE}</script>", f"]]><script>{FIRE}</script>", f"<body onload='{FIRE}'>", f"<input autofocus onfocus='{FIRE}'>",
    f"<details open ontoggle='{FIRE}'>", f"<video src=x onerror='{FIRE}'></video>", f"<audio src=x onerror='{FIRE}'>", f"<object data='javascript:{FIRE}'>",
    f"<embed src='javascript:{FIRE}'>", f"<math href='javascript:{FIRE}'>x</math>", "<link rel=stylesheet href=http://evil.test/x.css>", "<base href=http://evil.test/>",
    "<meta http-equiv=refresh content='0;url=http://evil.test/'>", "<img src=http://evil.test/x.png>", "![x](http://evil.test/x.png)", "[x](javascript:alert(1))",
    "<img src='http://evil.test/?c=1'>", "<style>@import 'http://evil.test/x.css'</style>", "<form action=http://evil.test><button>x</button></form>", f"<template><script>{FIRE}</script></template>",
    f"<noscript><p title='</noscript><img src=x onerror={FIRE}>'>", f"<select><template><img src=x onerror='{FIRE}'></template></select>", f"&lt;script&gt;{FIRE}&lt;/script&gt;", f"\\u003cscript\\u003e{FIRE}",
    f"${{{FIRE}}}", f"{{{{{FIRE}}}}}", f"{{{{constructor.constructor('{FIRE}')()}}}}", "<%= 7*7 %>",
    f"`${{{FIRE}}}`", f"';{FIRE};//", f"\";{FIRE};//", f"<ScRiPt>{FIRE}</sCrIpT>",
    f"<script\x0b>{FIRE}</script>", f"<img/src=x/onerror={FIRE}>", f"<svg/onload={FIRE}>", f"<x onclick='{FIRE}' style='position:fixed;inset:0'>x",
    "<div style='background:url(http://evil.test/b)'>", f"<marquee onstart='{FIRE}'>", "__proto__", "constructor",
    "#/runs/../../etc", "../../../etc/passwd", "\u202ecod.exe\u2066", "\x1b]8;;http://evil.test\x07x\x1b]8;;\x07",
    "%3Cscript%3Ealert(1)%3C/script%3E", f"<a href='  java\nscript:{FIRE}'>x</a>", "a" * 3000, "<!--", "\ufeff\u200b<script>",
)  # fmt: skip


def hostile_run(log: SqlEventLog, run: str, text: str, service: str) -> None:
    """A run that says the same thing wherever it can."""
    change = Change(
        element=f"c.yaml#/components/schemas/{text}", kind="added", direction="both", severity="breaking", rule=text,
        message=text, affected=(text,),
    )  # fmt: skip
    plan = Plan(
        request=text, base="a" * 40, assumptions=(text,), changes=(change,),
        tasks=tuple(TaskPlan(service=each, role="both", reason=text, brief=text) for each in (service, "b")),
    )  # fmt: skip
    graph = Graph(
        services=(Service(name=service, path=text, test=text), Service(name="b", path="b")),
        edges=(Edge(source=service, target="b", contract=text, evidence=text),),
    )
    created = e.RunCreated(
        request=text, base="a" * 40, target=text, policy=Policy(agent=text), graph=graph, sandbox=text, trusted=False,
        left_out=(text,),
    )  # fmt: skip
    evidence = Evidence(
        check=text,
        service=service,
        outcome="failed",
        reason=text,
        command=text,
        tail=text,
        warnings=(text,),
        output=text,
        retried=(text,),
        cases="cases.json",
    )
    story = Story(run).tell(
        created,
        e.RunPlanned(plan=plan),
        e.PlanApproved(by=text),
        e.ContractCommitted(commit="b" * 40, tree="c"),
    )
    story.tell(
        e.WorkspaceCreated(path=text, start="b" * 40),
        e.TurnStarted(turn=1, agent=text),
        e.AgentReported(turn=1, report=Said(text=text)),
        e.AgentReported(turn=1, report=Unplaced(path=text, reason=text)),
        e.TurnFinished(turn=1, outcome="finished"),
        e.WorkCollected(
            turn=1,
            commit="d" * 40,
            tree="e",
            diff="f" * 64,
            files=(FileStat(path=text, status="added", added=1),),
        ),
        e.CheckFinished(turn=1, evidence=evidence),
        e.TaskSettled(turn=1, outcome="stuck", reason=text),
        e.Commented(text=text, by=text, path=text, line=1, draft=True),
        service=service,
    )
    story.tell(
        e.WorkspaceCreated(path=text, start="b" * 40), e.TurnStarted(turn=1, agent=text),
        e.AgentReported(turn=1, report=Asked(id=text, about="question", text=text)),
        e.AgentReported(turn=1, report=Asked(id="options", about="permission", text=text, options=(text,))),
        e.NotePosted(turn=1, text=text, to=text),
        e.ContractProposed(turn=1, path=text, version=1, text=text, reason=text, severity="breaking", changes=(change,), services=(text,)),
        service="b",
    )  # fmt: skip
    tell(log, story.envelopes)


def hostile_changeset(log: SqlEventLog, run: str, text: str) -> None:
    """A person's branch in the queue, every word of which is the same text; and one that waits for a pull request."""
    flaky = Evidence(check=text, service="b", outcome="passed", reason=text, retried=(text,), flaked=(text,))
    created = e.RunCreated(
        request=text, base="a" * 40, target=text, policy=Policy(quarantine=(text,)), sandbox="none", trusted=True,
        graph=Graph(services=(Service(name="b", path="b"),)),
    )  # fmt: skip
    offered = e.BranchOffered(branch=text, commit="7" * 40, diff="d", by=text)
    waits = (created, offered, e.LandRequested(by=text, after=(text,)), e.CheckFinished(evidence=flaky))
    held = e.LandingHeld(by=text, reason=text)
    apart = e.SpeculationConflicted(onto="a" * 40, reason=text)
    reset = e.QueueStopped(target=text, expected="a" * 40, found=text, reason=text, next_step=text)
    tell(log, Story(f"{run}q").tell(*waits, held, apart, reset).envelopes)
    asked = e.PullRequest(repository=text, number=1, url=text, branch=text, base=text, commit="7" * 40)
    answered = e.RequestSeen(repository=text, state="open", checks="pending", summary=text)
    tell(log, Story(f"{run}p").tell(*waits, e.RequestsOpened(requests=(asked,)), answered).envelopes)


def hostile_project(log: SqlEventLog, diff: str) -> Told:
    """A project whose files, tests, contracts and agents say what they like."""
    cases = json.dumps(
        [{"group": t, "name": t, "outcome": "failed", "seconds": 1.0, "message": t} for t in PAYLOADS]
    )
    text = PAYLOADS[1]
    field = ContractField(name=text, type=text)
    entity = Entity(name=text, contract=text, pointer=text, fields=(field,))
    contract = Contract(path="x", kind="openapi", owner=text, copies=(text,))
    return Told(
        log, diff=diff, proposal=diff.partition("\n")[2], outputs=dict.fromkeys(PAYLOADS, text) | {"cases.json": cases},
        contents=Outline((entity,), (Operation(name=text, request=(text,), response=(text,)),)),
        chosen=Choices((AgentChoice(text, text, text),), text, text, {text: text}),
        graphed=Graph(services=(Service(name=text, path=text),), contracts=(contract,)),
    )  # fmt: skip


def test_no_text_from_outside_does_anything_on_any_page(tmp_path: Path):
    log = make_log(tmp_path)
    for number, text in enumerate(PAYLOADS):
        hostile_run(log, f"x{number}", text, text[:60] if number % 2 else "svc")
        hostile_changeset(log, f"x{number}", text)
    lines = "".join(f"+{text.splitlines()[0]}\n" for text in PAYLOADS)
    name = PAYLOADS[1]
    diff = f"diff --git a/{name} b/{name}\n--- a/{name}\n+++ b/{name}\n@@ -0,0 +1,{len(PAYLOADS)} @@ {name}\n{lines}"
    with chromium() as browser, serve(tmp_path, log, hostile_project(log, diff)) as site:
        link = site.origin + invite(site.serving.entry, Role.OPERATOR, "ann")
        seen = Watched.open(browser, link)
        page = seen.page
        for place in ("inbox", "runs", "queue", "project", "contracts", "contracts/x", "settings", "start"):
            seen.show(place)
            page.wait_for_selector("h1")
            page.wait_for_function("() => !document.querySelector('main .loading')")
            page.evaluate(UNFOLD)
        seen.show("queue")
        page.locator("[data-run]").first.wait_for()
        assert page.locator("[data-run]").count() == len(PAYLOADS)
        page.evaluate(UNFOLD)
        page.locator(".about-queued").nth(len(PAYLOADS) - 1).wait_for()
        for number, text in enumerate(PAYLOADS):
            seen.show("runs", f"x{number}")
            page.wait_for_selector("section .graph, .empty")
            if number % 4 == 0:
                page.get_by_text("in words").first.click()
                service = text[:60] if number % 2 else "svc"
                seen.show("runs", f"x{number}", service)
                page.wait_for_selector(".diff")
                for tab in ("Checks", "Stream", "Brief"):
                    page.get_by_role("tab", name=tab).click()
                    if tab == "Checks":
                        page.wait_for_selector(".case-group")
            if number % 8 == 0:
                seen.show("runs", f"x{number}p")
                page.get_by_text("pull request 1 is open").wait_for()
                seen.show("review", f"x{number}")
                page.get_by_role("button", name="by contract element").click()
                page.wait_for_selector(".element .diff")
                seen.show("runs", f"x{number}", "b")
                page.locator(".questions .asked").first.wait_for()
                page.get_by_role("button", name="Show the diff of the contract").click()
        assert page.evaluate("window.__fired") is None
        assert (
            page.evaluate(
                "document.querySelectorAll('#app script, #app iframe, #app object, #app base').length"
            )
            == 0
        )
    assert seen.bad == []
