"""Durable execution on DBOS: the only module that knows it.

A unit of work is one DBOS workflow of one step, named by its key: submitting a key twice does the work once, and
work that was under way when its process died is done again from its start. DBOS holds no events and no results;
the event log does. How its traps are met (each seen in DBOS 3.4):

- the default serializer is pickle: ours is JSON;
- the default version is a hash of the code, so that an upgrade would strand work: ours is a constant;
- two processes with one executor id run each other's live work: ours is unique, and `recover` takes over the work of
  the dead only while the caller holds the project's lock;
- cancelling does not interrupt a running step: the engine cancels the task itself.
"""

import contextlib
import json
import logging
import os
import secrets
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

Handler = Callable[[str], Awaitable[None]]
ADOPTED = "adopted"
"""Queue through which the work of a dead process comes back."""
VERSION = "hive-units-1"
"""Raised on purpose when units of an older hive cannot be taken over."""


class Durable(Protocol):
    """Runs units of work to their end, whatever happens to the process."""

    async def launch(self, handler: Handler) -> None:
        """Begin; `handler` does the work of a key and may be called again for the same key after a crash."""
        ...

    async def submit(self, key: str) -> None:
        """Have the work of a key done: at once, again if its process died, never twice at a time."""
        ...

    async def close(self) -> None:
        """Stop; unfinished work stays for the next launch."""
        ...


class InlineDurable:
    """Implements `Durable` without any durability, for tests and for trying out."""

    def __init__(self) -> None:
        import asyncio

        self._group = asyncio.TaskGroup()
        self._seen: set[str] = set()
        self._handler: Handler | None = None

    async def launch(self, handler: Handler) -> None:
        """Begin."""
        self._handler = handler
        await self._group.__aenter__()

    async def submit(self, key: str) -> None:
        """Do the work in a task."""
        if key not in self._seen and self._handler:
            self._seen.add(key)
            self._group.create_task(self._handler(key))  # type: ignore[arg-type]

    async def close(self) -> None:
        """Wait for what is under way."""
        await self._group.__aexit__(None, None, None)


class JsonSerializer:
    """DBOS's serializer interface over JSON; nothing but text goes through it."""

    def serialize(self, data: Any) -> str:  # noqa: ANN401
        """To JSON; an exception becomes its text."""
        return json.dumps(data, default=repr)

    def deserialize(self, serialized_data: str) -> Any:  # noqa: ANN401
        """From JSON."""
        return json.loads(serialized_data)

    def name(self) -> str:
        """Stored beside every value."""
        return "hive_json"


class DbosDurable:
    """Implements `Durable` on DBOS over SQLite."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._executor = f"{os.uname().nodename}-{os.getpid()}-{secrets.token_hex(4)}"
        self._start: Callable[[str], Awaitable[None]] | None = None

    async def launch(self, handler: Handler) -> None:
        """Begin. The caller holds the project's lock, so whatever is pending belongs to the dead."""
        from dbos import DBOS, SetWorkflowID

        logging.getLogger("dbos").setLevel(logging.ERROR)
        DBOS(config=self._config())  # type: ignore[arg-type]

        @DBOS.workflow(name="unit")
        async def unit(key: str) -> None:
            await DBOS.run_step_async({"name": "work"}, handler, key)

        DBOS.launch()
        await self._adopt()

        async def start(key: str) -> None:
            with SetWorkflowID(key):
                await DBOS.start_workflow_async(unit, key)

        self._start = start

    async def submit(self, key: str) -> None:
        """Have the work of a key done."""
        if self._start is None:
            raise RuntimeError("submit before launch")
        await self._start(key)

    async def close(self) -> None:
        """Let go; pending work stays pending."""
        from dbos import DBOS

        with contextlib.suppress(Exception):  # whatever the library says at its end, its records are on disk
            DBOS.destroy(workflow_completion_timeout_sec=0, destroy_registry=True)

    async def _adopt(self) -> None:
        from dbos import DBOS

        pending = await DBOS.list_workflows_async(
            status=["PENDING", "ENQUEUED"], load_input=False, load_output=False
        )
        if pending:
            await DBOS.register_queue_async(ADOPTED, polling_interval_sec=0.1)
            await DBOS.resume_workflows_async([w.workflow_id for w in pending], queue_name=ADOPTED)

    def _config(self) -> dict[str, Any]:
        from sqlalchemy import create_engine, event

        engine = create_engine(f"sqlite:///{self._path}", connect_args={"timeout": 30})

        @event.listens_for(engine, "connect")
        def _configure(connection: Any, _record: object) -> None:  # noqa: ANN401
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = NORMAL")
            cursor.close()

        return {
            "name": "hive",
            "system_database_url": f"sqlite:///{self._path}",
            "system_database_engine": engine,
            "serializer": JsonSerializer(),
            "application_version": VERSION,
            "executor_id": self._executor,
            "log_level": "ERROR",
            "notification_listener_polling_interval_sec": 1.0,
            "enable_otlp": False,
        }
