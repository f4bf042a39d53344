"""Clients that name the service they call: declarative HTTP clients, RPC proxies, sidecars, discovery."""

import re
from collections.abc import Iterator

from hive.discovery.facts import Mention
from hive.discovery.lines import Lines

_STRING = re.compile(r"[\"'`]([\w./:-]{2,120})[\"'`]")
_CLIENTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("FeignClient", re.compile(r"@FeignClient\s*\(([^)]{0,400})\)")),
    ("@Client", re.compile(r"@Client\s*\(([^)]{0,400})\)")),
    ("RegisterRestClient", re.compile(r"@RegisterRestClient\s*\(([^)]{0,400})\)")),
    ("RpcProxy", re.compile(r"\bRpcProxy\(([^)]{0,400})\)")),
    ("ServiceRpc", re.compile(r"\bServiceRpc\(([^)]{0,400})\)")),
    ("getInstances", re.compile(r"\bgetInstances\(([^)]{0,400})\)")),
    ("getNextServerFromEureka", re.compile(r"\bgetNextServerFromEureka\(([^)]{0,400})\)")),
    ("dapr-app-id", re.compile(r"dapr-app-id[\"']?\s*[\],:=]+\s*([\"'][\w.-]+[\"'])")),
    ("nvoke", re.compile(r"\b(?:Create)?[Ii]nvoke_?[Mm]ethod\w*(?:<[^>\n]{0,80}>)?\(([^;\n]{0,200})")),
    ("CreateInvokeHttpClient", re.compile(r"\bCreateInvokeHttpClient\(([^)]{0,400})\)")),
    ("invoker.invoke", re.compile(r"\binvoker\.invoke\(([^;\n]{0,200})")),
)
_INVOKE_PATH = re.compile(r"/v1\.0/invoke/([\w.-]+)/method")
_ACTION = re.compile(r"\b(?:ctx|broker|context)\.call\(\s*[\"'`](?:v\d+\.)?([\w-]+)\.[\w.-]+[\"'`]")
_MICRO = re.compile(r"\bNew(?:\w+Service|Request)\(\s*\"((?:[a-z0-9-]+\.)+[a-z0-9-]+)\"")
_RESOLVER = re.compile(r"\b(?:discovery|consul|etcd|dns|kubernetes|polaris|nacos)://[^/\"'\s]*/([\w.-]+)")
_NAMED = (("/invoke/", _INVOKE_PATH), (".call(", _ACTION), ("://", _RESOLVER), ("New", _MICRO))
_INJECTED = re.compile(r"@Inject\(\s*[\"']?(?:\w+\.)*([A-Za-z]\w*?)(?:_CLIENT|_PACKAGE|Client)?[\"']?\s*\)")
_CANDIDATE = re.compile(r"[\"'`]([A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)+)[\"'`]")
_CONTEXT = re.compile(r"(\w+)[\"']?\s*(?:[:=]+\s*|\(\s*|\]\s*=\s*)$")
_ADDRESSES = re.compile(
    r"url|uri|host|service|client|proxy|call|invoke|discover|instance|address|addr|endpoint|remote|rpc|upstream|target|dial",
    re.IGNORECASE,
)
_LOOK_BEHIND = 60
_SELF = re.compile(
    r"with_?client|client_?(id|name)|service_?name|application_?name|serviceaccount|hostname$|logger|tracer",
    re.IGNORECASE,
)


def client_mentions(text: str, candidates: frozenset[str]) -> Iterator[Mention]:
    """Named clients, and addresses that equal one of the `candidates`: deploy names of several words."""
    lines = Lines(text)
    yield from _declared(lines)
    for mark, pattern in _NAMED:
        if mark in text:
            for found in pattern.finditer(text):
                yield from _mention(lines, found.start(), found[1].rpartition(".")[2], "host")
    if "@Inject(" in text and (".send(" in text or "getService" in text):
        for found in _INJECTED.finditer(text):
            yield from _mention(lines, found.start(), found[1], "name")
    for found in _CANDIDATE.finditer(text):
        if found[1].lower() in candidates and _is_addressed(text, found.start()):
            yield from _mention(lines, found.start(), found[1], "literal")


def _declared(lines: Lines) -> Iterator[Mention]:
    """Strings in the arguments of clients that are declared by name."""
    for mark, pattern in _CLIENTS:
        if mark in lines.text:
            for found in pattern.finditer(lines.text):
                for literal in _STRING.findall(found[1]):
                    yield from _mention(lines, found.start(), literal.rpartition("//")[2], "host")


def _is_addressed(text: str, offset: int) -> bool:
    """Whether what a string is given to is called like an address or a client, and not like a name of one's own."""
    context = _CONTEXT.search(text[max(0, offset - _LOOK_BEHIND) : offset])
    return context is not None and bool(_ADDRESSES.search(context[1])) and not _SELF.search(context[1])


def _mention(lines: Lines, offset: int, text: str, form: str) -> Iterator[Mention]:
    if not lines.commented(offset):
        number = lines.number(offset)
        yield Mention(text, "host" if form == "host" else "name" if form == "name" else "literal", number)
