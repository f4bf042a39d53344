"""The actions that change files, never outside the workspace."""

import shutil
from pathlib import Path

from hive.agents.scripted.actions import Append, Delete, Symlink, Write
from hive.agents.scripted.stage import Stage
from hive.agents.session import bounded
from hive.model import FileEdited


def edited(action: Write | Append | Delete | Symlink, stage: Stage) -> FileEdited:
    """Change one file. Raises HiveError outside the workspace, OSError when the file system refuses."""
    match action:
        case Write():
            where = _with_parents(stage.target(action.path))
            where.write_bytes(action.text.encode())
        case Append():
            where = _with_parents(stage.target(action.path))
            with where.open("ab") as file:
                file.write(action.text.encode())
        case Delete():
            where = stage.entry(action.path)
            _delete(where)
        case Symlink():
            where = _with_parents(stage.entry(action.path))
            where.symlink_to(action.target)
    path = where.relative_to(stage.workspace.resolve()).as_posix()
    return FileEdited(path=bounded(path), summary=action.do)


def _with_parents(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
