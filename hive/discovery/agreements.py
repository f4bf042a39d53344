"""Contract files of a project put together: originals, their vendored copies, and who provides them."""

from collections.abc import Callable, Iterable, Mapping
from posixpath import basename, dirname

from hive.discovery.interfaces import Interface
from hive.discovery.names import compact, tokens
from hive.discovery.ownership import Ownership
from hive.model import Contract

Named = Callable[[str], str | None]
"""Whom a name means."""
_COPY_SHARE = 0.8
_FEWEST_LINES = 3
_RENAMED_LINES = 20
"""Small schemas of different names may well say the same by chance."""
_ABOUT_NOTHING = frozenset(
    {
        "openapi",
        "swagger",
        "asyncapi",
        "api",
        "apis",
        "spec",
        "schema",
        "schemas",
        "json",
        "yaml",
        "yml",
        "proto",
    }
    | {
        "protos",
        "graphql",
        "avro",
        "events",
        "event",
        "contract",
        "contracts",
        "v",
        "rest",
        "http",
        "docs",
        "src",
    }
    | {
        "main",
        "resources",
        "messages",
        "message",
        "protobuf",
        "pb",
        "definitions",
        "static",
        "public",
        "web",
        "grpc",
    }
)


def agreements(
    found: Iterable[Interface], ownership: Ownership, servers: Mapping[str, frozenset[str]], named: Named
) -> tuple[Contract, ...]:
    """Originals with their owners and copies, in path order; `servers` says who serves each gRPC service."""
    made = []
    for group in _groups(found, ownership):
        names = {service for member in group for service in member.services}
        providers = frozenset(provider for name in names for provider in servers.get(name, ()))
        largest = max(len(member.lines) for member in group)
        original = min(group, key=lambda one: _rank(one, largest, ownership, providers, named))
        copies = tuple(sorted(member.path for member in group if member is not original))
        owner = _owner(original, ownership, providers, named)
        made.append(Contract(path=original.path, kind=original.kind, owner=owner, copies=copies))
    return tuple(sorted(made, key=lambda contract: contract.path))


def _groups(found: Iterable[Interface], ownership: Ownership) -> list[list[Interface]]:
    """Each contract with its copies, the largest file first."""
    groups: list[list[Interface]] = []
    alike: dict[tuple[str, object], list[list[Interface]]] = {}
    for interface in sorted(found, key=lambda one: (-len(one.lines), one.path)):
        traits = _traits(interface)
        near = (group for trait in traits for group in alike.get(trait, ()))
        group = next((group for group in near if _is_copy(interface, group[0], ownership)), None)
        if group is None:
            group = []
            groups.append(group)
            for trait in traits:
                alike.setdefault(trait, []).append(group)
        group.append(interface)
    return groups


def _traits(one: Interface) -> list[tuple[str, object]]:
    """What a file shares with its copies, one of them at least."""
    found: list[tuple[str, object]] = [("name", basename(one.path))]
    if one.package:
        found.append(("package", one.package))
    if one.title:
        found.append(("title", one.title))
    if len(one.lines) >= _RENAMED_LINES:
        found.append(("lines", one.lines))
    return found


def _is_copy(one: Interface, other: Interface, ownership: Ownership) -> bool:
    if one.kind != other.kind or len(one.lines) < _FEWEST_LINES:
        return False
    if len(one.lines & other.lines) < _COPY_SHARE * len(one.lines):
        return False
    return _place(one.path, ownership) != _place(other.path, ownership)


def _place(path: str, ownership: Ownership) -> str:
    """Copies live with different services, or one of them lives with none."""
    return ownership.strict(path) or "/" + dirname(path)


def _rank(
    one: Interface, largest: int, ownership: Ownership, providers: frozenset[str], named: Named
) -> tuple[bool, int, int, str]:
    """A whole file for all is the original before the provider's own, and that before a consumer's."""
    whole = len(one.lines) >= _COPY_SHARE * largest
    service = ownership.strict(one.path)
    if service is None:
        place = 0 if ownership.is_shared(one.path) else 3
    else:
        known = providers if one.services and providers else {_about(one, named)}
        place = 1 if service in known else 2
    return (not whole, place, one.path.count("/"), one.path)


def _owner(one: Interface, ownership: Ownership, providers: frozenset[str], named: Named) -> str | None:
    if one.services and providers:
        return next(iter(providers)) if len(providers) == 1 else None
    return _about(one, named) or ownership.strict(one.path)


def _about(one: Interface, named: Named) -> str | None:
    """The service that the file's name, else its title, else its folders from the inside out speak of.

    Spring Cloud contracts lie in their provider's folder, by consumer: there the folders are asked from the outside.
    """
    folders = dirname(one.path).split("/")
    words = (basename(one.path).rpartition(".")[0], one.title, *reversed(folders))
    for text in folders if one.kind == "spring-cloud-contract" else words:
        about = "-".join(
            token for token in tokens(text) if token not in _ABOUT_NOTHING and not token.isdigit()
        )
        if compact(about) and (service := named(about)):
            return service
    return None
