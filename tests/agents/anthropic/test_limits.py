from datetime import UTC, datetime

import pytest

from hive.agents.anthropic.limits import resets_in, retry_after

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
IN_A_MINUTE = "2026-11-21T12:01:00Z"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("7.5", 7.5), ("-3", 0.0), ("Sat, 21 Nov 2026 12:00:30 GMT", 30.0), ("soon", None), ("", None)],
)
def test_retry_after_is_seconds_or_a_date(said, seconds):
    assert retry_after({"retry-after": said}, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"requests-remaining": "3", "requests-reset": IN_A_MINUTE}, None),
        ({"requests-remaining": "0", "requests-reset": IN_A_MINUTE}, 60.0),
        ({"tokens-remaining": "0", "tokens-reset": "2026-11-21T11:00:00Z"}, 0.0),
        ({"tokens-remaining": "0", "tokens-reset": "tomorrow"}, None),
        ({"unified-status": "rejected", "unified-reset": str(NOW.timestamp() + 90)}, 90.0),
        ({"unified-status": "allowed", "unified-reset": str(NOW.timestamp() + 90)}, None),
        ({"unified-status": "rejected", "unified-reset": "x"}, None),
        (
            {
                "requests-remaining": "0",
                "requests-reset": IN_A_MINUTE,
                "output-tokens-remaining": "0",
                "output-tokens-reset": "2026-11-21T12:02:00Z",
            },
            120.0,
        ),
    ],
)
def test_a_limit_that_is_used_up_says_when_it_begins_anew(headers, seconds):
    assert resets_in({f"anthropic-ratelimit-{name}": said for name, said in headers.items()}, NOW) == seconds
