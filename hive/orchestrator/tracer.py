"""Exports the spans of runs by OpenTelemetry, to where the user's own OTEL_* variables say."""

import asyncio
import functools
import hashlib
import json
import logging
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from hive import __version__
from hive.errors import UsageError
from hive.orchestrator.traces import Span, Traces
from hive.ports import EventLog

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter

_log = logging.getLogger(__name__)
PAGE = 2000
BATCH = 500
"""Spans in one request."""
MOST_WAITING = 10_000
"""Spans that wait for a collector which does not answer; the oldest are dropped."""
PATIENCE = 30.0
"""Seconds before a collector that refused is asked again."""


class Tracer:
    """Remembers in a small file how far it has told, so that a new engine goes on there."""

    def __init__(self, log: EventLog, exporter: "SpanExporter", memory: Path) -> None:
        self._log = log
        self._exporter = exporter
        self._memory = memory
        self._traces = Traces()
        self._told = _read(memory)
        self._seq = 0
        self._waiting: deque[Span] = deque(maxlen=MOST_WAITING)
        self._not_before = 0.0
        self._running: asyncio.Task[None] | None = None

    def look(self) -> None:
        """Tell what is over since the last time, beside what the engine does."""
        if self._running is None or self._running.done():
            self._running = asyncio.ensure_future(asyncio.to_thread(self.tell))

    async def close(self) -> None:
        """Tell the rest, unless the collector does not answer."""
        if self._running:
            await asyncio.gather(self._running, return_exceptions=True)
        await asyncio.to_thread(self.tell)
        await asyncio.to_thread(self._exporter.shutdown)

    def tell(self) -> None:
        """Fold what is new in the log and export what is over; blocks."""
        while page := self._log.read(self._seq, None, PAGE):
            for envelope in page:
                over = self._traces.take(envelope)
                self._seq = envelope.seq
                if self._told is not None and envelope.seq > self._told:
                    self._waiting.extend(over)
        if self._told is None:  # tracing begins now: what is over already is not told
            self._remember()
        if self._waiting and time.monotonic() >= self._not_before:
            self._export()

    def _export(self) -> None:
        from opentelemetry.sdk.trace.export import SpanExportResult

        while self._waiting:
            batch = [self._waiting[n] for n in range(min(BATCH, len(self._waiting)))]
            if self._exporter.export([readable(span) for span in batch]) is not SpanExportResult.SUCCESS:
                self._not_before = time.monotonic() + PATIENCE
                _log.warning("the collector of OTEL_EXPORTER_OTLP_ENDPOINT did not take %d spans", len(batch))
                return
            for _ in batch:
                self._waiting.popleft()
        self._remember()

    def _remember(self) -> None:
        self._told = self._seq
        part = self._memory.with_suffix(".part")
        part.write_text(json.dumps({"seq": self._seq}))
        part.replace(self._memory)


def readable(span: Span) -> "ReadableSpan":
    """The span for an exporter; its ids are made of the run and the event that it begins with."""
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.util.instrumentation import InstrumentationScope
    from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

    def context(name: str) -> SpanContext:
        flags = TraceFlags(TraceFlags.SAMPLED)
        return SpanContext(_number(span.run, 16), _number(f"{span.run}/{name}", 8), False, flags)

    attributes = dict(span.attributes) | ({"error.type": span.error} if span.error else {})
    return ReadableSpan(
        span.name,
        context(span.id),
        context(span.parent) if span.parent is not None else None,
        _resource(),
        attributes,
        kind=SpanKind.INTERNAL,
        status=Status(StatusCode.ERROR, span.error) if span.error else Status(),
        start_time=int(span.start.timestamp() * 1e9),
        end_time=int(span.end.timestamp() * 1e9) if span.end else None,
        instrumentation_scope=InstrumentationScope("hive", __version__),
    )


@functools.cache
def _resource() -> "Resource":
    from opentelemetry.sdk.resources import Resource

    return Resource.create({"service.name": "hive", "service.version": __version__})


def _number(text: str, size: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:size], "big")


def wanted(environ: Mapping[str, str]) -> bool:
    """Whether the user's environment names a collector."""
    named = any(environ.get(f"OTEL_EXPORTER_OTLP_{part}ENDPOINT") for part in ("", "TRACES_"))
    off = (
        environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
        or environ.get("OTEL_TRACES_EXPORTER") == "none"
    )
    return named and not off


def otlp_exporter() -> "SpanExporter":
    """Sends by OTLP over HTTP as the OTEL_* variables say. Raises UsageError when the packages are missing."""
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    except ImportError as error:
        raise UsageError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the packages for traces are missing",
            next_step="pip install 'hive-orchestrator[otel]', or OTEL_SDK_DISABLED=true",
        ) from error
    return OTLPSpanExporter()


def _read(path: Path) -> int | None:
    try:
        return int(json.loads(path.read_bytes())["seq"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
