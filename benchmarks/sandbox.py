"""What confinement adds to one command: `true`, bare and in the sandbox of this machine."""

import asyncio
import tempfile
from pathlib import Path

from benchmarks.measure import Ratio, compare, timed
from hive.network.egress import egress
from hive.ports import Confinement, Network
from hive.process import run as run_process
from hive.process import trimmed_environment
from hive.workspaces.sandbox import Limits, find_sandbox

ROUNDS = 40
LIMITS = Limits(8 << 30, 1024, 4 << 30)


def run() -> list[Ratio]:
    """None where no sandbox works."""
    if find_sandbox().name == "none":
        print("no sandbox works here: its cost cannot be measured")
        return []
    return asyncio.run(_measured())


async def _measured() -> list[Ratio]:
    async def never(what: str) -> None:
        raise AssertionError(what)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with egress((), never) as door:
            return [
                _compared("confined command", "the sandbox, no network", folder, Limits(), "none"),
                _compared("confined and limited command", "the same, with limits", folder, LIMITS, "none"),
                _compared(
                    "command with a list of hosts",
                    "the same, with limits and a list of hosts",
                    folder,
                    LIMITS,
                    door,
                ),
            ]


def _compared(name: str, what: str, folder: Path, limits: Limits, network: Network) -> Ratio:
    box = find_sandbox(limits=limits)
    allow = Confinement(writable=(folder,), network=network)

    def confined() -> None:
        argv = box.wrap(["true"], cwd=folder, allow=allow)
        done = run_process(argv, cwd=folder, env=trimmed_environment())
        assert done.ok, done.stderr
        box.met(argv, done.code)

    def bare() -> None:
        run_process(["true"], cwd=folder, env=trimmed_environment())

    return compare(
        name,
        (f"`true` in {what}", lambda _: timed(confined)),
        ("`true`", lambda _: timed(bare)),
        rounds=ROUNDS,
    )
