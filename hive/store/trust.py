"""Which of a project's commands a person allowed hive to run."""

from collections.abc import Sequence
from datetime import UTC, datetime

from hive.model import Graph, digest
from hive.store.database import Database
from hive.store.session import session
from hive.store.tables import Trust


def commands(graph: Graph) -> tuple[tuple[str, str], ...]:
    """What would be executed: service and command, sorted."""
    return tuple(sorted((service.name, service.test) for service in graph.services if service.test))


def fingerprint(graph: Graph) -> str:
    """Changes when any command changes, or what the project asks of the network, so that a person is asked again."""
    asked = ("network", *sorted(graph.network)) if graph.network else ()
    return digest(*(part for pair in commands(graph) for part in pair), *asked)


def _of_repositories(named: Sequence[tuple[str, str]]) -> str:
    return digest("repositories", *(part for pair in named for part in pair))


class TrustBook:
    """The record of what was trusted, kept where no agent can write."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def trusts(self, graph: Graph) -> bool:
        """Whether exactly these commands were allowed; a project that asks for nothing needs no trust."""
        if not commands(graph) and not graph.network:
            return True
        with session(self._database) as opened:
            return opened.get(Trust, fingerprint(graph)) is not None

    def trusts_repositories(self, named: Sequence[tuple[str, str]]) -> bool:
        """Whether a person agreed to work in exactly these repositories."""
        with session(self._database) as opened:
            return opened.get(Trust, _of_repositories(named)) is not None

    def trust_repositories(self, named: Sequence[tuple[str, str]], by: str) -> None:
        """Agree to these repositories."""
        with session(self._database, write=True) as opened:
            opened.merge(Trust(commands=_of_repositories(named), by=by, at=datetime.now(UTC)))

    def trust(self, graph: Graph, by: str) -> None:
        """Allow these commands."""
        with session(self._database, write=True) as opened:
            opened.merge(Trust(commands=fingerprint(graph), by=by, at=datetime.now(UTC)))
