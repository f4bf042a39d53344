"""Which project a folder belongs to: one repository, or the several that a `hive.toml` names."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hive.config import FILE, UserSettings
from hive.errors import UsageError
from hive.orchestrator.layout import Layout
from hive.workspaces.repository import UserRepository

if TYPE_CHECKING:
    from hive.config.project import RepositoryTable
    from hive.workspaces.composed import Member
    from hive.workspaces.origin import Origin


class Found(NamedTuple):
    """A project's user side, and where hive keeps its state."""

    origin: "Origin"
    layout: Layout


def find(path: Path, settings: UserSettings, *, to_work: bool = True) -> Found:
    """The project around a folder. Raises UsageError when there is none, or it is `to_work` with and that cannot be."""
    home = _home(path.absolute())
    if home is None:
        user = UserRepository.open(path, to_work=to_work)
        return Found(user, Layout(settings.state_root() / f"{user.root.name}-{user.identity[:12]}"))
    from hive.config.project import parse_project

    config = parse_project((home / FILE).read_text(), str(home / FILE))
    return several(home, config.repositories, config.project.target, settings, to_work=to_work)


def several(
    root: Path,
    tables: Mapping[str, "RepositoryTable"],
    target: str | None,
    settings: UserSettings,
    *,
    to_work: bool = True,
) -> Found:
    """The project of the repositories that a `hive.toml` in `root` names, or would name."""
    from hive.workspaces.composed import Composed, identity_of

    layout = Layout(settings.state_root() / f"{root.name}-{identity_of(root)[:12]}")
    members = tuple(_member(root, name, table, target, to_work=to_work) for name, table in tables.items())
    return Found(Composed.open(root, members, layout.objects), layout)


def _member(
    root: Path, name: str, table: "RepositoryTable", target: str | None, *, to_work: bool
) -> "Member":
    from hive.workspaces.composed import Member

    place = Path(os.path.normpath(root / Path(table.path).expanduser()))
    try:
        user = UserRepository.open(place, to_work=to_work)
    except UsageError as error:
        raise UsageError(f"repository {name!r}: {error.message}", next_step=error.next_step) from error
    if user.root != place.resolve():
        raise UsageError(
            f"repository {name!r}: {str(place)!r} is a folder inside {str(user.root)!r}",
            next_step="name the root of the repository; a service is a folder of it",
        )
    branch = table.target or target or user.current_branch()
    if branch is None:
        raise UsageError(
            f"repository {name!r}: no branch is checked out in {str(place)!r}",
            next_step=f'check one out, or set `target = "main"` under [repositories.{name}] in {FILE}',
        )
    return Member(name, user, branch)


def _home(path: Path) -> Path | None:
    """The nearest folder whose `hive.toml` names repositories; another person's file is not looked at."""
    for folder in (path, *path.parents):
        file = folder / FILE
        if file.is_file() and file.stat().st_uid in (os.getuid(), 0):
            try:
                named = tomllib.loads(file.read_text()).get("repositories")
            except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError):
                return None  # whoever reads it for what it says will tell what is wrong with it
            return folder.resolve() if named else None
        if (folder / ".git").exists():
            return None
    return None


def claims(origin: "Origin") -> tuple[tuple[str, str], ...]:
    """The repositories that a project reaches out for, as a person agrees to them: name and folder."""
    return tuple(sorted((name, str(user.common_dir)) for name, user in origin.repositories.items() if name))
