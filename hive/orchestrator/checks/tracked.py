"""Which files of an exported tree a check changes."""

import os
from collections.abc import Iterator
from pathlib import Path

from hive.text import one_line

Stamp = tuple[int, int, int]
_SHOWN = 3


def snapshot(folder: Path) -> dict[str, Stamp]:
    """Every file of a fresh export, by relative path; links are not followed."""
    return {
        os.path.relpath(entry.path, folder): _stamp(entry.stat(follow_symlinks=False))
        for entry in _files(folder)
    }


def _files(folder: Path) -> Iterator["os.DirEntry[str]"]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(Path(entry.path))
            else:
                yield entry


def _stamp(info: os.stat_result) -> Stamp:
    return info.st_size, info.st_mtime_ns, info.st_mode


def changed(folder: Path, before: dict[str, Stamp]) -> list[str]:
    """Paths of the snapshot that are not as they were, sorted."""
    return sorted(path for path, stamp in before.items() if _now(folder / path) != stamp)


def _now(path: Path) -> Stamp | None:
    try:
        return _stamp(path.lstat())
    except OSError:
        return None


def warning(paths: list[str]) -> tuple[str, ...]:
    """The remark for a reviewer, when there is anything to remark."""
    if not paths:
        return ()
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return (f"changed tracked files: {', '.join(one_line(path) for path in paths[:_SHOWN])}{more}",)
