"""What a check is run on."""

from dataclasses import dataclass
from pathlib import Path

from hive.model import Evidence
from hive.network.endpoints import Endpoint


@dataclass(frozen=True)
class CheckRequest:
    """One command to run on an exported tree."""

    check: str
    service: str | None
    command: str | None
    folder: Path
    """Root of a plain export of `tree`, made for this check alone; the check may write in it."""
    service_path: str
    """Where the command runs, relative to `folder`, posix; `.` is the root."""
    tree: str
    inputs: str
    timeout: float
    output: Path
    """File for the whole log, outside everything that the check can write."""
    scratch: Path
    """Private folder for HOME, temporary files, caches and results."""
    mark: str
    """What the processes of the check carry in `hive.process.MARK`, extended by the check's name."""
    hidden: tuple[Path, ...] = ()
    network: bool = False
    """Whether the command may reach the network: the user's choice, never the project's."""
    reach: tuple[Endpoint, ...] = ()
    """What it may reach where the network is not open."""
    base: Evidence | None = None
    """The same check without the change, for comparison."""
    output_limit: int = 8 << 20
    """Bytes of the log that are kept."""
