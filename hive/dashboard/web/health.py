"""Up or down, for whatever watches processes: the only routes that ask for no key, and they tell nothing else."""

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from hive.dashboard.web import problem


def register(app: FastAPI) -> None:
    """Add the routes."""

    @app.get("/health/live", tags=["health"])
    async def live() -> Response:
        """The server answers."""
        return JSONResponse({"status": "live"})

    @app.get("/health/ready", tags=["health"])
    async def ready() -> Response:
        """The server has read the log and follows it."""
        if not app.state.hub.ready.is_set():
            return problem.answer(503, "the event log is still being read", "ask again in a second")
        return JSONResponse({"status": "ready"})
