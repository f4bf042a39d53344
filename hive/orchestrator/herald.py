"""Tells people outside hive what they should know: by whatever services their own settings name."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from hive.errors import UsageError
from hive.orchestrator.notices import Notice, Told, notices
from hive.state import RunState

_log = logging.getLogger(__name__)
Send = Callable[[Notice], None]
"""Deliver one message; slow, so it is called in a thread. Raises OSError when nobody took it."""


class Herald:
    """Remembers in a small file what was told, so that a new engine does not tell it again."""

    def __init__(self, send: Send, memory: Path) -> None:
        self._send = send
        self._memory = memory
        self._told: Told = _read(memory)
        self._sending: set[asyncio.Task[None]] = set()

    def look(self, states: Iterable[RunState]) -> None:
        """Tell what is new about the runs, beside what the engine does."""
        found, told = notices(states, self._told)
        if told != self._told:
            self._told = told
            _write(self._memory, told)
        for notice in found:
            task = asyncio.ensure_future(self._deliver(notice))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def close(self) -> None:
        """Wait for what is on its way."""
        await asyncio.gather(*self._sending, return_exceptions=True)

    async def _deliver(self, notice: Notice) -> None:
        try:
            await asyncio.to_thread(self._send, notice)
        except OSError as error:  # nothing of a run depends on it
            _log.warning("run %s: nobody could be told: %s", notice.run, error)


def apprise_sender(addresses: Sequence[str]) -> Send:
    """Sends by Apprise: Slack, ntfy, a webhook and many more. Raises UsageError for what it cannot use."""
    try:
        import apprise
    except ImportError as error:
        raise UsageError(
            "notifications need the package 'apprise'", next_step="pip install 'hive-orchestrator[notify]'"
        ) from error
    services = apprise.Apprise()
    for number, address in enumerate(addresses, 1):
        if not services.add(address):  # never shown: an address holds its secret
            kind = address.partition("://")[0] if "://" in address else "no address"
            raise UsageError(
                f"notify: number {number} ({kind[:20]!r}) is no address of a service that can be told",
                next_step="take one from the list at https://appriseit.com/services/",
            )

    def send(notice: Notice) -> None:
        if not services.notify(
            title=notice.title,
            body=notice.body,
            body_format=apprise.NotifyFormat.TEXT,
            interpret_escapes=False,
        ):
            raise OSError("a service did not take the message")

    return send


def _read(path: Path) -> Told:
    try:
        told = json.loads(path.read_bytes())
        return {str(run): frozenset(map(str, keys)) for run, keys in told.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _write(path: Path, told: Told) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps({run: sorted(keys) for run, keys in told.items()}))
    part.replace(path)
