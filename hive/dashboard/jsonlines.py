"""Events for programs: one JSON object per line and nothing else."""

from collections.abc import Iterable
from typing import TextIO

from hive.events import Envelope


def json_line(envelope: Envelope) -> str:
    """The envelope as one line of JSON, also for readers that split at every Unicode line separator."""
    return envelope.model_dump_json().translate(_SEPARATORS)


_SEPARATORS = {code: f"\\u{code:04x}" for code in (0x7F, 0x85, 0x2028, 0x2029)}


class JsonLinesWriter:
    """Writes every event as it comes."""

    def __init__(self, out: TextIO) -> None:
        self.out = out

    def write(self, envelopes: Iterable[Envelope]) -> None:
        """Write and flush once."""
        for envelope in envelopes:
            self.out.write(json_line(envelope) + "\n")
        self.out.flush()
