"""The network of an agent that runs confined as a whole: its model, what a person listed, and nothing else."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

from hive.agents.catalog import ModelDoor
from hive.agents.holding import hold, led
from hive.agents.means import Means
from hive.agents.session import bounded
from hive.agents.telling import Tell
from hive.model import Assignment, ToolReturned
from hive.network.egress import egress
from hive.network.endpoints import chosen, endpoint, of_variables, registries
from hive.ports import Network

OPEN = "open"
"""In a person's setting `network`: no list at all."""


class WayOut(NamedTuple):
    """What a session is given of the network."""

    network: Network
    variables: dict[str, str]
    """The variables that were to be handed on, with stand-ins in place of the keys that a door holds."""


@asynccontextmanager
async def way_out(
    assignment: Assignment,
    means: Means,
    variables: Mapping[str, str],
    tell: Tell,
    *,
    doors: tuple[ModelDoor, ...] = (),
    hosts: tuple[str, ...] = (),
) -> AsyncIterator[WayOut]:
    """The way out of one session, open as long as it is; every refused host is told as a denied tool call.

    `variables` are what a person hands on: their keys and addresses decide which model may be reached.
    Raises UsageError when the setting `network` names something that is no host.
    """

    async def refused(what: str) -> None:
        await tell(ToolReturned(tool="network", outcome="denied", summary=bounded(what)))

    kept = hold(variables, doors, means.environ)
    listed = means.settings.network
    if OPEN in listed:
        async with led(kept, refused) as inside:
            yield WayOut("open", inside)
        return
    allowed = [*chosen(listed), *registries(assignment.network), *map(endpoint, hosts)]
    allowed += of_variables(kept.open)
    led_by = dict.fromkeys(kept.addresses, "{door}")
    async with egress(allowed, refused, upstreams=kept.upstreams, variables=led_by) as doorway:
        yield WayOut(doorway, kept.variables)
