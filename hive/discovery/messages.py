"""Message classes: who handles objects of a class, and who creates them."""

import re
from collections.abc import Iterator

from hive.discovery.facts import Signal
from hive.discovery.lines import Lines

_HANDLED = re.compile(
    r"\b(?:IConsumer|IIntegrationEventHandler|IHandleMessages|IIntegrationEventConsumer|IEventConsumer|IMessageHandler)"
    r"<\s*(?:[\w.]+\.)?(\w+)\s*>|"
    r"\b(?:AddSubscription|Subscribe|SubscribeAsync|AddConsumerFor)<\s*(\w+)\s*[,>]|\bonEvent\(\s*(\w+)\.class|"
    r"@EventHandler(?:\([^)]{0,80}\))?\s*(?:public\s+|private\s+|protected\s+)?(?:\w+\s+)?\w+\s*\(\s*(?:final\s+)?(?:@\w+\s+)?(\w+)\s"
)
_CALLBACK = re.compile(r"\bHandle(?:Async)?\(\s*([A-Z]\w+)\s+\w+\s*\)")
_MESSAGING = ("IMessageHandler", "RabbitMQ", "Kafka", "EventBus", "ServiceBus")
"""A handler method without an interface is one of messages only in a file that speaks of a broker."""
_MARKS = (
    "IConsumer",
    "IHandle",
    "IIntegrationEvent",
    "IMessageHandler",
    "IEventConsumer",
    "onEvent",
    "@EventHandler",
)
_MORE_MARKS = ("Subscribe<", "SubscribeAsync<", "AddSubscription<", "AddConsumerFor<")
_NEW = re.compile(
    r"\bnew\s+(?:[A-Za-z_]\w*\.)*([A-Z]\w+)\s*[({<]|\bMapTo([A-Z]\w+)\(|"
    r"\b(?:Adapt|Map|MapTo|Publish|PublishAsync|Send)<(?:[\w.]+\s*,\s*)?(\w+)>\s*\("
)
_CALLED = re.compile(r"(?<![\w.])(?<!class )(?<!fun )(?<!def )(?:\w+\.)?([A-Z]\w*[a-z]\w*)\s*\(")
_CALLED_IN = frozenset({"kotlin", "scala"})
_CREATES = frozenset({"java", "csharp", "groovy"}) | _CALLED_IN
_LIMIT = 400


def handled(text: str) -> Iterator[Signal]:
    """Subscriptions by message class."""
    lines = Lines(text)
    patterns = [_HANDLED] if any(mark in text for mark in (*_MARKS, *_MORE_MARKS)) else []
    if "Handle" in text and any(mark in text for mark in _MESSAGING):
        patterns.append(_CALLBACK)
    for found in (found for pattern in patterns for found in pattern.finditer(text)):
        name = found[found.lastindex or 0]
        if len(name) > 2 and not lines.commented(found.start()):
            yield Signal("subscribe", (name,), lines.number(found.start()), typed=True)


def made(text: str, language: str) -> tuple[tuple[str, int], ...]:
    """Classes that the text creates objects of, each with its first line."""
    if language not in _CREATES:
        return ()
    lines = Lines(text)
    first: dict[str, int] = {}
    for found in (_CALLED if language in _CALLED_IN else _NEW).finditer(text):
        name = found[found.lastindex or 0]
        if name not in first and len(first) < _LIMIT and not lines.commented(found.start()):
            first[name] = lines.number(found.start())
    return tuple(first.items())
