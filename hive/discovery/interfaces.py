"""Contract files, found by their content."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename

from hive.contracts import detect
from hive.discovery.roles import is_test_path
from hive.discovery.sources import Sources
from hive.model import ContractKind

_FILES = r".*\.(proto|ya?ml|json|avsc|avdl|graphqls?|gql|groovy)"
_CONTRACTS_IN_TESTS = re.compile(r"(^|/)src/test/resources/contracts/.*\.groovy$")
"""Where Spring Cloud Contract looks for them when it is told nothing else."""
_HINTS = (b"openapi", b"swagger", b"asyncapi", b"$schema", b"properties", b'"fields"', b'"record"', b'"enum"')
_NOT_CONTRACTS = re.compile(
    r"package\.json|tsconfig.*\.json|composer\.json|angular\.json|nx\.json|project\.json|turbo\.json|values\.schema\.json|"
    r"appsettings.*\.json|launchSettings\.json|.*\.postman_collection\.json|\.eslintrc.*|jest\.config.*|renovate\.json|"
    r"(application|bootstrap)[\w.-]*\.ya?ml|chart\.yaml|values.*\.ya?ml|kustomization\.ya?ml|((docker-)?compose).*\.ya?ml|cloudbuild\.ya?ml",
    re.IGNORECASE,
)
_WELL_KNOWN = re.compile(
    r"(^|/)(google/(api|protobuf|rpc|type|longrunning|cloud|iam)|grpc/(health|reflection)|validate/validate|buf/validate|"
    r"gogoproto|protoc-gen-openapiv2|protoc-gen-validate|opentelemetry/proto|envoy|xds|udpa|dapr/proto|k8s\.io)(/|\.proto$|$)"
)
_WELL_KNOWN_PACKAGE = re.compile(
    r"^[ \t]*package\s+(google\.|grpc\.(health|reflection)|validate\b|buf\.validate|gogoproto|grpc\.gateway|"
    r"opentelemetry\.proto|envoy\.|dapr\.proto|k8s\.io)",
    re.MULTILINE,
)
_PROTO_SERVICE = re.compile(r"^[ \t]*service\s+(\w+)\s*\{?", re.MULTILINE)
_PROTO_PACKAGE = re.compile(r"^[ \t]*package\s+([\w.]+)\s*;", re.MULTILINE)
_LINE_COMMENT = re.compile(r"(?<!:)//[^\n]*|^[ \t]*#[^\n]*", re.MULTILINE)
_DETAIL = re.compile(r"^[ \t]*(option|package|syntax|import|edition)\b.*$", re.MULTILINE)
_TITLE = re.compile(r"[\"']?title[\"']?\s*:\s*[\"']?([^\"'\n,{}]+)")


@dataclass(frozen=True)
class Interface:
    """A contract file before anybody knows whose it is."""

    path: str
    kind: ContractKind
    lines: frozenset[str]
    """Its lines without comments, spaces and language options: what copies have in common."""
    services: tuple[str, ...] = ()
    """gRPC services that it defines."""
    package: str = ""
    title: str = ""


def interfaces(sources: Sources) -> Iterator[Interface]:
    """Every contract file but tests' and well-known third-party ones."""
    for path in sources.named(_FILES):
        name = basename(path)
        if is_test_path(path) and not _CONTRACTS_IN_TESTS.search(path):
            continue
        if _NOT_CONTRACTS.fullmatch(name) or _WELL_KNOWN.search(path):
            continue
        raw = sources.raw(path)
        if not raw or (name.endswith((".json", ".yaml", ".yml")) and not any(hint in raw for hint in _HINTS)):
            continue
        kind = detect(path, raw)
        if kind:
            text = raw.decode("utf-8", "replace")
            if kind == "protobuf" and _WELL_KNOWN_PACKAGE.search(text):
                continue
            yield _interface(path, kind, text)


def _interface(path: str, kind: ContractKind, text: str) -> Interface:
    plain = _LINE_COMMENT.sub("", _without_blocks(text))
    package = _PROTO_PACKAGE.search(plain)
    title = _TITLE.search(plain)
    body = _DETAIL.sub("", plain) if kind == "protobuf" else plain
    return Interface(
        path,
        kind,
        frozenset(
            line
            for line in (re.sub(r"\s+", "", line).strip(",;") for line in body.splitlines())
            if len(line) > 1
        ),
        tuple(_PROTO_SERVICE.findall(plain)) if kind == "protobuf" else (),
        package[1] if package and kind == "protobuf" else "",
        title[1].strip() if title and kind != "protobuf" else "",
    )


def _without_blocks(text: str) -> str:
    """The text without `/* … */`; an expression would look for the end again and again."""
    kept, position = [], 0
    while (start := text.find("/*", position)) >= 0:
        kept.append(text[position:start])
        end = text.find("*/", start + 2)
        position = end + 2 if end >= 0 else len(text)
    return "".join((*kept, text[position:]))
