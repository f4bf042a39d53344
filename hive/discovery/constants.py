"""Names that stand for strings: constants in code, keys in settings files."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from hive.discovery.documents import mapping, text_of, yaml_documents
from hive.discovery.names import tokens

_ASSIGNED = re.compile(r"=[ \t]*[\"']([^\"'\n]{1,120})[\"'][ \t]*(?:;|[,)]?[ \t]*(?:$|//|#))", re.MULTILINE)
_NAME_BEFORE = re.compile(r"([A-Za-z_]\w*)[\"']?[ \t]*(?::[ \t]*[\w.]+[ \t]*)?:?$")
_DEFAULTED = re.compile(
    r"[A-Z][A-Z0-9_]{2,}[\"']?\s*\)?\s*(?:,|\|\||\?\?|\?:|or)\s*[\"']([^\"'\n]{1,120})[\"']"
)
_ASSIGNEE = re.compile(r"([A-Za-z_]\w*)\s*(?::\s*[\w.]+\s*)?:?=[^\n;=]*$")
_LOOK_BEHIND = 120
_PROPERTY = re.compile(r"^[ \t]*([\w.-]+)\s*[=:]\s*([^\s#][^\n#]{0,120})$", re.MULTILINE)
_MEMBER = re.compile(r"^[ \t]*([A-Za-z_]\w*)\s*:\s*[\"']([^\"'\n]{1,120})[\"']\s*,?\s*$", re.MULTILINE)
_READ = re.compile(
    r"(?:getenv|environ(?:\.get)?|Getenv|LookupEnv|process\.env|ENV|GetEnvironmentVariable|GetValue|\benv)"
    r"[^\w\n]{1,4}([A-Z][A-Z0-9_]{2,})\b"
)
_ENVIRONMENT_MARKS = ("env", "ENV", "Env")
_ADDRESS_WORDS = frozenset({"topic", "queue", "channel", "exchange", "subject", "stream"})
_LIMIT = 500


class Constant(NamedTuple):
    """A name with the string that it stands for."""

    name: str
    value: str


def code_constants(text: str) -> Iterator[Constant]:
    """Simple assignments of a string, also as the default of an environment variable."""
    for found in islice(_ASSIGNED.finditer(text), _LIMIT):
        if name := _NAME_BEFORE.search(_line_before(text, found.start())):
            yield Constant(name[1], found[1])
    for found in islice(_MEMBER.finditer(text), _LIMIT):
        yield Constant(found[1], found[2])
    if any(mark in text for mark in _ENVIRONMENT_MARKS):
        yield from _variables(text)


def _variables(text: str) -> Iterator[Constant]:
    """Names that stand for environment variables, and for the defaults of such."""
    for found in _DEFAULTED.finditer(text):
        if assignee := _ASSIGNEE.search(_line_before(text, found.start())):
            yield Constant(assignee[1], found[1])
    for found in _READ.finditer(text):
        yield Constant(f"${found[1]}", f"${found[1]}")
        if assignee := _ASSIGNEE.search(_line_before(text, found.start())):
            yield Constant(assignee[1], f"${found[1]}")


def _line_before(text: str, offset: int) -> str:
    return text[max(0, offset - _LOOK_BEHIND) : offset].rpartition("\n")[2]


def settings_constants(path: str, text: str) -> Iterator[Constant]:
    """Keys of a properties or YAML file, nested ones with dots."""
    if path.endswith((".properties", ".env", ".ini")):
        for found in _PROPERTY.finditer(text):
            yield Constant(found[1], found[2].strip().strip("\"'"))
    elif path.endswith((".yml", ".yaml")):
        for document in yaml_documents(text):
            yield from _flat(document)


def _flat(document: object) -> Iterator[Constant]:
    waiting: list[tuple[str, object]] = [("", document)]
    for _ in range(_LIMIT):
        if not waiting:
            return
        name, value = waiting.pop()
        for key, inner in mapping(value).items():
            waiting.append((f"{name}.{key}" if name else str(key), inner))
        if name and isinstance(value, str):
            yield Constant(name, text_of(value))


class Constants:
    """Resolves references: within the same service first, else where all who use the name agree."""

    def __init__(self, found: Iterable[tuple[str | None, str, str, str]]) -> None:
        """Takes service, file stem, name and value of every constant; environment variables are named `$NAME`."""
        self._of: dict[tuple[str | None, str], set[str]] = {}
        self._everywhere: dict[str, set[str]] = {}
        for service, stem, name, value in found:
            bare = name.lstrip("_")
            for known in (f"{stem}.{bare}", bare):
                self._of.setdefault((service, known), set()).add(value)
                self._everywhere.setdefault(known, set()).add(value)

    def resolve(self, key: str, service: str | None) -> frozenset[str]:
        """What `=name` or `$NAME` may stand for; a name that nobody explains stays as it is."""
        if not key.startswith(("=", "$")):
            return frozenset({key})
        values = self._look_up(key, service) or self._variable_alike(key, service)
        behind = {far for value in values if value.startswith("$") for far in self._look_up(value, service)}
        return frozenset(values | behind) or frozenset({key})

    def _look_up(self, key: str, service: str | None) -> set[str]:
        parts = key.lstrip("=").split(".")
        for name in (".".join(parts), ".".join(parts[-2:]), parts[-1]):
            bare = name.lstrip("_")
            own = self._of.get((service, bare))
            agreed = self._everywhere.get(bare, set())
            if own or len(agreed) == 1:
                return own or agreed
        return set()

    def _variable_alike(self, key: str, service: str | None) -> set[str]:
        """The service's only environment variable that ends in the reference's last word: `Topic`, `KAFKA_TOPIC`."""
        words = tokens(key.rpartition(".")[2])
        if not words or words[-1] not in _ADDRESS_WORDS:
            return set()
        named = {name for owner, name in self._of if owner == service and name.startswith("$")}
        alike = {name for name in named if tokens(name)[-1:] == words[-1:]}
        return alike if len(alike) == 1 else set()
