"""The application, put together; it refuses to exist with a route that anybody could use."""

from collections.abc import Collection
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.types import ASGIApp

from hive import __version__
from hive.dashboard.web import (
    asking,
    deciding,
    description,
    health,
    live,
    metrics,
    pages,
    problem,
    queueing,
    reading,
    reviewing,
    sessions,
    starting,
    steering,
    tail,
)
from hive.dashboard.web.access import Entry, refuse_unguarded
from hive.dashboard.web.bench import Bench
from hive.dashboard.web.guards import Guards
from hive.dashboard.web.hub import Hub

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Server:
    """How the application can be reached."""

    entry: Entry
    hosts: Collection[str] = LOOPBACK
    """Names that it answers for."""


def make_api(bench: Bench, server: Server, hub: Hub) -> FastAPI:
    """All routes, without the outermost guards. Raises UsageError for a route without authentication."""
    app = FastAPI(
        title="hive", version=__version__, docs_url=None, redoc_url=None, openapi_url=None,
        responses=problem.RESPONSES, generate_unique_id_function=description.name,
    )  # fmt: skip
    app.state.entry = server.entry
    app.state.bench = bench
    app.state.hub = hub
    app.state.desk = deciding.Desk(bench, hub)
    problem.install(app)
    description.install(app)
    for part in (
        health,
        pages,
        sessions,
        reading,
        queueing,
        asking,
        reviewing,
        deciding,
        steering,
        starting,
        tail,
        metrics,
        live,
    ):
        part.register(app)
    refuse_unguarded(app)
    return app


def make_app(bench: Bench, server: Server, hub: Hub) -> ASGIApp:
    """The whole application; whoever makes it runs the hub beside it."""
    return Guards(make_api(bench, server, hub), server.hosts)
