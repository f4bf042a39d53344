"""One pass over source code and settings: every file is read once, and every kind of evidence taken from it."""

import re
from collections.abc import Iterable, Iterator
from posixpath import basename, splitext

from hive.contracts.generated import HEAD, is_generated
from hive.discovery.addresses import address_mentions
from hive.discovery.clients import client_mentions
from hive.discovery.compose import dotenv
from hive.discovery.constants import Constant, code_constants, settings_constants
from hive.discovery.docker import FILES as DOCKERFILES
from hive.discovery.entries import entry_of
from hive.discovery.events import signals
from hive.discovery.facts import Facts, Mention
from hive.discovery.messages import handled, made
from hive.discovery.roles import is_among_generated, is_test_path
from hive.discovery.sources import Sources, language_of
from hive.discovery.streams import stream_signals
from hive.discovery.stubs import stubs

_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
_DENSE_SIZE = 20_000
_DENSE_LINE = 400
_DATA_LIMIT = 200_000
"""Settings files above this size are data."""
_PARSED_ELSEWHERE = re.compile(
    r"((docker-)?compose|docker-stack|stack)([._-].*)?\.ya?ml|.*[._-](docker-)?compose\.ya?ml|package\.json|pom\.xml|"
    r"tsconfig.*\.json|\.eslintrc.*|.*\.schema\.json|project\.json|angular\.json|nx\.json|renovate\.json|skaffold.*|"
    r"(cloudbuild|bitbucket-pipelines|\.travis|azure-pipelines|\.gitlab-ci|mkdocs|buildspec|appveyor).*\.ya?ml|"
    r".*\.csproj|pyproject\.toml|cargo\.toml|chart\.yaml|" + DOCKERFILES,
    re.IGNORECASE,
)


def scan(
    sources: Sources, candidates: frozenset[str], services: frozenset[str], contracts: Iterable[str]
) -> Iterator[Facts]:
    """Facts of every file that shows any.

    `candidates` are deploy names of several words, `services` the gRPC services of the tree's proto files;
    contract files themselves say nothing about who calls whom.
    """
    skipped = frozenset(contracts)
    for path in sources.scannable():
        if path in skipped or is_test_path(path) or is_among_generated(path):
            continue
        text = sources.once(path)
        if not text or _is_dense(text):
            continue
        language = language_of(path)
        if language and is_generated(path, text[:HEAD].encode()):
            continue
        facts = _code(path, language, text, candidates, services) if language else _settings(path, text)
        if facts:
            yield facts


def _code(path: str, language: str, text: str, candidates: frozenset[str], services: frozenset[str]) -> Facts:
    mentions: list[Mention] = [*address_mentions(text, settings=False), *client_mentions(text, candidates)]
    return Facts(
        path,
        entry_of(path, language, text),
        tuple(dict.fromkeys(mentions)),
        tuple(stubs(text, services)),
        (*signals(text), *handled(text)),
        tuple(code_constants(text)),
        made(text, language),
        frozenset(_VARIABLE.findall(text)),
    )


def _settings(path: str, text: str) -> Facts | None:
    name = basename(path)
    if len(text) > _DATA_LIMIT or _PARSED_ELSEWHERE.fullmatch(name) or _is_cluster_object(path, text):
        return None
    constants: tuple[Constant, ...] = tuple(settings_constants(path, text))
    if name.startswith(".env"):
        constants += tuple(Constant(key, value) for key, value in dotenv(text).items())
    mentions = tuple(dict.fromkeys(address_mentions(text, settings=True)))
    return Facts(
        path,
        mentions=mentions,
        constants=constants,
        signals=tuple(stream_signals(path, text)),
        variables=frozenset(_VARIABLE.findall(text)),
    )


def _is_cluster_object(path: str, text: str) -> bool:
    """Kubernetes objects speak for their workloads, which are read on their own."""
    return splitext(path)[1] in (".yaml", ".yml", ".tpl") and "apiVersion:" in text and "kind:" in text


def _is_dense(text: str) -> bool:
    """Whether a file is bundled or packed: large, with hardly any line breaks."""
    return len(text) > _DENSE_SIZE and text.count("\n") * _DENSE_LINE < len(text)
