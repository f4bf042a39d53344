"""The engine as a process: in the background, or inside a command for CI."""

import asyncio
import contextlib
import functools
import os
import signal
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from hive.cli.compose import Project
from hive.errors import UsageError
from hive.process import collect_seldom, seclude

if TYPE_CHECKING:
    from hive.orchestrator.context import Context
    from hive.orchestrator.herald import Herald
    from hive.orchestrator.tracer import Tracer


def make_context(project: Project) -> "Context":
    """Everything that units of work need."""
    from hive.agents.means import Means
    from hive.agents.registry import get
    from hive.network.endpoints import chosen
    from hive.orchestrator.context import Context
    from hive.orchestrator.runs import Runs
    from hive.ports import Agent
    from hive.store.cache import EvidenceCache
    from hive.workspaces.forge import at
    from hive.workspaces.remote import Remote
    from hive.workspaces.sandbox import Limits, find_sandbox
    from hive.workspaces.store import ObjectStore

    settings = project.settings
    limits = Limits(settings.memory_limit << 20, settings.process_limit, settings.file_limit << 20)
    objects = ObjectStore.open(project.layout.objects, project.user)
    sandbox = find_sandbox(project.settings.sandbox, readable=objects.borrowed(), limits=limits)
    means = Means(
        project.settings, os.environ, sandbox, hidden=(project.layout.root,), redactor=project.redactor
    )

    @functools.cache  # sessions of one adapter share what it holds, such as connections
    def agent(name: str) -> Agent:
        entry = get(name)
        if missing := entry.available():
            raise UsageError(f"the agent {name!r} cannot be used here: {missing}", next_step="hive agents")
        return entry.make(means)

    return Context(
        layout=project.layout,
        user=project.user,
        objects=objects,
        log=project.log,
        runs=Runs(project.log),
        evidence=EvidenceCache(project.database, project.redactor),
        sandbox=sandbox,
        agent=agent,
        check_network=project.settings.check_network or "open" in project.settings.network,
        reach=chosen(each for each in project.settings.network if each != "open"),
        push_hooks=project.settings.push_hooks,
        forge=lambda user, remote: at(Remote.open(user, remote), project.settings.forges, os.environ),
        budgets=means.budgets,
    )


def make_herald(project: Project) -> "Herald | None":
    """Who tells people outside hive; none when their settings name no address."""
    addresses = [address.get_secret_value() for address in project.settings.notify]
    if not addresses:
        return None
    from hive.orchestrator.herald import Herald, apprise_sender

    return Herald(apprise_sender(addresses), project.layout.root / "told.json")


def make_tracer(project: Project) -> "Tracer | None":
    """Who exports traces; none when the user's environment names no collector."""
    from hive.orchestrator.tracer import Tracer, otlp_exporter, wanted

    if not wanted(os.environ):
        return None
    return Tracer(project.log, otlp_exporter(), project.layout.root / "traced.json")


async def first_of(*works: Coroutine[Any, Any, None]) -> None:
    """Run them side by side until one ends; the others are cancelled, an error comes through."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def work_while(project: Project, showing: Callable[[], Coroutine[Any, Any, None]]) -> bool:
    """Work in this process until `showing` has seen enough; False, at once, when another process works already."""
    from hive.orchestrator.daemon import EngineRunningError, engine_lock
    from hive.orchestrator.durable import DbosDurable
    from hive.orchestrator.engine import Engine

    try:
        lock = contextlib.ExitStack()
        lock.enter_context(engine_lock(project.layout))
    except EngineRunningError:
        return False
    seclude()
    with lock:
        engine = Engine(
            make_context(project),
            DbosDurable(project.layout.engine_database),
            make_herald(project),
            make_tracer(project),
        )
        await first_of(showing(), engine.serve())
    return True


def serve(project: Project) -> None:
    """Work until there has been nothing to do for a while, or a signal says stop."""
    from hive.orchestrator.daemon import engine_lock
    from hive.orchestrator.durable import DbosDurable
    from hive.orchestrator.engine import Engine

    async def until_idle() -> None:
        engine = Engine(
            make_context(project),
            DbosDurable(project.layout.engine_database),
            make_herald(project),
            make_tracer(project),
        )
        serving = asyncio.create_task(engine.serve(project.settings.engine_idle))
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(sign, serving.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await serving

    seclude()
    collect_seldom()
    with engine_lock(project.layout):
        asyncio.run(until_idle())
