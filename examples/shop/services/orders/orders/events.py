"""Tell the other services what happened. Delivery is at most once: a subscriber that is down misses it."""

import json
import logging
import urllib.request
import uuid
from datetime import UTC, datetime
from typing import Protocol

log = logging.getLogger("orders.events")


class Publisher(Protocol):
    def publish(self, kind: str, data: dict[str, object]) -> None: ...


class NullPublisher:
    def publish(self, kind: str, data: dict[str, object]) -> None:
        """Nobody listens."""


class HttpPublisher:
    def __init__(self, url: str, timeout: float = 2.0) -> None:
        self._url = url
        self._timeout = timeout

    def publish(self, kind: str, data: dict[str, object]) -> None:
        request = urllib.request.Request(
            self._url,
            data=json.dumps(cloud_event(kind, data)).encode(),
            headers={"Content-Type": "application/cloudevents+json"},
        )
        try:
            urllib.request.urlopen(request, timeout=self._timeout).close()
        except OSError as error:
            log.warning("event lost", extra={"fields": {"kind": kind, "reason": str(error)}})


def cloud_event(kind: str, data: dict[str, object]) -> dict[str, object]:
    return {
        "specversion": "1.0",
        "id": uuid.uuid4().hex,
        "source": "/orders",
        "type": kind,
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "data": data,
    }
