"""Traces of runs: what the spans are, that a restart goes on, and that a real collector can read them."""

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from hive import events as e
from hive.orchestrator.tracer import Tracer, otlp_exporter, readable, wanted
from hive.orchestrator.traces import Span, Traces
from hive.store import Database, SqlEventLog
from tests.dashboard.conftest import Story


@pytest.fixture
def log(tmp_path) -> Iterator[SqlEventLog]:
    database = Database.open(tmp_path / "hive.db")
    yield SqlEventLog(database)
    database.close()


def write(log, envelopes):
    log.append(*(e.Draft(run=x.run, service=x.service, event=x.event) for x in envelopes))


def spans_of(envelopes) -> list[Span]:
    traces = Traces()
    return [span for envelope in envelopes for span in traces.take(envelope)]


def closed() -> Story:
    return Story().landed()


def test_a_run_is_one_trace_of_services_turns_tools_and_checks():
    spans = spans_of(closed().envelopes)
    by_id = {span.id: span for span in spans}
    assert len(by_id) == len(spans)
    (root,) = [span for span in spans if span.parent is None]
    assert (root.name, root.attributes["hive.outcome"]) == ("run", "landed")
    turn = next(span for span in spans if span.name.startswith("invoke_agent"))
    assert turn.attributes["gen_ai.operation.name"] == "invoke_agent"
    assert by_id[turn.parent].name.startswith("service ")
    check = next(span for span in spans if span.name.startswith("check "))
    assert check.start <= check.end
    assert all(span.end and span.start <= span.end for span in spans)
    assert {"run", "landing"} <= {span.name for span in spans}


def test_a_turn_has_what_it_spent_and_its_tools_and_no_words():
    def told(**report):
        return e.AgentReported.model_validate({"turn": 1, "report": report})

    story = Story().begun().working("users")
    for report in (
        {"report": "tool_called", "tool": "Ba\x1b[31msh\n", "summary": "cat password.txt"},
        {"report": "spent", "input_tokens": 7, "output_tokens": 2, "cost_usd": 0.5},
        {"report": "tool_returned", "tool": "Ba\x1b[31msh\n", "outcome": "denied", "summary": "hunter2"},
        {"report": "spent", "input_tokens": 1, "output_tokens": 1, "cost_usd": 0.25},
    ):
        story.tell(told(**report), service="users")
    story.tell(e.TurnFinished(turn=1, outcome="failed", reason="hunter2"), service="users")
    spans = spans_of(story.envelopes)
    tool, turn = next(span for span in spans if "Ba" in span.name), spans[-1]
    assert tool.parent == turn.id
    assert tool.name.isprintable()
    assert tool.name.startswith("execute_tool Ba")
    assert tool.error == "denied"
    assert turn.error == "failed"
    assert turn.attributes["hive.cost_usd"] >= 0.75
    assert turn.attributes["gen_ai.usage.input_tokens"] >= 8
    assert "password" not in str(spans)
    assert "hunter2" not in str(spans)


def test_a_new_engine_goes_on_with_the_same_ids_and_repeats_nothing(log, tmp_path):
    envelopes = closed().envelopes
    memory = tmp_path / "traced.json"
    exporter = InMemorySpanExporter()
    Tracer(log, exporter, memory).tell()  # tracing begins with an empty log
    for start in range(0, len(envelopes), 5):
        write(log, envelopes[start : start + 5])
        Tracer(log, exporter, memory).tell()
    got = [span.context.span_id for span in exporter.get_finished_spans()]
    assert got == [readable(span).context.span_id for span in spans_of(log.read())]
    assert len({span.context.trace_id for span in exporter.get_finished_spans()}) == 1


def test_what_was_over_before_tracing_began_is_not_told(log, tmp_path):
    write(log, closed().envelopes)
    exporter = InMemorySpanExporter()
    Tracer(log, exporter, tmp_path / "traced.json").tell()
    assert exporter.get_finished_spans() == ()


class Collector(BaseHTTPRequestHandler):
    """Takes what OTLP exporters send."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, self.headers["X-Key"], body))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def collector(monkeypatch) -> Iterator[HTTPServer]:
    server = HTTPServer(("127.0.0.1", 0), Collector)
    server.taken, server.status = [], 200  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-key=k")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_collector_gets_the_trace_over_otlp(log, tmp_path, collector):
    async def engine():
        tracer = Tracer(log, otlp_exporter(), tmp_path / "traced.json")
        tracer.look()
        await tracer._running
        write(log, closed().envelopes)
        tracer.look()
        await tracer.close()

    asyncio.run(engine())
    spans = []
    for path, key, body in collector.taken:
        assert (path, key) == ("/v1/traces", "k")
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            spans += [span for scope in resource.scope_spans for span in scope.spans]
    assert {span.name for span in spans} >= {"run", "landing"}
    assert len({span.trace_id for span in spans}) == 1


def test_a_collector_that_refuses_loses_nothing(log, tmp_path, collector):
    collector.status = 400
    memory = tmp_path / "traced.json"
    Tracer(log, otlp_exporter(), memory).tell()
    write(log, closed().envelopes)
    Tracer(log, otlp_exporter(), memory).tell()
    refused = len(collector.taken)
    assert refused
    collector.status = 200
    Tracer(log, otlp_exporter(), memory).tell()
    assert collector.taken[-1][2] == collector.taken[0][2]


@pytest.mark.parametrize(
    ("environ", "yes"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://x"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_traces_are_made_only_where_a_collector_is_named(environ, yes):
    assert wanted(environ) is yes
