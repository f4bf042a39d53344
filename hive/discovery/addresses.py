"""Hosts, ports and address-like names in code and settings."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from hive.discovery.facts import Mention
from hive.discovery.lines import Lines

_SCHEMES = frozenset(
    {
        "http",
        "https",
        "grpc",
        "grpcs",
        "lb",
        "ws",
        "wss",
        "dns",
        "h2c",
        "http2",
        "discovery",
        "consul",
        "tcp",
        "thrift",
    }
)
_URL = re.compile(
    r"://(?:[^\s/@\"'<>`]{0,80}@)?/?"
    r"(?:([A-Za-z_][\w.-]*)|[$#]?\{{1,2}\s*(?:process\.env\.|env\.|ENV\[[\"'])?([A-Za-z_][\w.]*)(?::-?([\w.-]+))?[^}\n]{0,40}\}{1,2}|"
    r"\$([A-Za-z_]\w*))"
    r"(?::(\d{2,5}))?"
)
_SCHEME_BEFORE = re.compile(r"([a-z][a-z0-9]*)$")
_NUMBERED = re.compile(r":(\d{2,5})(?![\w.:])")
_HOST_BEFORE = re.compile(r"(?:^|[^\w./@-])([A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)*)$")
_HOST_LENGTH = 100
_SCHEME_LENGTH = 12
_MOST = 2000
"""Finds of one kind that are looked at in a file: more of them are data."""
_VARIABLE = re.compile(
    r"\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*?)_*(?:(ADDRESS|ADDR|HOSTNAME|HOST|BASE_?URL|URL|URI|ENDPOINT|UPSTREAM|TARGET|DESTINATION)S?"
    r"|ENDPOINTS_([A-Z][A-Z0-9_]*))\b"
)
_LITERAL = re.compile(r"[\"'`]([A-Za-z][\w.-]{1,60})[\"'`]|:-?([a-z][\w.-]{1,60})\}")
_CAMEL = re.compile(
    r"(?:Service|Svc|Api)(?:Base|Server|Grpc|Http)?(?:Url|URL|Uri|URI|Host|Addr|Address|Endpoint)\b"
)
_CAMEL_BEFORE = re.compile(r"\b([A-Za-z][A-Za-z0-9]*)$")
_KEYED = re.compile(
    r"^[ \t\-\"']*(?:[\w.-]*?(?:host|hostname|address|addr|url|uri|service-?id|service-?name|target|endpoint|upstream|"
    r"server))"
    r"[\"']?\s*[:=]\s*[\"']?([A-Za-z][\w.-]*|[$]\{\w+\})[\"']?\s*,?\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_EVENTS = re.compile(
    r"\b(?:[A-Z_]*_)?(?:EVENTS?|WEBHOOKS?)_(?:URL|URI|ENDPOINT|SINK|TARGET)\b|\bK_SINK\b|\bevents?_?(?:Url|url|sink|Sink)\b"
)
_EVENT_MARKS = (
    "EVENT",
    "WEBHOOK",
    "K_SINK",
    "ventUrl",
    "ventsUrl",
    "vent_url",
    "vents_url",
    "ventSink",
    "vents_sink",
)
_VARIABLE_MARKS = ("ADDR", "HOST", "URL", "URI", "ENDPOINT", "UPSTREAM", "TARGET", "DESTINATION")
_LOCAL = frozenset({"localhost", "127.0.0.1", "0.0.0.0", "host.docker.internal"})  # noqa: S104
_LOCAL_PORT = re.compile(r"\b(?:localhost|127\.0\.0\.1|host\.docker\.internal):(\d{4,5})\b")
_NOT_A_CALL = re.compile(
    r"cors|allow(ed)?[-_]?origin|redirect|callback|\bissuer|audience|licen[cs]e|@see|schema(s)?\.|xmlns|swagger|"
    r"webOrigins|healthcheck|postLogout|clientUri",
    re.IGNORECASE,
)
_NEVER_NAMES = frozenset(
    {"EMAIL_HOST", "DB_HOST", "MAIL_HOST", "SMTP_HOST", "SERVER_HOST", "SERVICE_HOST", "API_HOST"}
)


def address_mentions(text: str, *, settings: bool) -> Iterator[Mention]:
    """Everything in a file that may be the address of a service; `settings` files name hosts as plain values."""
    lines = Lines(text)
    speaks_of_events = any(mark in text for mark in _EVENT_MARKS)
    told = (
        {lines.number(found.start()) for found in _EVENTS.finditer(text)}
        if speaks_of_events
        else frozenset[int]()
    )
    parts = (
        _urls(lines),
        _host_ports(lines),
        _variables(lines),
        _keyed(lines) if settings else _identifiers(lines),
    )
    for part in parts:
        for mention in part:
            yield replace(mention, event=True) if mention.line in told else mention


def _keyed(lines: Lines) -> Iterator[Mention]:
    for found in islice(_KEYED.finditer(lines.text), _MOST):
        if not lines.commented(found.start(1)):
            value, number = found[1].strip("${}"), lines.number(found.start(1))
            yield Mention(value, "name" if found[1].startswith("$") else "host", number)


def _identifiers(lines: Lines) -> Iterator[Mention]:
    for found in islice(_CAMEL.finditer(lines.text), _MOST):
        about = _CAMEL_BEFORE.search(lines.text[max(0, found.start() - _HOST_LENGTH) : found.start()])
        if about and not lines.commented(found.start()):
            yield Mention(about[1], "name", lines.number(found.start()))


def _urls(lines: Lines) -> Iterator[Mention]:
    for found in islice(_URL.finditer(lines.text), _MOST):
        scheme = _SCHEME_BEFORE.search(lines.text[max(0, found.start() - _SCHEME_LENGTH) : found.start()])
        if not scheme or (scheme[1] not in _SCHEMES and not scheme[1].endswith(("http", "https"))):
            continue
        if lines.commented(found.start()) or _NOT_A_CALL.search(lines.line(found.start())):
            continue
        number = lines.number(found.start())
        if found[1] and found[1].lower() not in _LOCAL:
            yield Mention(found[1], "host", number)
        if found[3]:
            yield Mention(found[3], "host", number)
        if name := found[2] or found[4]:
            yield Mention(name.rpartition(".")[2], "name", number)


def _host_ports(lines: Lines) -> Iterator[Mention]:
    for found in islice(_NUMBERED.finditer(lines.text), _MOST):
        host = _HOST_BEFORE.search(lines.text[max(0, found.start() - _HOST_LENGTH) : found.start()])
        if not host or host[1].lower() in _LOCAL or lines.commented(found.start()):
            continue
        line = lines.line(found.start())
        if "image" not in line and not _NOT_A_CALL.search(line):
            yield Mention(host[1], "host", lines.number(found.start()))
    if (
        "localhost" not in lines.text
        and "127.0.0.1" not in lines.text
        and "docker.internal" not in lines.text
    ):
        return
    for found in islice(_LOCAL_PORT.finditer(lines.text), _MOST):
        if not lines.commented(found.start()) and not _NOT_A_CALL.search(lines.line(found.start())):
            yield Mention(found[1], "port", lines.number(found.start()))


def _variables(lines: Lines) -> Iterator[Mention]:
    """Environment variables with an address word, and the default beside them when it is a plain word."""
    if not any(mark in lines.text for mark in _VARIABLE_MARKS):
        return
    for found in islice(_VARIABLE.finditer(lines.text), _MOST):
        whole = found[0]
        if whole in _NEVER_NAMES or _NOT_A_CALL.search(whole) or lines.commented(found.start()):
            continue
        number = lines.number(found.start())
        for quoted, braced in _LITERAL.findall(lines.rest(found.end())):
            if (literal := quoted or braced) and not literal.isupper():
                yield Mention(literal, "host", number)
        about = found[3] or found[1]
        if found[2] != "ADDRESS" or about.endswith(("SERVICE", "SVC", "SERVER", "API")):
            yield Mention(about, "name", number)
