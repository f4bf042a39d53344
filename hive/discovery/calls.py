"""Who calls whom, from addresses, stubs, named clients and copies of contracts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from hive.discovery.addresses import address_mentions
from hive.discovery.deployment import Setting
from hive.discovery.facts import Facts, Mention
from hive.discovery.links import HOST, LITERAL, NAME, PORT, SETTING, STUB, WEAK, Links, Owner
from hive.discovery.names import tokens
from hive.discovery.naming import Naming
from hive.discovery.unit import Unit
from hive.model import Contract

_STRENGTH = {"host": HOST, "literal": LITERAL, "name": NAME, "port": PORT}
_VALUE_LIMIT = 2000


def mention_calls(calls: Links, events: Links, facts: Iterable[Facts], owner: Owner, naming: Naming) -> None:
    """Hosts, names and local ports that a service's own files speak of."""
    for fact in facts:
        source = owner(fact.path)
        for mention in fact.mentions if source else ():
            target = _target(mention, naming)
            links = events if mention.event and not _is_about_events(target) else calls
            links.add(source, target, f"{fact.path}:{mention.line}", _STRENGTH[mention.form])


def _target(mention: Mention, naming: Naming) -> str | None:
    match mention.form:
        case "host" | "literal":
            return naming.by_host(mention.text)
        case "name":
            return naming.by_tail(mention.text)
        case "port":
            return naming.by_port(mention.text)


def _is_about_events(service: str | None) -> bool:
    """A service called `events` is asked for them, not told."""
    return service is not None and not {"event", "events", "webhook", "webhooks"}.isdisjoint(tokens(service))


def setting_calls(
    calls: Links,
    events: Links,
    units: Sequence[Unit],
    variables: Mapping[str, frozenset[str]],
    naming: Naming,
) -> None:
    """Addresses that deployments hand to a service."""
    for unit in units:
        from_deployments = [setting for deployment in unit.deployments for setting in deployment.settings]
        from_images = [setting for file in unit.dockerfiles for setting in file.settings]
        for setting in (*from_deployments, *from_images):
            if not setting.shared or setting.name in variables.get(unit.name, frozenset()):
                for mention, target in _targets(setting, naming):
                    links = events if mention.event and not _is_about_events(target) else calls
                    links.add(unit.name, target, setting.where, SETTING)


def _targets(setting: Setting, naming: Naming) -> Iterator[tuple[Mention, str | None]]:
    value = setting.value.strip()
    if not value or len(value) > _VALUE_LIMIT:
        return
    for mention in address_mentions(f"{setting.name} = {value}", settings=True):
        templated = "$" in value or "{" in value
        if mention.form == "host" or (mention.form == "name" and templated):
            yield mention, _target(mention, naming)


def stub_calls(
    calls: Links, facts: Sequence[Facts], owner: Owner, naming: Naming, defined_in: Mapping[str, str]
) -> None:
    """gRPC clients to whoever serves the same gRPC service; one that several serve is left to addresses."""
    servers = stub_servers(facts, owner)
    for fact in facts:
        for stub in fact.stubs:
            if stub.role == "client":
                serving = servers.get(stub.service) or frozenset(filter(None, [naming.by_name(stub.service)]))
                if len(serving) == 1:
                    where = f"{fact.path}:{stub.line}"
                    calls.add(
                        owner(fact.path), next(iter(serving)), where, STUB, defined_in.get(stub.service)
                    )


def stub_servers(facts: Iterable[Facts], owner: Owner) -> dict[str, frozenset[str]]:
    """Who serves each gRPC service."""
    found: dict[str, set[str]] = {}
    for fact in facts:
        for stub in fact.stubs:
            if stub.role == "server" and (service := owner(fact.path)):
                found.setdefault(stub.service, set()).add(service)
    return {name: frozenset(services) for name, services in found.items()}


def needed_calls(calls: Links, units: Sequence[Unit], naming: Naming) -> None:
    """Start order and links of deployments: weak, and only for services about which nothing better is known."""
    known = calls.sources()
    for unit in units:
        if unit.name not in known:
            for deployment in unit.deployments:
                for name, where in deployment.needs:
                    calls.add(unit.name, naming.by_host(name), where, WEAK)


def copy_calls(calls: Links, contracts: Iterable[Contract], home: Owner) -> None:
    """Who keeps a copy of another one's HTTP contract generates a client from it."""
    for contract in contracts:
        for copy in contract.copies if contract.kind in ("openapi", "graphql") else ():
            calls.add(home(copy), contract.owner, f"{copy}:1", NAME, contract.path)
