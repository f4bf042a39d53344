"""What the scanned files mean once the services are known: names, variables, constants, contracts of a pair."""

from collections.abc import Callable, Iterable, Iterator

from hive.discovery.facts import Facts
from hive.discovery.interfaces import Interface
from hive.discovery.links import Owner
from hive.discovery.names import compact, host
from hive.discovery.unit import Unit
from hive.model import Contract

_OWN_NAMES = frozenset(
    {
        "spring.application.name",
        "quarkus.application.name",
        "micronaut.application.name",
        "eureka.instance.appname",
    }
)


def several_words(names: Iterable[str]) -> frozenset[str]:
    """The names that are distinctive enough to be recognised as plain strings."""
    return frozenset(name.lower() for name in names if any(sign in name.strip("-_.") for sign in "-_."))


def declared_names(facts: Iterable[Facts], home: Owner) -> dict[str, list[str]]:
    """Names that services give themselves in their settings."""
    found: dict[str, list[str]] = {}
    for fact in facts:
        for name, value in fact.constants:
            if name in _OWN_NAMES and (service := home(fact.path)):
                found.setdefault(service, []).append(value)
    return found


def called(units: Iterable[Unit]) -> dict[str, str]:
    """Services by every name that they are deployed under."""
    return {
        compact(host(name)): unit.name
        for unit in units
        for name in (*(d.name for d in unit.deployments), unit.name)
    }


def variables_of(facts: Iterable[Facts], owner: Owner) -> dict[str, frozenset[str]]:
    """Names in the spelling of environment variables, by service."""
    found: dict[str, set[str]] = {}
    for fact in facts:
        if service := owner(fact.path):
            found.setdefault(service, set()).update(fact.variables)
    return {service: frozenset(names) for service, names in found.items()}


def constants_of(
    facts: Iterable[Facts], units: Iterable[Unit], owner: Owner
) -> Iterator[tuple[str | None, str, str, str]]:
    """Service, file stem, name and value of every constant in code, settings and deployments."""
    for fact in facts:
        stem = fact.path.rpartition("/")[2].partition(".")[0]
        for name, value in fact.constants:
            yield owner(fact.path), stem, name, value
    for unit in units:
        for deployment in unit.deployments:
            for setting in deployment.settings:
                if setting.value:
                    yield unit.name, "", f"${setting.name}", setting.value


def defined_in(found: Iterable[Interface], contracts: Iterable[Contract]) -> dict[str, str]:
    """The contract that defines each gRPC service."""
    originals = {path: contract.path for contract in contracts for path in (contract.path, *contract.copies)}
    defined: dict[str, str] = {}
    for interface in found:
        for name in interface.services:
            defined.setdefault(name, originals[interface.path])
    return defined


def call_contract(contracts: Iterable[Contract]) -> Callable[[str, str], str | None]:
    """The contract of a call: the only one that its target owns."""
    owned: dict[str, list[str]] = {}
    for contract in contracts:
        if contract.owner and contract.kind in ("openapi", "protobuf", "graphql"):
            owned.setdefault(contract.owner, []).append(contract.path)
    return lambda _, target: owned[target][0] if len(owned.get(target, ())) == 1 else None


def event_contract(contracts: Iterable[Contract]) -> Callable[[str, str], str | None]:
    """The contract of an event: the only AsyncAPI document of its publisher, else of the whole project."""
    documents = [contract for contract in contracts if contract.kind == "asyncapi"]

    def find(source: str, _: str) -> str | None:
        own = [contract.path for contract in documents if contract.owner == source]
        candidates = own or [contract.path for contract in documents]
        return candidates[0] if len(candidates) == 1 else None

    return find
