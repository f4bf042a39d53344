"""How a command starts behind a door: the forwarder first, which becomes the command."""

import sys
from collections.abc import Sequence

from hive.network import forwarder
from hive.ports import Doorway, Network


def through(argv: Sequence[str], network: Network) -> list[str]:
    """The argv, by way of the forwarder where the network is a door."""
    if not isinstance(network, Doorway):
        return list(argv)
    variables = (f"{name}={value}" for name, value in network.variables.items())
    return [sys.executable, "-IS", str(forwarder.__file__), str(network.socket), *variables, "--", *argv]
