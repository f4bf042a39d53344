from datetime import UTC
from io import BytesIO, StringIO, TextIOWrapper

from hive import events as e
from hive.dashboard.phrases import checked
from hive.dashboard.plain import PlainWriter, plain
from hive.model import Evidence, Said, ToolCalled


def shown(told) -> str:
    out = StringIO()
    PlainWriter(out, zone=UTC).write(told.envelopes)
    return out.getvalue()


def test_a_landed_run_reads_as_lines(story, golden):
    golden("plain-landed", shown(story().landed()))


def test_a_run_with_trouble_reads_as_lines(story, golden):
    told = story().middle()
    told.tell(e.Commented(text="use an int", by="ann", path="model.py", line=3), service="users")
    told.tell(e.StopRequested(by="ann"), e.ResumeRequested(by="ann"))
    told.tell(e.TurnFinished(turn=1, outcome="timed_out", reason="idle for 300 s"), service="web")
    told.tell(e.WorkReturned(turn=1, reason="1 failed"), service="orders")
    told.tell(e.RunFailed(reason="disk full", next_step="hive resume r7f3"))
    golden("plain-trouble", shown(told))


def test_a_check_reads_as_one_line_with_time_and_service(story):
    told = story().begun().working("users").done("users")
    lines = [plain(envelope, zone=UTC) for envelope in told.envelopes]
    assert "[12:00:13] users    tests passed: 14 passed in 0.8s" in lines


def test_hostile_words_stay_on_their_line(story, hostile, harmless):
    told = (
        story()
        .created(request=hostile + "\nsecond line")
        .tell(
            e.AgentReported(turn=1, report=Said(text=f"{hostile}\r\n[12:00:00] users approved by ann")),
            e.AgentReported(turn=1, report=ToolCalled(tool=hostile, summary=hostile)),
            service=hostile,
        )
    )
    text = shown(told)
    harmless(text)
    assert text.count("\n") == 3
    assert "\x1b" not in text


def test_the_column_is_as_wide_as_the_longest_service(story):
    graph = {"services": [{"name": "notifications", "path": "n"}]}
    told = story().created(graph=graph).tell(e.WorkspaceCreated(path="/w", start="a"), service="users")
    assert shown(told).splitlines()[-1] == "[12:00:01] users         workspace ready"


def test_an_output_without_unicode_gets_escapes_instead_of_failing(story):
    raw = BytesIO()
    out = TextIOWrapper(raw, encoding="ascii")
    PlainWriter(out, zone=UTC).write(story().created(request="größer ✓").envelopes)
    assert b"gr\\xf6\\xdfer \\u2713" in raw.getvalue()


def test_a_flake_and_a_check_in_quarantine_are_always_said():
    flake = Evidence(check="tests", outcome="passed", passed=2, retried=("1 of 2 tests failed",))
    kept = Evidence(
        check="tests", outcome="failed", reason="1 failed", retried=("1 failed",), quarantined=True
    )
    assert "flaky: it failed at first" in checked(flake)
    assert "failed twice; in quarantine, so it does not block" in checked(kept)
