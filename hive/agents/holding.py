"""Keys that hive holds for a session: the agent's program finds stand-ins, and hive's proxy at its model's address."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

from hive.agents.catalog import ModelDoor
from hive.network.egress import Refused, loopback
from hive.network.upstream import Upstream, proxy_of


class Held(NamedTuple):
    """What a session is handed on, and what stays here."""

    variables: dict[str, str]
    """With stand-ins in place of the keys that are held, and without the addresses of their models."""
    open: dict[str, str]
    """Those of them that are nobody's stand-in."""
    addresses: tuple[str, ...]
    """Variables in which the proxy's own address belongs."""
    upstreams: tuple[Upstream, ...]


def hold(variables: Mapping[str, str], doors: Iterable[ModelDoor], environ: Mapping[str, str]) -> Held:
    """Take the keys out of what is handed on; `environ` says through which proxy of the person's models are reached."""
    kept = dict(variables)
    upstreams: list[Upstream] = []
    addresses = []
    for door in doors:
        address = kept.get(door.base_url) or door.address
        keys = [name for name in door.keys if kept.get(name)]
        if not address or not keys:
            continue
        kept.pop(door.base_url, None)
        addresses.append(door.base_url)
        via, trusted = proxy_of(address, environ), environ.get("NODE_EXTRA_CA_CERTS", "")
        for name in keys:
            upstream = Upstream(address, kept[name].strip(), via=via, trusted=trusted)
            upstreams.append(upstream)
            kept[name] = upstream.stand_in
    stand_ins = {each.stand_in for each in upstreams}
    open_to_it = {name: value for name, value in kept.items() if value not in stand_ins}
    return Held(kept, open_to_it, tuple(addresses), tuple(upstreams))


@asynccontextmanager
async def led(held: Held, refused: Refused) -> AsyncIterator[dict[str, str]]:
    """The variables of a program with a network of its own; the proxy is there as long as the session is."""
    if not held.upstreams:
        yield dict(held.variables)
        return
    async with loopback(held.upstreams, refused) as address:
        yield held.variables | dict.fromkeys(held.addresses, address)
