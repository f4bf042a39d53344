"""Names of services as people write them: folders, hosts, environment variables, class names."""

import re
from functools import lru_cache

_TOKEN = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_KIND_WORDS = frozenset(
    {
        "service",
        "services",
        "svc",
        "srv",
        "server",
        "api",
        "app",
        "ms",
        "microservice",
        "backend",
        "http",
        "grpc",
        "rest",
    }
)
_KIND_SUFFIXES = ("microservice", "services", "service", "server", "svc", "api")
_UNSAFE = re.compile(r"[^a-z0-9._-]+")
_SHORTEST_CORE = 2


@lru_cache(maxsize=65536)
def tokens(name: str) -> tuple[str, ...]:
    """`OrderHistory_service-v2` as `order history service v 2`."""
    return tuple(token.lower() for token in _TOKEN.findall(name))


def compact(name: str) -> str:
    """All letters and digits in lower case: spelling styles fall together."""
    return "".join(tokens(name))


def singular(word: str) -> str:
    """A good-enough English singular; only ever compared with another result of itself."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


@lru_cache(maxsize=65536)
def core(name: str, prefix: tuple[str, ...] = ()) -> str:
    """What a name is about: without the project's `prefix`, words such as `service`, and the plural."""
    parts = list(tokens(name))
    if prefix and tuple(parts[: len(prefix)]) == prefix and len(parts) > len(prefix):
        parts = parts[len(prefix) :]
    while len(parts) > 1 and parts[-1] in _KIND_WORDS:
        parts.pop()
    joined = "".join(parts)
    for suffix in _KIND_SUFFIXES:
        if joined.endswith(suffix) and len(joined) - len(suffix) >= _SHORTEST_CORE:
            joined = joined[: -len(suffix)]
            break
    return singular(joined)


def shared_prefix(names: list[str]) -> tuple[str, ...]:
    """The words that most of the names start with, such as a product's name; none for fewer than three names."""
    split = [tokens(name) for name in names]
    best: tuple[str, ...] = ()
    for candidate in sorted({parts[:size] for parts in split for size in (1, 2, 3) if len(parts) > size}):
        carriers = sum(
            parts[: len(candidate)] == candidate and len(parts) > len(candidate) for parts in split
        )
        if carriers >= 3 and carriers * 3 >= len(split) * 2 and len(candidate) > len(best):
            best = candidate
    return best


def host(text: str) -> str:
    """A host name as it is compared: lower case, hyphens, without the cluster's domain."""
    plain = text.lower().replace("_", "-").rstrip(".")
    for domain in (".svc.cluster.local", ".svc", ".internal", ".local"):
        plain = plain.removesuffix(domain)
    return plain


def safe(text: str) -> str:
    """A name that can stand in file names, branches and command lines; empty when nothing is left."""
    return _UNSAFE.sub("-", text.lower()).strip("-._")[:80]


def unique(wanted: str, taken: set[str], fallback: str) -> str:
    """The wanted name, else one made longer with its parent folder, else one with a number."""
    base = safe(wanted) or "service"
    parent = safe(fallback)
    for candidate in (base, f"{parent}-{base}" if parent else base):
        if candidate not in taken:
            return candidate
    number = 2
    while f"{base}-{number}" in taken:
        number += 1
    return f"{base}-{number}"
