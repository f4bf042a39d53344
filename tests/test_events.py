import json
from pathlib import Path
from typing import get_args

import pytest
from pydantic import ValidationError

from hive.events import EVENT, Draft, Envelope, Event, RunCreated, Unknown, parse
from hive.model import Report

GOLDEN = sorted((Path(__file__).parent / "golden/events").iterdir())
"""One file for each kind of event, and `agent_reported.said.json` and so on for each kind of report."""
KINDS = {case.model_fields["kind"].default: case for case in get_args(get_args(Event)[0])}
REPORTS = {case.model_fields["report"].default for case in get_args(get_args(Report)[0])}

each_golden_file = pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)


def with_extra_keys(value: object) -> object:
    """The same payload as a newer hive might write it: one more key in every object."""
    if isinstance(value, dict):
        return {key: with_extra_keys(each) for key, each in value.items()} | {"from_the_future": [1]}
    return [with_extra_keys(each) for each in value] if isinstance(value, list) else value


def test_every_kind_of_event_and_of_report_has_a_golden_file_and_no_other_is_there():
    wanted = {*KINDS, *(f"agent_reported.{report}" for report in REPORTS)} - {"agent_reported"}
    assert {file.stem for file in GOLDEN} == wanted


@each_golden_file
def test_what_was_written_once_loads_and_dumps_back_identically(file):
    event = EVENT.validate_json(file.read_bytes())
    assert event.kind == file.stem.partition(".")[0]
    assert event.model_dump_json(indent=2) + "\n" == file.read_text()


@each_golden_file
def test_a_payload_of_a_newer_hive_loads_without_what_is_not_known(file):
    payload = json.loads(file.read_text())
    assert EVENT.validate_python(with_extra_keys(payload)) == EVENT.validate_python(payload)


@each_golden_file
def test_what_has_a_default_may_be_missing_from_an_old_payload(file):
    payload = json.loads(file.read_text())
    fields = KINDS[payload["kind"]].model_fields
    old = {key: value for key, value in payload.items() if key == "kind" or fields[key].is_required()}
    assert EVENT.validate_python(old).kind == payload["kind"]


@each_golden_file
def test_an_event_cannot_be_changed(file):
    with pytest.raises(ValidationError, match="frozen"):
        EVENT.validate_json(file.read_bytes()).kind = "other"


def test_an_event_of_a_kind_that_is_not_known_is_refused_here():
    with pytest.raises(ValidationError, match="run_teleported"):
        EVENT.validate_json('{"kind": "run_teleported"}')


def test_an_unknown_event_keeps_what_it_was_byte_for_byte():
    payload = '{"kind": "run_teleported", "to": "\\u2603 \\ud83d\\ude00", "n": 1.50}'
    unknown = Unknown(original="run_teleported", payload=payload)
    again = EVENT.validate_json(unknown.model_dump_json())
    assert isinstance(again, Unknown)
    assert again.payload == payload


@each_golden_file
def test_an_event_is_the_same_however_its_keys_are_ordered(file):
    body = json.dumps(json.loads(file.read_text()), separators=(",", ":"))
    turned = json.dumps(dict(reversed(json.loads(body).items())))
    kind = file.stem.partition(".")[0]
    assert parse(kind, body) == parse(kind, turned) == EVENT.validate_json(body)


def test_runs_with_the_same_graph_share_it():
    golden = next(file for file in GOLDEN if file.stem == "run_created").read_text()
    first = json.dumps(json.loads(golden), separators=(",", ":"))
    said = json.dumps('"graph":{},"sandbox":"none"')
    later = first.replace(json.dumps(json.loads(first)["request"]), said)
    other = first.replace('"graph":{"services":[', '"graph":{"services":[{"name":"new","path":"new"},')
    events = [parse("run_created", body) for body in (first, later, other)]
    assert [isinstance(event, RunCreated) for event in events] == [True] * 3
    assert events[0].graph is events[1].graph
    assert events[1].request == json.loads(said)
    assert events[2].graph.services[1:] == events[0].graph.services


def test_a_graph_that_cannot_be_read_makes_an_unknown_event():
    golden = next(file for file in GOLDEN if file.stem == "run_created").read_text()
    body = json.dumps(json.loads(golden) | {"graph": {"services": 7}}, separators=(",", ":"))
    assert parse("run_created", body) == Unknown(original="run_created", payload=body)


def test_an_envelope_keeps_its_place_and_its_time_zone():
    event = '{"kind":"plan_approved","by":"ann"}'
    text = f'{{"seq":7,"run":"r1","service":null,"at":"2026-01-02T03:04:05.678901Z","event":{event}}}'
    envelope = Envelope.model_validate_json(text)
    assert envelope.model_dump_json() == text
    assert Draft(run="r1", event=envelope.event).service is None
