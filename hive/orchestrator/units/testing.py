"""Evidence of a service's tests at a commit: run once, in a fresh export of what the service can see."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from hive.model import Evidence, Service
from hive.network.endpoints import registries
from hive.orchestrator.checks.inputs import inputs_digest
from hive.orchestrator.checks.request import CheckRequest
from hive.orchestrator.checks.runner import run_check
from hive.orchestrator.context import Context
from hive.orchestrator.visibility import Part, visible
from hive.state import RunState
from hive.workspaces.listing import listing

OUTPUT_LIMIT = 20 << 20
"""Bytes of a check's output that are kept."""


async def tests(
    ctx: Context, state: RunState, service: Service, commit: str, label: str, base: Evidence | None
) -> Evidence:
    """Reused when everything that the tests can see was tested before; `label` names the output's file."""
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
    if known := ctx.evidence.find(inputs):
        return known.model_copy(update={"service": service.name, "tree": tree})
    async with _place(ctx, state, f"{service.name}-{label}") as place:
        await asyncio.to_thread(ctx.objects.checkout, commit, place / "tree", list(seen))
        request = CheckRequest(
            check="tests",
            service=service.name,
            command=service.test,
            folder=place / "tree",
            service_path=service.path,
            tree=tree,
            inputs=inputs,
            timeout=state.policy.check_timeout,
            output=_output(ctx, state, f"{service.name}-{label}"),
            scratch=place / "private",
            mark=f"{state.id}/{service.name}/check",
            hidden=(ctx.layout.root,),
            network=ctx.check_network,
            reach=reach,
            base=base,
            output_limit=OUTPUT_LIMIT,
        )
        evidence = await run_check(request, ctx.sandbox)
    ctx.evidence.keep(evidence)
    return evidence


def _unrunnable(state: RunState, service: Service) -> str:
    if not service.test:
        return "the service has no test command"
    return "" if state.created.trusted else "the project's commands are not trusted yet (hive trust)"


def seen_by(ctx: Context, state: RunState, service: Service, commit: str) -> tuple[Part, ...]:
    """What of a commit the service's tests can see."""
    paths = [other.path for other in state.created.graph.services]
    return visible(lambda folder: listing(ctx.objects, commit, folder), service.path, paths)


@asynccontextmanager
async def _place(ctx: Context, state: RunState, name: str) -> AsyncIterator[Path]:
    place = ctx.layout.scratch(state.id) / name
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
