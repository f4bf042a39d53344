"""Services, contracts and dependencies of a repository, from its files alone: nothing is executed."""

from collections.abc import Iterator

from hive.discovery.agreements import agreements
from hive.discovery.apphost import apphost_deployments
from hive.discovery.calls import (
    copy_calls,
    mention_calls,
    needed_calls,
    setting_calls,
    stub_calls,
    stub_servers,
)
from hive.discovery.candidates import candidates
from hive.discovery.compose import compose_deployments
from hive.discovery.constants import Constants
from hive.discovery.deployment import Deployment
from hive.discovery.docker import dockerfiles
from hive.discovery.evidence import (
    call_contract,
    called,
    constants_of,
    declared_names,
    defined_in,
    event_contract,
    several_words,
    variables_of,
)
from hive.discovery.interfaces import interfaces
from hive.discovery.kubernetes import helm_values, kubernetes_deployments
from hive.discovery.languages import languages
from hive.discovery.links import Links
from hive.discovery.manifests import manifests, workspace_members
from hive.discovery.messaging import message_links
from hive.discovery.naming import Naming
from hive.discovery.ownership import Ownership, settings_owners
from hive.discovery.scan import scan
from hive.discovery.services import choose_units
from hive.discovery.skaffold import skaffold_deployments
from hive.discovery.sources import Sources
from hive.discovery.testing import Testing
from hive.model import Graph, Service
from hive.ports import Tree

__all__ = ["discover"]


def discover(tree: Tree) -> Graph:
    """The graph of a tree; what cannot be read or parsed is left out, and nothing raises."""
    sources = Sources(tree)
    built = list(manifests(sources))
    images = list(dockerfiles(sources))
    deployments = list(_deployments(sources))
    found = list(interfaces(sources))
    defined = frozenset(name for interface in found for name in interface.services)
    known = several_words([*(d.name for d in deployments), *(m.folder.rpartition("/")[2] for m in built)])
    facts = list(scan(sources, known, defined, [interface.path for interface in found]))
    entries = {fact.path: fact.entry for fact in facts if fact.entry}
    units = choose_units(sources, candidates(sources, built, images, deployments, entries), entries)
    ownership = Ownership(units, built)
    naming = Naming(units, declared_names(facts, ownership.strict))
    lent = settings_owners(units, [fact.path for fact in facts], called(units))

    def owner(path: str) -> str | None:
        return lent[path] if path in lent else ownership.owner(path)

    servers = stub_servers(facts, owner)
    agreed = agreements(found, ownership, servers, naming.by_name)
    calls, events = Links(), Links()
    stub_calls(calls, facts, owner, naming, defined_in(found, agreed))
    setting_calls(calls, events, units, variables_of(facts, owner), naming)
    mention_calls(calls, events, facts, owner, naming)
    copy_calls(calls, agreed, ownership.strict)
    message_links(calls, events, facts, owner, naming, Constants(constants_of(facts, units, owner)))
    needed_calls(calls, units, naming)
    spoken = languages(sources, units)
    testing = Testing(sources, built, workspace_members(sources))
    return Graph(
        services=tuple(
            Service(name=unit.name, path=unit.folder, language=spoken[unit.name], test=testing.command(unit))
            for unit in units
        ),
        contracts=agreed,
        edges=calls.edges(call_contract(agreed)),
        event_edges=events.edges(event_contract(agreed)),
    )


def _deployments(sources: Sources) -> Iterator[Deployment]:
    yield from compose_deployments(sources)
    yield from skaffold_deployments(sources)
    yield from kubernetes_deployments(sources)
    yield from apphost_deployments(sources)
    yield from helm_values(sources)
