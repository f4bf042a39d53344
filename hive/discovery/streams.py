"""Channels that settings files bind to topics: Spring Cloud Stream, MicroProfile messaging, Dapr subscriptions."""

import re
from collections.abc import Iterator

from hive.discovery.documents import line_of, mapping, text_of, yaml_documents
from hive.discovery.facts import Signal

_OUT = re.compile(r"(-out-\d+|output|out|outbound|producer|publisher)$", re.IGNORECASE)
_SPRING = re.compile(
    r"^[ \t]*spring\.cloud\.stream\.(?:\w+\.)?bindings\.([\w-]+)\.destination\s*[=:]\s*(\S+)", re.MULTILINE
)
_PROFILE = re.compile(
    r"^[ \t]*mp\.messaging\.(incoming|outgoing)\.([\w.-]+?)\.(topic|queue\.name|address)\s*[=:]\s*(\S+)",
    re.MULTILINE,
)


def stream_signals(path: str, text: str) -> Iterator[Signal]:
    """What a settings file publishes and subscribes."""
    for found in _SPRING.finditer(text):
        yield _signal(
            "publish" if _OUT.search(found[1]) else "subscribe",
            found[2],
            text.count("\n", 0, found.start()) + 1,
        )
    for found in _PROFILE.finditer(text):
        yield _signal(
            "publish" if found[1] == "outgoing" else "subscribe",
            found[4],
            text.count("\n", 0, found.start()) + 1,
        )
    if path.endswith((".yml", ".yaml")) and ("bindings:" in text or "messaging:" in text):
        for document in yaml_documents(text):
            yield from _nested(document)


def _nested(document: object) -> Iterator[Signal]:
    stream = mapping(mapping(mapping(mapping(document).get("spring")).get("cloud")).get("stream"))
    for name, body in mapping(stream.get("bindings")).items():
        if destination := text_of(mapping(body).get("destination")):
            yield _signal(
                "publish" if _OUT.search(name) else "subscribe",
                destination,
                line_of(mapping(body)["destination"]),
            )
    messaging = mapping(mapping(mapping(document).get("mp")).get("messaging"))
    for way, role in (("outgoing", "publish"), ("incoming", "subscribe")):
        for name, body in mapping(messaging.get(way)).items():
            topic = text_of(mapping(body).get("topic")) or name
            yield _signal(role, topic, line_of(topic) if topic is not name else line_of(name))


def _signal(role: str, topic: str, line: int) -> Signal:
    return Signal("publish" if role == "publish" else "subscribe", (str(topic),), line)
