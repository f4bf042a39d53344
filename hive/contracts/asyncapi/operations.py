"""The operations of AsyncAPI 2 and 3 documents, both in one shape."""

from collections.abc import Iterator
from typing import NamedTuple

from hive.contracts.place import Place, resolve, top
from hive.contracts.source import Source


class Message(NamedTuple):
    """A message that an operation sends or receives."""

    name: str
    place: Place
    payload: Place | None
    headers: Place | None


class EventOperation(NamedTuple):
    """The application that a document describes sends or receives messages on a channel."""

    name: str
    """`publish order.created` for what the application sends, `subscribe order.created` for what it takes."""
    place: Place
    sends: bool
    address: str
    messages: dict[str, Message]


def operations(source: Source) -> Iterator[EventOperation]:
    """Every operation of the document."""
    if str(source.value.get("asyncapi", "")).startswith("3"):
        yield from _version_3(source)
    else:
        yield from _version_2(source)


def _version_2(source: Source) -> Iterator[EventOperation]:
    for channel in top(source.value).children("channels"):
        item = resolve(channel) or channel
        # In version 2, `subscribe` is what others can do: the application itself sends there.
        for verb, sends in (("subscribe", True), ("publish", False)):
            place = item.child(verb)
            if place is not None:
                messages = dict(_messages(place.child("message")))
                yield EventOperation(_name(sends, channel.name), place, sends, channel.name, messages)


def _version_3(source: Source) -> Iterator[EventOperation]:
    for operation in top(source.value).children("operations"):
        place = resolve(operation) or operation
        found = place.child("channel")
        channel = (resolve(found) or found) if found else None
        label = channel.name if channel is not None and channel.ref is None else place.name
        address = str(channel.map.get("address") or label) if channel else label
        sends = place.map.get("action") == "send"
        listed = place.children("messages") or (channel.children("messages") if channel else [])
        messages = {name: message for one in listed for name, message in _messages(one)}
        yield EventOperation(_name(sends, address), place, sends, address, messages)


def _name(sends: bool, channel: str) -> str:
    return f"{'publish' if sends else 'subscribe'} {channel}"


def _messages(place: Place | None) -> Iterator[tuple[str, Message]]:
    if place is None:
        return
    for one in place.children("oneOf") or [place]:
        found = resolve(one) or one
        name = str(found.map.get("name") or message_name(found, one))
        yield name, Message(name, found, _payload(found), found.child("headers"))


def message_name(found: Place, used: Place) -> str:
    """The name of a message that has none of its own: the key under which it stands."""
    key = found.name if found.path[:-1][-1:] == ("messages",) else used.name
    return "message" if key.isdigit() else key


def _payload(message: Place) -> Place | None:
    payload = message.child("payload")
    if payload is not None and "schemaFormat" in payload.map:
        return payload.child("schema")
    return payload


def schema_format(message: Place) -> str:
    """The language of a payload schema; empty for AsyncAPI's own."""
    payload = message.child("payload")
    inner = payload.map.get("schemaFormat") if payload is not None else None
    text = str(message.map.get("schemaFormat") or inner or "")
    known = "asyncapi" in text or "schema+json" in text or "schema+yaml" in text or "openapi" in text
    return "" if known else text
