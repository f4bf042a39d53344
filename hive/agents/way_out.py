"""The network of an agent that runs confined as a whole: its model, what a person listed, and nothing else."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

from hive.agents.catalog import ModelDoor
from hive.agents.means import Means
from hive.agents.session import bounded
from hive.agents.telling import Tell
from hive.model import Assignment, ToolReturned
from hive.network.egress import Upstream, egress
from hive.network.endpoints import chosen, endpoint, of_variables, registries
from hive.ports import Network

HELD = "held-by-hive"
"""Stands in the agent's environment where its key would be."""
OPEN = "open"
"""In a person's setting `network`: no list at all."""


class WayOut(NamedTuple):
    """What a session is given of the network."""

    network: Network
    variables: dict[str, str]
    """The variables that were to be handed on, without the key that the door adds."""


@asynccontextmanager
async def way_out(
    assignment: Assignment,
    means: Means,
    variables: Mapping[str, str],
    tell: Tell,
    *,
    door: ModelDoor | None = None,
    hosts: tuple[str, ...] = (),
) -> AsyncIterator[WayOut]:
    """The way out of one session, open as long as it is; every refused host is told as a denied tool call.

    `variables` are what a person hands on: their keys and addresses decide which model may be reached.
    Raises UsageError when the setting `network` names something that is no host.
    """
    listed = means.settings.network
    if OPEN in listed:
        yield WayOut("open", dict(variables))
        return

    async def refused(what: str) -> None:
        await tell(ToolReturned(tool="network", outcome="denied", summary=bounded(what)))

    upstream, kept, inside = None, dict(variables), {}
    if door is not None and kept.get(door.key):
        address = kept.pop(door.base_url, "") or door.address
        upstream = Upstream(address, {door.header: f"{door.prefix}{kept[door.key]}"})
        kept[door.key] = HELD
        inside[door.base_url] = "{door}"
    allowed = [*chosen(listed), *registries(assignment.network), *map(endpoint, hosts)]
    reach = {name: value for name, value in kept.items() if value != HELD}
    allowed += of_variables(reach)
    async with egress(allowed, refused, upstream=upstream, variables=inside) as doorway:
        yield WayOut(doorway, kept)
