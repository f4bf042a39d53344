"""Putting the parts of a project together: the only composition root."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hive.config import FILE, ProjectConfig, UserSettings, load_user, parse_project
from hive.errors import UsageError
from hive.model import Graph
from hive.orchestrator.controls import LogControls
from hive.orchestrator.layout import Layout
from hive.orchestrator.runs import Runs
from hive.redaction import Redactor, secrets_in, secrets_of
from hive.store import Database, SqlEventLog
from hive.workspaces.repository import UserRepository


@dataclass(frozen=True)
class Project:
    """A project as commands use it."""

    user: UserRepository
    settings: UserSettings
    layout: Layout
    database: Database
    log: SqlEventLog
    runs: Runs
    controls: LogControls
    redactor: Redactor
    """What keeps secrets out of all that is written down."""

    @property
    def name(self) -> str:
        """The folder's name, for people."""
        return self.user.root.name


def person() -> str:
    """Who gives the command, as far as the system knows."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def layout_of(user: UserRepository, settings: UserSettings) -> Layout:
    """Where a project's state is: one folder per repository, however one gets there."""
    return Layout(settings.state_root() / f"{user.root.name}-{user.identity[:12]}")


@contextmanager
def open_project(path: Path | None = None) -> Iterator[Project]:
    """The project around a folder. Raises UsageError outside a git repository."""
    settings = load_user()
    user = UserRepository.open(path or Path.cwd())
    layout = layout_of(user, settings)
    layout.make()
    database = Database.open(layout.database, settings.lock_patience)
    redactor = _redactor(user, settings)
    log = SqlEventLog(database, redactor=redactor)
    runs = Runs(log)
    try:
        yield Project(user, settings, layout, database, log, runs, LogControls(log, runs), redactor)
    finally:
        database.close()


def _redactor(user: UserRepository, settings: UserSettings) -> Redactor:
    """Knows the secrets of the user's environment, settings and `.env` files."""
    own = [settings.key(os.environ), *secrets_of(os.environ), *secrets_in(user.root)]
    return Redactor(own)


def read_config(user: UserRepository) -> ProjectConfig | None:
    """The checkout's `hive.toml`, if there is one."""
    path = user.root / FILE
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(
            f"cannot read {str(path)!r}: {error.strerror}", next_step="correct its permissions"
        ) from error
    try:
        return parse_project(raw.decode(), FILE)
    except UnicodeDecodeError as error:
        raise UsageError(f"{FILE} is not UTF-8: {error.reason}", next_step="save it as UTF-8") from error


def graph_of(project: Project, commit: str) -> Graph:
    """What `hive.toml` says, or what discovery finds at that commit. Raises UsageError when there is no service."""
    config = read_config(project.user)
    graph = config.graph() if config else discover_commit(project, commit)
    if not graph.services:
        raise UsageError(
            f"no services found in {str(project.user.root)!r}",
            next_step=f"describe them in {FILE}: `hive init` writes one to start from",
        )
    return graph


def discover_commit(project: Project, commit: str) -> Graph:
    """What discovery finds at a commit, remembered by the id of its tree."""
    from hive import __version__
    from hive.discovery import discover
    from hive.workspaces.tree import GitTree

    tree = project.user.git.text("rev-parse", "--verify", f"{commit}^{{tree}}")
    known = project.layout.root / "graphs" / f"{tree}-{__version__}.json"
    if known.exists():
        return Graph.model_validate_json(known.read_bytes())
    graph = discover(GitTree(project.user.git, commit))
    known.parent.mkdir(mode=0o700, exist_ok=True)
    part = known.with_suffix(".part")
    part.write_text(graph.model_dump_json())
    part.replace(known)
    return graph
