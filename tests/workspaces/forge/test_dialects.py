"""Both dialects against the fake forge that ships, over real sockets."""

from collections.abc import Iterator
from typing import get_args

import pytest

from hive.testing.forge import TOKEN, FakeForge, Fault, Kind
from hive.workspaces.forge import Address, Forge, Wanted
from hive.workspaces.forge.github import GitHub
from hive.workspaces.forge.gitlab import GitLab
from hive.workspaces.remote import TroubleError

WHERE = Address("forge.invalid", "acme/orders")
WANTED = Wanted("hive/r1", "main", "add points", "the body")


@pytest.fixture(params=get_args(Kind))
def fake(request: pytest.FixtureRequest) -> Iterator[FakeForge]:
    with FakeForge(request.param) as fake:
        yield fake


def client(fake: FakeForge, token: str = TOKEN) -> Forge:
    return (GitHub if fake.kind == "github" else GitLab)(fake.url, WHERE, token)


def test_a_request_is_made_once_and_updated_after(fake: FakeForge):
    forge = client(fake)
    first = forge.open_or_update(WANTED)
    again = forge.open_or_update(WANTED._replace(title="other words", body="more"))
    assert first == again
    assert [(r.branch, r.base, r.title, r.body) for r in fake.requests] == [
        ("hive/r1", "main", "other words", "more")
    ]
    fake.requests[0].state = "closed"
    assert forge.open_or_update(WANTED).number == 2


def test_an_answer_that_was_lost_makes_no_second_request(fake: FakeForge):
    forge = client(fake)
    fake.faults.extend([Fault(), Fault(lose=True)])
    with pytest.raises(TroubleError) as lost:
        forge.open_or_update(WANTED)
    assert lost.value.kind == "network"
    assert forge.open_or_update(WANTED).number == 1
    assert len(fake.requests) == 1


def test_somebody_who_was_quicker_is_no_conflict(fake: FakeForge):
    forge = client(fake)
    forge.open_or_update(WANTED)
    before = len(fake.calls)
    conflict = 422 if fake.kind == "github" else 409
    fake.requests[0].state = "closed"  # the first look finds none
    fake.faults.extend([Fault(), Fault(conflict, message="already exists")])
    assert forge.open_or_update(WANTED).number == 2
    assert len(fake.calls) - before == 4


@pytest.mark.parametrize(
    ("fault", "kind", "after"),
    [
        (Fault(429, {"retry-after": "7"}), "network", 7.0),
        (Fault(403, {"retry-after": "60"}), "network", 60.0),
        (Fault(403, {"x-ratelimit-remaining": "0"}), "network", 0.0),
        (Fault(403, message="Resource not accessible"), "denied", 0.0),
        (Fault(401), "denied", 0.0),
        (Fault(404), "setup", 0.0),
        (Fault(302, {"location": "https://elsewhere.invalid/"}), "setup", 0.0),
        (Fault(400, message="bad \x1b[31mwords"), "declined", 0.0),
        (Fault(502), "network", 0.0),
        (Fault(lose=True), "network", 0.0),
    ],
)
def test_every_failure_has_its_class(fake: FakeForge, fault: Fault, kind: str, after: float):
    fake.faults.append(fault)
    with pytest.raises(TroubleError) as refused:
        client(fake).look(1)
    assert (refused.value.kind, refused.value.after) == (kind, after)
    assert "\x1b" not in refused.value.message
    assert TOKEN not in refused.value.message


def test_a_wrong_token_is_told_without_saying_it(fake: FakeForge):
    with pytest.raises(TroubleError) as refused:
        client(fake, "a-wrong-secret").look(1)
    assert refused.value.kind == "denied"
    assert "a-wrong-secret" not in str(refused.value)


def test_checks_and_the_end_are_read_back(fake: FakeForge):
    forge = client(fake)
    number = forge.open_or_update(WANTED).number
    made = fake.requests[0]
    made.head = "a" * 40
    assert forge.look(number)[:2] == ("open", "none")
    made.checks = [("build", "success"), ("lint", "pending")]
    assert forge.look(number).checks == "pending"
    made.checks = [("build", "failure"), ("lint", "pending")]
    assert forge.look(number).checks == "failed"
    made.checks = [("build", "success")]
    assert forge.look(number).checks == "passed"
    made.state, made.merged_as = "merged", "b" * 40
    assert forge.look(number)[0::3] == ("merged", "b" * 40)
    made.state = "closed"
    assert forge.look(number).state == "closed"
