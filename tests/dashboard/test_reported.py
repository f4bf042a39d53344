import pytest

from hive.dashboard.phrases import reported
from hive.model import (
    Answered,
    Asked,
    Ended,
    Planned,
    Ran,
    Spent,
    Step,
    Thought,
    ToolReturned,
    Unrecognised,
)

STEPS = (Step(text="column", status="done"), Step(text="form", status="doing"), Step(text="tests"))


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (Thought(text="beside\nemail"), "thinks: beside email"),
        (Thought(text=" "), None),
        (ToolReturned(tool="Write", outcome="ok"), None),
        (ToolReturned(tool="Write", outcome="denied", summary="not yours"), "Write denied: not yours"),
        (Ran(command="pytest -q\x1b[2J", exit_code=1), "pytest -q (exit 1)"),
        (Ran(command="ls"), "ls"),
        (Planned(steps=STEPS), "1 of 3 steps done: form"),
        (Planned(steps=()), "0 of 0 steps done"),
        (
            Asked(id="1", about="permission", text="Bash: rm", options=("allow", "deny")),
            "asks: Bash: rm (allow / deny)",
        ),
        (Asked(id="1", about="question", text="Which type?"), "asks: Which type?"),
        (Answered(id="1", answer="deny"), "is answered: deny"),
        (Unrecognised(name="hologram"), None),
        (Spent(input_tokens=1), None),
        (Ended(outcome="finished"), None),
    ],
)
def test_a_report_reads_as_one_line_or_says_nothing(report, words):
    assert reported(report) == words
