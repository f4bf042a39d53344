"""Which code serves or calls an RPC service: by the names that gRPC's generators give to the two ends."""

import re
from typing import Literal, NamedTuple

from hive.orchestrator.planner.sources import Source


class Call(NamedTuple):
    """A place in a service's code that serves or calls an RPC service."""

    service: str
    path: str
    line: int
    role: Literal["serves", "calls"]


def pattern(remote: str) -> re.Pattern[bytes]:
    """Matches both ends of an RPC service, in the languages that gRPC generates."""
    name = re.escape(remote.encode())
    serves = (
        rb"(?:Register|Unimplemented)%s(?:Http|Grpc)?Server|%sServicer|%sImplBase|%s\.%sBase|\b%s\.service\b"
    )
    calls = (
        rb"New%sClient|%sStub|%s(?:Blocking|Future)Stub|%sClient|new\s+(?:\w+\.)*%s\b|\b%sGrpc\.new\w*Stub"
    )
    return re.compile(
        rb"(?P<serves>" + serves % ((name,) * 6) + rb")|(?P<calls>" + calls % ((name,) * 6) + rb")"
    )


def calls(source: Source, wanted: re.Pattern[bytes]) -> list[Call]:
    """The first place of each role in a file."""
    found: dict[str, Call] = {}
    for match in wanted.finditer(source.raw):
        role: Literal["serves", "calls"] = "serves" if match.lastgroup == "serves" else "calls"
        line = source.raw.count(b"\n", 0, match.start()) + 1
        found.setdefault(role, Call(source.service, source.path, line, role))
    return list(found.values())
