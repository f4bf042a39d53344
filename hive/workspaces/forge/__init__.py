"""Pull requests: one Protocol, a dialect for each kind of forge."""

from hive.workspaces.forge.address import Address, address
from hive.workspaces.forge.choosing import at, choose
from hive.workspaces.forge.forge import Checks, Forge, Request, Seen, Wanted

__all__ = [
    "Address",
    "Checks",
    "Forge",
    "Request",
    "Seen",
    "Wanted",
    "address",
    "at",
    "choose",
]
