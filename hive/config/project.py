"""The project's `hive.toml`: its shape, and reading it."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from hive.config.files import FILE, user_file
from hive.config.review import ReviewTable
from hive.config.user import first_problem
from hive.errors import UsageError
from hive.model import (
    REGISTRIES,
    Contract,
    ContractKind,
    Edge,
    Graph,
    LandingMode,
    Policy,
    QueuePolicy,
    Service,
)

USER_ONLY = frozenset(
    {
        "sandbox",
        "endpoint",
        "endpoints",
        "model",
        "models",
        "permission_mode",
        "permissions",
        "answer_timeout",
        "api_key",
        "base_url",
        "notify",
    }
)
"""Keys that choose endpoints, models, permissions or confinement: a repository must not decide them."""


def _inside(path: str) -> str:
    parts = Path(path).parts
    if Path(path).is_absolute() or ".." in parts or "\0" in path:
        raise ValueError(f"{path!r} leaves the repository; give a path inside it")
    return Path(path).as_posix()


RelativePath = Annotated[str, AfterValidator(_inside)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ProjectTable(_Table):
    """`[project]`"""

    name: Name
    """Shown on screens."""
    target: str | None = None
    """Branch that runs land on; the branch that is checked out when not given."""


class ServiceTable(_Table):
    """`[services.NAME]`"""

    path: RelativePath
    """Folder of the service."""
    language: str = "other"
    """For people and for hints to agents."""
    test: str | None = None
    """Command line that tests it, run in its folder, without a shell."""
    calls: dict[Name, str] | tuple[Name, ...] = ()
    """Services that it calls: a list, or a table with the contract of each."""
    events_to: tuple[Name, ...] = ()
    """Services that consume the events it publishes."""


class ContractTable(_Table):
    """`[contracts."PATH"]`"""

    kind: ContractKind
    """The format."""
    owner: Name | None = None
    """Service that provides it."""
    copies: tuple[RelativePath, ...] = ()
    """Vendored copies that change with it."""


class RunTable(_Table):
    """`[run]`"""

    max_parallel: int = Field(default=4, ge=1, le=256)
    """Agents and checks at a time."""
    rework_limit: int = Field(default=2, ge=0, le=20)
    """How often failing checks go back to the agent before a person is asked."""
    check_timeout: float = Field(default=900.0, gt=0)
    """Seconds after which a test command is stopped."""
    idle_timeout: float = Field(default=300.0, gt=0)
    """Seconds without a sign of life after which an agent is stopped."""
    turn_timeout: float = Field(default=3600.0, gt=0)
    """Seconds after which an agent's turn is stopped."""
    approve_compatible_proposals: bool = False
    """Whether an agent's proposal that only adds to a contract, and breaks nobody, is approved without asking."""


class QueueTable(_Table):
    """`[queue]`"""

    mode: Literal["auto", "speculate", "bisect"] = "auto"
    """Test each changeset on top of those ahead, or the union of many at once; `auto` bisects when checks are slow."""
    window: int = Field(default=20, ge=1, le=1000)
    """How many changesets may stand on each other at first; one more after each landing, half after a failure."""
    floor: int = Field(default=3, ge=1, le=1000)
    """What failures may bring that down to."""
    slow: float = Field(default=600.0, gt=0)
    """Seconds from which on checks are slow."""


class ChecksTable(_Table):
    """`[checks]`"""

    sealed_only: bool = False
    """Whether `--approve-all` approves only what results prove that tests cannot write themselves."""
    quarantine: tuple[Annotated[str, Field(pattern=r"^[^/:]+/[^/:]+(::\S.*)?$")], ...] = ()
    """Checks, as `service/check`, or single tests, as `service/check::group::name`, that fail without blocking."""


def _registry(name: str) -> str:
    if name not in REGISTRIES:
        known = ", ".join(REGISTRIES)
        raise ValueError(
            f"{name!r} is no registry of packages that hive knows ({known}); hosts are a person's choice"
        )
    return name


class NetworkTable(_Table):
    """`[network]`"""

    allow: tuple[Annotated[str, AfterValidator(_registry)], ...] = ()
    """Registries that tests and agents need; they get them once a person has trusted the project."""


class LandingTable(_Table):
    """`[landing]`"""

    mode: LandingMode = "local"
    """Where a changeset lands: your own branch, the remote's, or a pull request."""
    remote: str = Field(default="origin", pattern=r"^[A-Za-z0-9_][A-Za-z0-9._/-]{0,99}$")
    """Name of a remote of your repository; its address is yours to choose, not the file's."""


class RepositoryTable(_Table):
    """`[repositories.NAME]`"""

    path: str
    """Folder of the repository, relative to this file."""
    target: str | None = None
    """Branch that runs land on in it; the project's, else the one that is checked out."""


class ProjectConfig(_Table):
    """The whole of `hive.toml`."""

    project: ProjectTable
    services: dict[Name, ServiceTable] = {}
    contracts: dict[RelativePath, ContractTable] = {}
    run: RunTable = RunTable()
    review: ReviewTable = ReviewTable()
    queue: QueueTable = QueueTable()
    checks: ChecksTable = ChecksTable()
    network: NetworkTable = NetworkTable()
    landing: LandingTable = LandingTable()
    repositories: dict[Name, RepositoryTable] = {}

    def graph(self) -> Graph:
        """The services, contracts and edges that the file tells."""
        services = tuple(
            Service(name=name, path=table.path, language=table.language, test=table.test)
            for name, table in self.services.items()
        )
        contracts = tuple(
            Contract(path=path, kind=table.kind, owner=table.owner, copies=table.copies)
            for path, table in self.contracts.items()
        )
        calls = tuple(
            Edge(source=name, target=target, contract=contract or None, evidence=FILE)
            for name, table in self.services.items()
            for target, contract in _calls(table).items()
        )
        events = tuple(
            Edge(source=name, target=target, evidence=FILE)
            for name, table in self.services.items()
            for target in table.events_to
        )
        return Graph(
            services=services,
            contracts=contracts,
            edges=calls,
            event_edges=events,
            network=self.network.allow,
        )

    def policy(self) -> Policy:
        """The run settings as a policy, before flags."""
        return Policy(
            **self.run.model_dump(),
            landing=self.landing.mode,
            remote=self.landing.remote,
            queue=QueuePolicy(**self.queue.model_dump()),
            quarantine=self.checks.quarantine,
            sealed_only=self.checks.sealed_only,
        )


def _calls(table: ServiceTable) -> dict[str, str]:
    return table.calls if isinstance(table.calls, dict) else dict.fromkeys(table.calls, "")


def parse_project(text: str, where: str = FILE) -> ProjectConfig:
    """Read a `hive.toml`. Raises UsageError with the key and the reason."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{where} is not TOML: {error}", next_step=f"correct {where} and try again"
        ) from error
    _refuse_user_keys(raw, where)
    try:
        config = ProjectConfig.model_validate(raw)
    except ValidationError as error:
        raise UsageError(
            f"{where}: {first_problem(error)}", next_step=f"correct {where} and try again"
        ) from error
    _refuse_unknown_services(config, where)
    return config


def _refuse_user_keys(raw: dict[str, Any], where: str) -> None:
    for table in (raw, *(value for value in raw.values() if isinstance(value, dict))):
        for key in sorted(USER_ONLY & table.keys()):
            if isinstance(table[key], dict) and table is not raw:
                continue  # a service may be named `model`
            raise UsageError(
                f"{where} sets {key!r}, which only a person may choose, not a repository",
                next_step=f"remove {key!r} from {where} and set it in your own {user_file()}",
            )


def _refuse_unknown_services(config: ProjectConfig, where: str) -> None:
    named = {
        (name, f"services.{s}") for s, t in config.services.items() for name in (*_calls(t), *t.events_to)
    }
    named |= {(name.partition("/")[0], f"checks.quarantine {name!r}") for name in config.checks.quarantine}
    named |= {(table.owner, f"contracts.{path!r}") for path, table in config.contracts.items() if table.owner}
    named |= {(name, "review.services") for name in config.review.services}
    for name, place in sorted(named, key=str):
        if name not in config.services:
            known = ", ".join(sorted(config.services)) or "none"
            raise UsageError(
                f"{where}: {place} names the service {name!r}, which is not in the file (known: {known})",
                next_step=f"add [services.{name}] or correct the name",
            )
