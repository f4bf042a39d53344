"""The session's transcript in hive's own folder, without secrets; read when the session's own copy is gone."""

import asyncio
import json
from pathlib import Path

from claude_agent_sdk.types import SessionKey, SessionStoreEntry

from hive.model import digest
from hive.redaction import Redactor

LARGEST = 64 << 20
"""Bytes of a transcript that are kept; of a longer one no more is added, and it is not read."""


class Transcripts:
    """What the SDK needs of a `SessionStore`, on files that no agent can reach."""

    def __init__(self, folder: Path, settings: Path, redactor: Redactor) -> None:
        self._folder = folder
        self._settings = settings
        self._redactor = redactor

    def holds(self, session: str) -> bool:
        """Whether the session can go on."""
        return self._own(session) or self._path({"project_key": "", "session_id": session}).exists()

    async def append(self, key: SessionKey, entries: list[SessionStoreEntry]) -> None:
        """Add what the session has just written down itself."""
        await asyncio.to_thread(self._append, self._path(key), entries)

    async def load(self, key: SessionKey) -> list[SessionStoreEntry] | None:
        """The transcript; none where the session's own copy is there, which is read by Claude Code itself."""
        if self._own(key["session_id"]):
            return None
        return await asyncio.to_thread(self._load, self._path(key))

    def _own(self, session: str) -> bool:
        return session.replace("-", "").isalnum() and any(self._settings.rglob(f"{session}.jsonl"))

    def _path(self, key: SessionKey) -> Path:
        name = "\0".join(str(key.get(part) or "") for part in ("session_id", "subpath"))
        return self._folder / f"transcript-{digest(name)[:32]}.jsonl"

    def _append(self, path: Path, entries: list[SessionStoreEntry]) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lines = "".join(self._redactor.text(json.dumps(entry)) + "\n" for entry in entries)
        if not path.exists() or path.stat().st_size + len(lines) <= LARGEST:
            with path.open("a", encoding="utf-8") as file:
                file.write(lines)

    @staticmethod
    def _load(path: Path) -> list[SessionStoreEntry] | None:
        try:
            if path.stat().st_size > LARGEST:
                return None
            return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        except (OSError, ValueError):
            return None
