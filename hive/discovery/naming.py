"""Every name under which each service is known, and who is meant by one."""

from collections.abc import Callable, Iterable, Mapping
from posixpath import basename

from hive.discovery.names import compact, core, host, shared_prefix
from hive.discovery.unit import Unit

_TOO_COMMON = frozenset(
    {"service", "server", "api", "app", "http", "grpc", "base", "main", "test", "db", "host", "local", "data"}
)


class Naming:
    """Resolves hosts and identifiers to services; what several services share names none of them."""

    def __init__(self, units: Iterable[Unit], declared: Mapping[str, Iterable[str]]) -> None:
        """`declared` are names that a service gives itself, such as `spring.application.name`."""
        units = list(units)
        prefix = shared_prefix([unit.name for unit in units])
        primary = {unit.name: [unit.name, basename(unit.folder)] for unit in units}
        deployed = {
            unit.name: [name for d in unit.deployments if d.kind != "values" for name in (d.name, *d.hosts)]
            for unit in units
        }
        own = {
            unit.name: [*declared.get(unit.name, ()), *(m.name.rpartition("/")[2] for m in unit.manifests)]
            for unit in units
        }
        self._prefix = prefix
        self._hosts = _table([_hosts(primary), _hosts(deployed), _hosts(own)])
        self._compact = _table([_styled(names, compact) for names in (primary, deployed, own)])
        self._cores = _table(
            [_styled(names, lambda name: core(name, prefix)) for names in (primary, deployed, own)]
        )
        self._ports = _table(
            [{unit.name: {str(port) for d in unit.deployments for port in d.ports} for unit in units}]
        )

    def by_host(self, text: str) -> str | None:
        """The service behind a host name, with or without its cluster's or namespace's suffix."""
        plain = host(text)
        found = self._hosts.get(plain) or self._compact.get(compact(plain))
        if found is None and "." in plain:
            found = (
                self._hosts.get(plain.partition(".")[0]) if plain.count(".") == 1 or "svc" in text else None
            )
        return found

    def by_name(self, identifier: str) -> str | None:
        """The service that an identifier speaks about, such as `ORDER_SERVICE` or `ordersApi`."""
        return self._compact.get(compact(identifier)) or self._cores.get(core(identifier, self._prefix))

    def by_tail(self, identifier: str) -> str | None:
        """As `by_name`, also with leading words of no matter: `RETAIL_UI_ENDPOINTS_ORDERS`."""
        parts = identifier.replace("-", "_").split("_")
        for start in range(len(parts)):
            found = self.by_name("_".join(parts[start:]))
            if found:
                return found
        return None

    def by_port(self, port: str) -> str | None:
        """The only service that publishes a local port."""
        return self._ports.get(port)


def _hosts(names: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    return {service: {host(name) for name in listed if name} for service, listed in names.items()}


def _styled(names: Mapping[str, Iterable[str]], style: Callable[[str], str]) -> dict[str, set[str]]:
    styled = {service: {style(name) for name in listed if name} for service, listed in names.items()}
    return {
        service: {name for name in found if name not in _TOO_COMMON and len(name) > 1}
        for service, found in styled.items()
    }


def _table(ranks: list[dict[str, set[str]]]) -> dict[str, str]:
    """One owner per name: a better rank wins, two owners of one rank cancel out."""
    table: dict[str, str] = {}
    for rank in ranks:
        owners: dict[str, set[str]] = {}
        for service, names in rank.items():
            for name in names:
                owners.setdefault(name, set()).add(service)
        for name, services in owners.items():
            if len(services) == 1:
                table.setdefault(name, next(iter(services)))
    return table
