"""gRPC clients and servers, by the names that the generators of each language give them."""

import re
from collections.abc import Iterator

from hive.discovery.facts import Stub
from hive.discovery.lines import Lines

_CLIENTS = re.compile(
    r"\bNew(?P<go>[A-Z]\w*)Client\(|\bRegister(?P<gateway>[A-Z]\w*)Handler(?:FromEndpoint|Client)?\(|"
    r"\b(?P<java>[A-Z]\w*)Grpc\.(?:new\w*Stub\(|\w*Stub\b)|\b(?P<kotlin>[A-Z]\w*)GrpcKt\.\w*CoroutineStub|"
    r"\b(?P<csharp>[A-Z]\w*)\.(?P=csharp)Client\b|\b(?P<python>[A-Z]\w*)Stub\(|"
    r"\bnew\s+(?:(?:[\w$]+\.)+(?P<js>[A-Z]\w*)|(?P<js3>[A-Z]\w*Client))\s*\(|\b(?P<rust>[A-Z]\w*)Client::(?:connect|new|with_\w+)|"
    r"\bnew\s+\\?(?:\w+\\)*(?P<php>[A-Z]\w*)Client\(|\b(?P<ruby>[A-Z]\w*)::Stub\.new|\b(?P<cpp>[A-Z]\w*)::NewStub\(|"
    r"\bgetService<[^>]*>\(\s*[\"'](?P<nest>\w+)[\"']|\bcreate(?:Promise)?Client\(\s*(?P<connect>[A-Z]\w*)\b"
)
_SERVERS = re.compile(
    r"\bRegister(?P<go>[A-Z]\w*)Server\(|\b(?P<java>[A-Z]\w*?)(?:Coroutine)?ImplBase\b|"
    r"\b(?P<csharp>[A-Z]\w*)\.(?P=csharp)Base\b|\badd_(?P<python>[A-Z]\w*)Servicer_to_server|"
    r"\baddService\(\s*(?:[\w$\[\]\"']+\.)*(?P<js>[A-Z]\w*)\.service\b|\baddService\(\s*(?P<js2>[A-Z]\w*)Service\s*,|"
    r"\b(?P<rust>[A-Z]\w*)Server::(?:new|with_\w+)|\b(?P<cpp>[A-Z]\w*)::(?:Async)?Service\b|"
    r"@GrpcMethod\(\s*[\"'](?P<nest>\w+)[\"']|@(?P<nest2>[A-Z]\w*)ControllerMethods\(|"
    r"\bservice:\s*(?:[\w]+\.)*(?P<elixir>[A-Z]\w*)\.Service\b|\bNew(?P<connect>[A-Z]\w*)Handler\("
)
_IMPORT = re.compile(r"^[ \t]*(import|from|using|use|package|include)\b")


def stubs(text: str, services: frozenset[str]) -> Iterator[Stub]:
    """Clients and servers of the proto `services`."""
    if not services:
        return
    lines = Lines(text)
    for found in _SERVERS.finditer(text):
        if (name := _known(found, services)) and not _aside(lines, found.start()):
            yield Stub(name, "server", lines.number(found.start()))
    for found in _CLIENTS.finditer(text):
        if (name := _known(found, services)) and not _aside(lines, found.start()):
            yield Stub(name, "client", lines.number(found.start()))


def _aside(lines: Lines, offset: int) -> bool:
    return lines.commented(offset) or bool(_IMPORT.match(lines.line(offset)))


def _known(found: re.Match[str], services: frozenset[str]) -> str | None:
    name = found[found.lastgroup or 0]
    forms = [name, name.removesuffix("Client"), name.removesuffix("Grpc")]
    if found.lastgroup == "go":
        forms.append(f"{name}Service")
    return next((form for form in forms if form in services), None)
