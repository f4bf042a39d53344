"""Settings of an agent's tool that a repository carries: with them it could run commands or take the key."""

import os
from collections.abc import Iterable
from pathlib import Path

from hive.model import Assignment


def foreign_settings(assignment: Assignment, names: Iterable[str]) -> tuple[Path, ...]:
    """Those that the tool would find from the service's folder upwards, as far as the workspace goes."""
    workspace = Path(assignment.workspace)
    folder = workspace / assignment.service.path
    within = [each for each in (folder, *folder.parents) if each.is_relative_to(workspace)]
    wanted = tuple(names)
    return tuple(each / name for each in within for name in wanted if os.path.lexists(each / name))
