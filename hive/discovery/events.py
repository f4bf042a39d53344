"""Messages that code sends and takes: brokers, event buses, command channels."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from hive.discovery.arguments import key_of, keys_of, split_arguments
from hive.discovery.brokers import PATTERNS, Pattern
from hive.discovery.facts import Signal
from hive.discovery.lines import Lines

_KEYWORD = re.compile(r"^([A-Za-z_]\w*)\s*[:=]\s*(?![:=])(.+)$", re.DOTALL)
_BROAD = frozenset({"exchange", "exchangename", "exchange_name", "pubsub_name", "pubsubname", "pubsub"})
_NARROW = frozenset(
    {
        "topic",
        "topics",
        "queue",
        "queues",
        "routingkey",
        "routing_key",
        "routingkeys",
        "key",
        "destination",
        "subject",
    }
    | {"subjects", "channel", "topicname", "topic_name", "queue_name", "queuename", "name", "value", "stream"}
    | {"queueurl", "topicarn", "topicpattern", "event", "keys", "queuenames"}
)
_HEARD_FROM = re.compile(r"@event_handler\(\s*[\"']([\w.-]+)[\"']\s*,\s*[\"']([\w.-]+)[\"']")
_BINDING = re.compile(
    r"BindingBuilder\s*\.\s*bind\([^)]{0,200}\)+\s*\.\s*to\(\s*([\w.]+)(?:\(\))?\s*\)(?:\s*\.\s*with\(\s*([^)\s]+)\s*\))?"
)
_QUEUE_URL = re.compile(r"\b(?:QueueUrl|queue_url|TopicArn|topic_arn|queueUrl)[\"']?\s*[:=]\s*([^,;)}\n]+)")
_MOST = 500
"""Finds of one pattern that are looked at in a file."""
_TAKES = re.compile(r"ReceiveMessage|receive_message|receiveMessage")
_SENDS = re.compile(r"SendMessage|send_message|sendMessage|PublishCommand|sns\w*\.publish")


@dataclass
class _Address:
    """What the arguments of one call say, while they are read."""

    keys: list[str] = field(default_factory=list)
    broad: str = ""
    positional: list[str] = field(default_factory=list)

    def take(self, argument: str) -> None:
        """Sort one argument by its keyword."""
        keyword = _KEYWORD.match(argument)
        if keyword and keyword[1].lower() in _BROAD:
            self.broad = self.broad or next(iter(keys_of(keyword[2])), "")
        elif keyword and keyword[1].lower() in _NARROW:
            self.keys.extend(keys_of(keyword[2]))
        elif argument.startswith("{") and ":" in argument:
            for part in split_arguments(argument, 1):
                if _KEYWORD.match(part):
                    self.take(part)
        elif not keyword:
            self.positional.append(argument)


def signals(text: str) -> Iterator[Signal]:
    """Every message that the file sends or takes, as far as its address can be read."""
    lines = Lines(text)
    for pattern in PATTERNS:
        if pattern.mark in text:
            for found in islice(pattern.head.finditer(text), _MOST):
                if not lines.commented(found.start()) and (signal := _signal(pattern, lines, found.end())):
                    yield signal
    if "event_handler" in text:
        for found in _HEARD_FROM.finditer(text):
            yield Signal("subscribe", (found[2],), lines.number(found.start()), source=found[1])
    if "BindingBuilder" in text:
        for found in _BINDING.finditer(text):
            keys = (key,) if (key := key_of(found[2] or "")) else ()
            yield Signal("subscribe", keys, lines.number(found.start()), key_of(found[1]) or "")
    yield from _cloud_queues(lines)


def _cloud_queues(lines: Lines) -> Iterator[Signal]:
    """Queues and topics that are named by an address: who receives in a file, takes from those that it names."""
    takes, sends = _TAKES.search(lines.text), _SENDS.search(lines.text)
    if not takes and not sends:
        return
    for found in _QUEUE_URL.finditer(lines.text):
        if key := key_of(found[1].strip()):
            yield Signal("subscribe" if takes else "publish", (key,), lines.number(found.start()))


def _signal(pattern: Pattern, lines: Lines, start: int) -> Signal | None:
    address = _Address()
    for argument in split_arguments(lines.text, start):
        address.take(argument)
    filled = [key for argument in address.positional[: pattern.arguments] for key in keys_of(argument)]
    if pattern.broad is not None and len(filled) > 1 and not address.broad:
        address.broad = filled.pop(min(pattern.broad, len(filled) - 1))
    keys = tuple(dict.fromkeys([*address.keys, *filled]))
    if not keys and not address.broad:
        return None
    produces = pattern.mark == "@Topic" and "@KafkaClient" in lines.text
    return Signal("publish" if produces else pattern.role, keys, lines.number(start), address.broad)
