"""Putting the parts of a project together: the only composition root."""

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hive.cli.origins import Found, claims, find
from hive.config import FILE, UserSettings, load_user
from hive.errors import NeedsPerson, UsageError
from hive.model import Graph
from hive.orchestrator.layout import Layout
from hive.orchestrator.runs import Runs
from hive.redaction import Redactor, secrets_in, secrets_of
from hive.store import Database, SqlEventLog

if TYPE_CHECKING:
    from hive.config.project import ProjectConfig
    from hive.orchestrator.controls import LogControls
    from hive.workspaces.origin import Origin


@dataclass(frozen=True)
class Project:
    """A project as commands use it."""

    user: "Origin"
    settings: UserSettings
    layout: Layout
    database: Database
    log: SqlEventLog
    runs: Runs
    redactor: Redactor
    """What keeps secrets out of all that is written down."""

    @property
    def controls(self) -> "LogControls":
        """What a person can do to its runs."""
        from hive.orchestrator.controls import LogControls

        return LogControls(self.log, self.runs)

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


@contextmanager
def open_project(
    path: Path | None = None, *, found: Found | None = None, agreed: bool = True, to_work: bool = True
) -> Iterator[Project]:
    """The project around a folder. Raises UsageError outside a git repository.

    Several repositories are worked with only when a person has agreed to exactly those; `agreed` is False for the
    commands that ask for it. `to_work` is False for those that only read what is recorded: they ask less of git.
    """
    settings = load_user()
    user, layout = found or find(path or Path.cwd(), settings, to_work=to_work)
    layout.make()
    database = Database.open(layout.database, settings.lock_patience)
    redactor = _redactor(user, settings)
    log = SqlEventLog(database, redactor=redactor)
    runs = Runs(log)
    try:
        if agreed:
            _refuse_strangers(user, database)
        yield Project(user, settings, layout, database, log, runs, redactor)
    finally:
        database.close()


def _redactor(user: "Origin", settings: UserSettings) -> Redactor:
    """Knows the secrets of the user's environment, settings and `.env` files."""
    roots = {user.root, *(repository.root for repository in user.repositories.values())}
    own = [settings.key(os.environ), *secrets_of(os.environ)]
    return Redactor(own, lambda: [secret for root in roots for secret in secrets_in(root)])


def _refuse_strangers(user: "Origin", database: Database) -> None:
    named = claims(user)
    if not named:
        return
    from hive.store.trust import TrustBook

    if not TrustBook(database).trusts_repositories(named):
        folders = ", ".join(repr(str(repository.root)) for repository in user.repositories.values())
        raise NeedsPerson(
            f"{str(user.root / FILE)!r} reaches out for other repositories: {folders}",
            next_step="`hive trust` allows hive to read them and to land in them",
        )


def read_config(user: "Origin") -> "ProjectConfig | None":
    """The checkout's `hive.toml`, if there is one."""
    from hive.config.project import parse_project

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
