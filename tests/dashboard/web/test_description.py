"""Every address takes what its description allows, refuses the rest as it says, and never fails."""

import json
from collections.abc import Iterator

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.dashboard.conftest import Story
from tests.dashboard.web.busy import queued
from tests.dashboard.web.site import Site, make_log, serve, tell

EXAMPLES = 5
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
REAL = {
    "run": st.sampled_from(["r7f3", "waits", "done", "last"]),
    "service": st.sampled_from(["users", "orders"]),
}
"""Names that exist: beside them, those that are made up are tried as well."""


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of its own, whose runs may be decided on at random."""
    folder = tmp_path_factory.mktemp("described")
    log = make_log(folder)
    tell(log, Story("done").landed().envelopes)
    tell(log, queued("waits").envelopes)
    tell(log, Story().begun().working("users").done("users").working("orders").envelopes)
    with serve(folder, log) as running:
        yield running


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.value)
def test_every_answer_is_as_the_description_says(busy: Site, mode: schemathesis.GenerationMode):
    schema = schemathesis.openapi.from_dict(busy.get("/api/v1/openapi.json").json)
    tried: set[int] = set()
    with requests.Session() as session:
        for result in schema.get_all_operations():
            operation = result.ok()
            if mode is schemathesis.GenerationMode.POSITIVE or operation.query or operation.body:
                tried |= statuses_of(busy, session, operation, mode)
    assert tried > ({200, 404, 409} if mode is schemathesis.GenerationMode.POSITIVE else {400, 422})


def statuses_of(
    site: Site,
    session: requests.Session,
    operation: schemathesis.APIOperation,
    mode: schemathesis.GenerationMode,
) -> set[int]:
    """What an address answered; each answer is checked."""
    tried: set[int] = set()
    real = {each.name: REAL[each.name] for each in operation.path_parameters if each.name in REAL}

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operation.as_strategy(generation_mode=mode), st.fixed_dictionaries(real), st.booleans())
    def ask(case: schemathesis.Case, names: dict[str, str], known: bool) -> None:
        if known:
            case.path_parameters.update(names)
        answer = case.call(base_url=site.origin, session=session, headers=site.token(), timeout=20)
        tried.add(answer.status_code)
        if answer.status_code >= 400:
            told = json.loads(answer.content)
            assert answer.headers["content-type"] == ["application/problem+json"]
            assert told["next"], told
        case.validate_response(answer, checks=CHECKS)

    ask()
    return tried
