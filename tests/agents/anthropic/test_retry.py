import pytest

from hive.agents.anthropic.retry import Failure, Pace, delay, explained, is_spent

PACE = Pace(attempts=4, first=1, longest=3, limited_attempts=5, patience=60)


def status(number, **more):
    return Failure(what="status", status=number, **more)


@pytest.mark.parametrize("code", [400, 401, 402, 403, 404, 413, 422])
def test_what_the_user_must_correct_is_never_tried_again(code):
    assert delay(status(code), 1, PACE) is None


@pytest.mark.parametrize("code", [408, 409, 500, 502, 503, 529])
def test_what_passes_is_tried_again_ever_more_slowly_and_not_for_ever(code):
    assert [delay(status(code), attempt, PACE) for attempt in (1, 2, 3, 4)] == [1, 2, 3, None]


def test_a_broken_or_missing_answer_is_tried_again():
    assert delay(Failure(what="stream"), 1, PACE) == 1
    assert delay(Failure(what="connection"), 2, PACE) == 2


def test_an_error_inside_a_stream_is_judged_by_its_kind():
    assert delay(status(200, kind="overloaded_error"), 1, PACE) == 1
    assert delay(status(200, kind="invalid_request_error"), 1, PACE) is None


def test_retry_after_is_honoured_as_long_as_it_can_be_waited_for():
    assert delay(status(429, retry_after=7.5), 1, PACE) == 7.5
    assert delay(status(429, retry_after=61), 1, PACE) is None
    assert delay(status(429, retry_after=20), 1, PACE, waited=50) is None


def test_a_rate_limit_without_a_time_is_tried_more_often_and_not_for_ever():
    assert [delay(status(429), attempt, PACE) for attempt in (1, 4, 5)] == [1, 3, None]


@pytest.mark.parametrize(
    "failure",
    [
        status(429, code="enforced_spend_limit_reached"),
        status(429, message="You have reached your specified API usage limits (usage limit)."),
        status(400, message="credit", kind="billing_error"),
        status(402),
    ],
)
def test_a_spent_limit_is_never_tried_again(failure):
    assert is_spent(failure)
    assert delay(failure, 1, PACE) is None
    assert "spend limit is reached" in explained(failure)


def test_a_rate_limit_with_its_reset_is_no_spent_limit():
    assert not is_spent(status(429, message="usage limit, per minute", retry_after=3))


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (status(401, message="invalid key"), "correct ANTHROPIC_API_KEY"),
        (status(404, message="model: claude-x"), "HIVE_MODEL"),
        (status(400, message="too long"), "refused (400): too long"),
        (status(429, retry_after=900), "for 900 more seconds"),
        (status(529, kind="overloaded_error"), "fails (529): overloaded_error"),
        (Failure(what="connection", message="refused"), "cannot be reached: refused"),
        (Failure(what="stream"), "broke off its answer: no reason given"),
    ],
)
def test_the_reason_says_what_happened_and_what_to_do(failure, words):
    assert words in explained(failure)
