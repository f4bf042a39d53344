"""When two checks are the same check."""

import pytest

from hive.orchestrator.checks.inputs import inputs_digest

SAME = ("tests", "pytest", {"users": "a1", "contracts": "b2"}, {"python": "3.11"})


def test_equal_inputs_have_one_digest_in_any_order() -> None:
    again = inputs_digest("tests", "pytest", {"contracts": "b2", "users": "a1"}, {"python": "3.11"})
    assert inputs_digest(*SAME) == again


@pytest.mark.parametrize(
    "other",
    [
        ("integration", *SAME[1:]),
        ("tests", "pytest -x", *SAME[2:]),
        ("tests", None, *SAME[2:]),
        ("tests", "none", *SAME[2:]),
        ("tests", "pytest", {"users": "a2", "contracts": "b2"}, SAME[3]),
        ("tests", "pytest", {"users": "a1"}, SAME[3]),
        ("tests", "pytest", {"users": "a1", "contracts": ""}, SAME[3]),
        ("tests", "pytest", SAME[2], {"python": "3.12"}),
        ("tests", "pytest", SAME[2], None),
        ("tests", "pytest", {}, {"users": "a1", "contracts": "b2", "python": "3.11"}),
    ],
)
def test_whatever_differs_makes_another_digest(other: tuple) -> None:
    assert inputs_digest(*other) != inputs_digest(*SAME)
