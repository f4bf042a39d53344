"""Evidence of a service's tests at a commit: run once, in a fresh export of what the service can see."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from hive.model import Evidence, Service
from hive.network.endpoints import registries
from hive.orchestrator.checks.inputs import inputs_digest
from hive.orchestrator.checks.quarantine import excused, flaked
from hive.orchestrator.checks.request import CheckRequest
from hive.orchestrator.checks.runner import run_check
from hive.orchestrator.context import Context
from hive.orchestrator.visibility import Part, visible
from hive.state import RunState
from hive.workspaces.listing import listing

OUTPUT_LIMIT = 20 << 20
"""Bytes of a check's output that are kept."""


async def tests(
    ctx: Context,
    state: RunState,
    service: Service,
    commit: str,
    label: str,
    base: Evidence | None,
    *,
    queued: int | None,
    patience: float | None = None,  # noqa: PT028 - no test of ours
) -> Evidence:
    """Reused when everything that the tests can see was tested before; `label` names the output's file.

    `queued` is a changeset's place in the merge queue: its checks share the project's executors, and one that fails
    is repeated once. `patience` is for those who cannot wait as long as the policy allows. Tests in quarantine alone
    do not make a check red.
    """
    tree = await asyncio.to_thread(ctx.objects.tree_of, commit)
    if reason := _unrunnable(state, service):
        return Evidence(
            check="tests",
            service=service.name,
            outcome="unverified",
            reason=reason,
            tree=tree,
            command=service.test or "",
        )
    parts = await asyncio.to_thread(seen_by, ctx, state, service, commit)
    seen = {part.path: part.oid for part in parts}
    reach = (*ctx.reach, *registries(state.created.graph.network))
    network = "open" if ctx.check_network else " ".join(sorted(map(str, reach)))
    inputs = inputs_digest("tests", service.test, seen, {"sandbox": ctx.sandbox.name, "network": network})
    request = CheckRequest(
        check="tests",
        service=service.name,
        command=service.test,
        folder=_folder(ctx, state, service, label) / "tree",
        service_path=service.path,
        tree=tree,
        inputs=inputs,
        timeout=min(patience or state.policy.check_timeout, state.policy.check_timeout),
        output=_output(ctx, state, f"{service.name}-{label}"),
        scratch=_folder(ctx, state, service, label) / "private",
        mark=f"{ctx.layout.home(state.id, service.name)}/check",
        hidden=(ctx.layout.root,),
        network=ctx.check_network,
        reach=reach,
        base=base,
        output_limit=OUTPUT_LIMIT,
    )
    run = _Run(ctx, request, commit, tuple(seen), state.policy.quarantine)
    if queued is None:
        return excused(await run.once(), run.quarantine)
    async with ctx.executors.alone(inputs):
        return excused(await run.twice(queued, state.policy.max_parallel), run.quarantine)


@dataclass(frozen=True)
class _Run:
    """A check that is known already, or is run."""

    ctx: Context
    request: CheckRequest
    commit: str
    seen: tuple[str, ...]
    quarantine: tuple[str, ...]

    def known(self) -> Evidence | None:
        found = self.ctx.evidence.find(self.request.inputs)
        now = {"service": self.request.service, "tree": self.request.tree}
        return found.model_copy(update=now) if found else None

    async def once(self) -> Evidence:
        """Run it, unless it is known."""
        return self.known() or self._keep(await self._run())

    async def twice(self, place: int, size: int) -> Evidence:
        """Run it, unless it is known; a failure that was seen only once may be a flake."""
        first = self.known()
        if first and (not self._red(first) or first.retried):
            return first
        async with self.ctx.executors.slot(place, size):
            first = first or await self._run()
            if not self._red(first):
                return self._keep(first)
            second = await self._run()
        again = {"retried": (first.reason,), "flaked": flaked(first, second)}
        return self._keep(second.model_copy(update=again))

    def _red(self, evidence: Evidence) -> bool:
        return excused(evidence, self.quarantine).outcome == "failed"

    def _keep(self, evidence: Evidence) -> Evidence:
        self.ctx.evidence.keep(evidence)
        return evidence

    async def _run(self) -> Evidence:
        async with _place(self.request.folder.parent) as place:
            await asyncio.to_thread(self.ctx.objects.checkout, self.commit, place / "tree", list(self.seen))
            return await run_check(self.request, self.ctx.sandbox)


def _unrunnable(state: RunState, service: Service) -> str:
    if not service.test:
        return "the service has no test command"
    return "" if state.created.trusted else "the project's commands are not trusted yet (hive trust)"


def seen_by(ctx: Context, state: RunState, service: Service, commit: str) -> tuple[Part, ...]:
    """What of a commit the service's tests can see."""
    paths = [other.path for other in state.created.graph.services]
    return visible(lambda folder: listing(ctx.objects, commit, folder), service.path, paths)


def _folder(ctx: Context, state: RunState, service: Service, label: str) -> Path:
    return ctx.layout.scratch(state.id) / f"{service.name}-{label}"


@asynccontextmanager
async def _place(place: Path) -> AsyncIterator[Path]:
    await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)
    place.mkdir(mode=0o700, parents=True)
    try:
        yield place
    finally:
        await asyncio.to_thread(shutil.rmtree, place, ignore_errors=True)


def _output(ctx: Context, state: RunState, name: str) -> Path:
    folder = ctx.layout.outputs(state.id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{name}.log"
