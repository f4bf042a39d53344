"""Messages to send, one JSON object per line; the mail relay picks them up from there."""

import json
import threading
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Message:
    to: str
    subject: str
    html: str


class Outbox:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def add(self, message: Message) -> None:
        with self._lock, self._path.open("a") as file:
            file.write(json.dumps(asdict(message)) + "\n")

    def messages(self) -> list[Message]:
        lines = self._path.read_text().splitlines() if self._path.exists() else []
        return [Message(**json.loads(line)) for line in lines]
