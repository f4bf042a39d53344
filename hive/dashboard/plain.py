"""Progress for files, pipes and CI logs: one line for each event that means something."""

from collections.abc import Iterable
from datetime import tzinfo
from typing import TextIO

from hive.dashboard.lines import line
from hive.events import Envelope, RunCreated
from hive.text import one_line

NARROWEST = 8
WIDEST = 24


def plain(envelope: Envelope, *, zone: tzinfo | None = None, width: int = NARROWEST) -> str | None:
    """`[12:01:07] users    tests passed: 14 passed in 0.8s`, in local time unless a zone is given."""
    said = line(envelope.event)
    if said is None:
        return None
    if isinstance(envelope.event, RunCreated):
        said = f"run {one_line(envelope.run)}: {said}"
    who = one_line(envelope.service or "hive", WIDEST)
    return f"[{envelope.at.astimezone(zone):%H:%M:%S}] {who:<{width}} {said}"


class PlainWriter:
    """Writes the lines of one run as its events come; the column is as wide as its longest service name."""

    def __init__(self, out: TextIO, *, zone: tzinfo | None = None) -> None:
        self.out = out
        self.zone = zone
        self.width = NARROWEST

    def write(self, envelopes: Iterable[Envelope]) -> None:
        """Write and flush once; a name that the output's encoding lacks is shown escaped."""
        for envelope in envelopes:
            if isinstance(envelope.event, RunCreated):
                names = (len(service.name) for service in envelope.event.graph.services)
                self.width = min(max(names, default=NARROWEST), WIDEST)
                self.width = max(self.width, NARROWEST)
            text = plain(envelope, zone=self.zone, width=self.width)
            if text is not None:
                encoding = self.out.encoding or "utf-8"
                self.out.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        self.out.flush()
