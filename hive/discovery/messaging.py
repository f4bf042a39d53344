"""Who hears whom: messages that are sent, matched with messages that are taken."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

from hive.discovery.constants import Constants
from hive.discovery.facts import Facts, Signal
from hive.discovery.links import HOST, LITERAL, NAME, Links, Owner
from hive.discovery.naming import Naming

_SHORTEST_PATTERN = 3
_OWN = ("=this.", "=self.", "=cls.")


class Message:
    """A message that one service sends or takes, its addresses resolved."""

    def __init__(self, service: str, signal: Signal, constants: Constants, path: str) -> None:
        """Resolves the signal's references in the service's own scope."""
        self.service = service
        self.source = signal.source
        self.where = f"{path}:{signal.line}"
        keys = frozenset(value for key in signal.keys for value in constants.resolve(key, service))
        broad = constants.resolve(signal.broad, service) if signal.broad else frozenset[str]()
        self.keys = frozenset(filter(_is_known, keys))
        self.broad = frozenset(filter(_is_known, broad))


def message_links(
    calls: Links, events: Links, facts: Sequence[Facts], owner: Owner, naming: Naming, constants: Constants
) -> None:
    """Adds events to `events`, and commands over channels to `calls`."""
    plain: dict[str, list[Message]] = {"publish": [], "subscribe": [], "call": [], "handle": []}
    typed: list[Message] = []
    for fact in facts:
        service = owner(fact.path)
        for signal in fact.signals if service else ():
            message = Message(service or "", signal, constants, fact.path)
            (typed if signal.typed else plain[signal.role]).append(message)
    for message in plain["subscribe"]:
        if message.source:
            events.add(naming.by_name(message.source), message.service, message.where, HOST)
    for sender, taker in _matches(plain["publish"], plain["subscribe"]):
        events.add(sender.service, taker.service, sender.where, LITERAL)
    for sender, taker in _matches(plain["call"], plain["handle"]):
        calls.add(sender.service, taker.service, sender.where, LITERAL)
    _class_links(events, facts, owner, typed)


def _is_known(key: str) -> bool:
    """A reference that nobody explains counts only when it is a settings key, which services may share."""
    return not key.startswith("=") or ("." in key and not key.startswith(_OWN) and key.islower())


def _matches(senders: Sequence[Message], takers: Sequence[Message]) -> Iterator[tuple[Message, Message]]:
    """Pairs of which one takes what the other sends: by topic, queue or routing key, else by the exchange alone."""
    by_key: dict[str, list[Message]] = {}
    by_exchange: dict[str, list[Message]] = {}
    for sender in senders:
        for key in sender.keys:
            by_key.setdefault(key, []).append(sender)
        for key in sender.broad or sender.keys:
            by_exchange.setdefault(key, []).append(sender)
    for taker in takers:
        for key in taker.keys:
            for sent in _spelled(key, by_key):
                yield from ((sender, taker) for sender in by_key[sent])
        for key in taker.broad or taker.keys:
            alone = (sender for sender in by_exchange.get(key, ()) if not sender.keys or not taker.keys)
            yield from ((sender, taker) for sender in alone)


def _spelled(key: str, sent: dict[str, list[Message]]) -> list[str]:
    """The sent keys that a subscription's key takes; `*`, `#` and `>` are the brokers' wildcards."""
    pattern = key.replace("#", "*").replace(">", "*")
    if "*" not in pattern:
        return [key] if key in sent else []
    if len(pattern.strip("*.")) < _SHORTEST_PATTERN:
        return []
    return [name for name in sent if fnmatchcase(name, pattern)]


def _class_links(events: Links, facts: Sequence[Facts], owner: Owner, takers: Sequence[Message]) -> None:
    """Message classes: whoever creates one publishes it to all who handle it."""
    wanted: dict[str, list[Message]] = {}
    for taker in takers:
        for key in taker.keys:
            wanted.setdefault(key, []).append(taker)
    for fact in facts:
        for name, line in fact.made:
            for taker in wanted.get(name, ()):
                events.add(owner(fact.path), taker.service, f"{fact.path}:{line}", NAME)
