"""Folders that an agent could write in: looked at without following links, removed without trust."""

import os
import shutil
import stat
import sys
from collections.abc import Callable
from pathlib import Path


def is_real_folder(folder: Path) -> bool:
    """Whether a folder itself, not a link to one, is there."""
    try:
        return stat.S_ISDIR(folder.lstat().st_mode)
    except OSError:
        return False


def living_in(folder: Path) -> tuple[int, ...]:
    """Processes whose current folder lies in `folder` (Linux; empty elsewhere)."""
    inside = []
    for entry in Path("/proc").glob("[0-9]*") if sys.platform == "linux" else ():
        try:
            where = os.readlink(entry / "cwd")  # noqa: PTH115 - a Path would drop " (deleted)" semantics
        except OSError:
            continue
        if Path(where).is_relative_to(folder):
            inside.append(int(entry.name))
    return tuple(sorted(inside))


def remove_tree(folder: Path) -> None:
    """Remove a folder that somebody may have made unreadable; links are removed, never followed."""

    def unlock(action: Callable[..., object], path: str, _: object) -> None:
        parent = Path(path).parent
        for place in (parent, Path(path)):
            if place.is_relative_to(folder) and not place.is_symlink():
                place.chmod(0o700)
        if action in (os.scandir, os.open, os.lstat):
            shutil.rmtree(path)
        else:
            action(path)

    if folder.is_symlink():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder, onerror=unlock)
