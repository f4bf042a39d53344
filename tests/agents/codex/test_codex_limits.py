import pytest

from hive.agents.codex.limits import resets_at


@pytest.mark.parametrize(
    ("limits", "at"),
    [
        ({"primary": {"usedPercent": 99.9, "resetsAt": 1000}}, None),
        ({"primary": {"usedPercent": 100, "resetsAt": 1000}}, 1000.0),
        (
            {
                "primary": {"usedPercent": 100, "resetsAt": 1000},
                "secondary": {"usedPercent": 101, "resetsAt": 2000},
            },
            2000.0,
        ),
        ({"primary": {"usedPercent": 100, "resetsAt": None}, "secondary": None}, None),
        ({"primary": {"usedPercent": "100", "resetsAt": True}}, None),
        ("nothing", None),
    ],
)
def test_a_window_that_is_used_up_says_when_it_begins_anew(limits, at):
    assert resets_at({"rateLimits": limits}) == at
